/** How much room one replication leaves below an objective's limit. Screening and maxima of single
 * replications ask this; verdicts over replications are `judgeObjectives`' affair. */
import { holds } from '../../objectives/condition-holds.ts';
import { goalOf } from '../../objectives/judge/goal-of.ts';
import type { Objective, ObjectiveMeasure } from '../../objectives/objective.ts';

/** Room as a share of the limit: 0.2 is a fifth below (or above, where more is better) it, less
 * than 0 misses it. Null where nothing was measured and the objective does not mind; minus infinity
 * where it does. Objectives of windows are about the share of windows, recoveries about the
 * time. */
export function roomOf(objective: Objective, measure: ObjectiveMeasure | undefined): number | null {
  const value = measure?.value ?? null;
  if (value === null) return objective.onNoData === 'fail' ? Number.NEGATIVE_INFINITY : null;
  const goal = goalOf(objective);
  // A limit of 0 has no shares: room is then counted in its unit.
  const scale = goal.limit === 0 ? 1 : Math.abs(goal.limit);
  const distance = Math.abs(value - goal.limit) / scale;
  if (!holds(goal, value)) return -Math.max(distance, Number.EPSILON);
  return goal.comparison === '==' ? 0 : distance;
}

/** Whether a replication meets all objectives that fail a run. */
export function holdsIn(
  objectives: readonly Objective[],
  measures: readonly ObjectiveMeasure[],
): boolean {
  return objectives.every((objective) => {
    if (objective.severity !== 'fail') return true;
    const room = roomOf(objective, measureOf(objective, measures));
    return room === null || room >= 0;
  });
}

/** What a replication says of an objective. */
export function measureOf(
  { text }: Objective,
  measures: readonly ObjectiveMeasure[],
): ObjectiveMeasure | undefined {
  return measures.find(({ objective }) => objective === text);
}
