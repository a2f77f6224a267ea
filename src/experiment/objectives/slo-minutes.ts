/** Minutes in which objectives were missed, whichever: what an evening's users suffered, as one
 * number. Spec: M100. */
import { US_PER_MINUTE } from '../../kernel/time.ts';
import type { FinishedRun } from './measure/finished-run.ts';
import type { Stretch } from './measure/scopes.ts';
import { judgedWindows } from './measure-objectives.ts';
import type { SloMinutes } from './objective.ts';

/** Measures it. Windows of several objectives that overlap count once. */
export function sloMinutes(run: FinishedRun): SloMinutes {
  const objectives = run.world.scenario.objectives.filter(({ windows }) => windows !== null);
  if (objectives.length === 0) return {};
  const windows = objectives.flatMap((objective) => judgedWindows(run, objective));
  const missed = windows.filter(({ holds }) => !holds);
  return { sloMinutes: { missed: minutesOf(missed), of: minutesOf(windows) } };
}

/** Length of the union. */
function minutesOf(stretches: readonly Stretch[]): number {
  const sorted = [...stretches].sort((a, b) => a.fromUs - b.fromUs || a.toUs - b.toUs);
  let coveredUs = 0;
  let untilUs = Number.NEGATIVE_INFINITY;
  for (const { fromUs, toUs } of sorted) {
    coveredUs += Math.max(0, toUs - Math.max(fromUs, untilUs));
    untilUs = Math.max(untilUs, toUs);
  }
  return coveredUs / US_PER_MINUTE;
}
