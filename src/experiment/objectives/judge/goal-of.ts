/** What a verdict compares: the condition's own limit, or the share of windows that must hold, or
 * the time within which it must hold again. */
import { expressionDimension } from '../metrics/term-dimension.ts';
import type { Condition, Objective } from '../objective.ts';

/** A comparison with a limit. */
export type ObjectiveGoal = Pick<Condition, 'comparison' | 'limit' | 'unit'>;

/** The goal of an objective. */
export function goalOf({ condition, windows, recovery }: Objective): ObjectiveGoal {
  if (recovery !== null) return { comparison: '<=', limit: recovery.withinUs, unit: 's' };
  if (windows !== null) return { comparison: '>=', limit: windows.share, unit: '%' };
  return condition;
}

/** The unit that values are shown in: of a bare ratio none, of durations one that reads well. */
export function shownUnit(objective: Objective): string {
  const { unit } = goalOf(objective);
  const isDuration = expressionDimension(objective.condition.expression) === 'duration';
  return isDuration && unit === 'us' ? 'ms' : unit;
}
