/** Runs a trial: the world is wired, invariants watch it event by event, and what they found is
 * told. An error of the caller is thrown; a broken invariant of our own is a finding. Spec: T5. */
import type { World } from '../../experiment/assemble.ts';
import type { FaultTally } from '../../experiment/faults/board/fault-board.ts';
import { EngineError, InvariantError } from '../../kernel/errors.ts';
import type { Finding, Invariant, Violation } from '../invariants/invariant.ts';
import { afterEvents } from './after-events.ts';
import { openTrial } from './open-trial.ts';
import type { Trial } from './trial.ts';

/** What came of a trial. */
export interface TrialOutcome {
  readonly trial: Trial;
  /** In the order in which they were found; the first stops the trial unless told otherwise. */
  readonly violations: readonly Violation[];
  /** By name of the invariant: how often it had something to check. */
  readonly exercised: Readonly<Record<string, number>>;
  /** By name of the invariant: why what it asks for was impossible in this trial. */
  readonly excused: Readonly<Record<string, string>>;
  readonly faults: readonly FaultTally[];
  /** Events executed. */
  readonly events: number;
  readonly digest: string;
}

/** That nothing is thrown while a valid scenario runs. It needs no watch of its own: every trial
 * is held to it. */
export const NO_ERROR: Invariant = {
  name: 'no-error',
  modality: 'always',
  claim: 'a run ends without an error',
  watch: () => ({ exercised: () => 1 }),
};

/** Runs a trial. @throws EngineError `SCENARIO_INVALID`. */
export async function runTrial(
  trial: Trial,
  invariants: readonly Invariant[],
): Promise<TrialOutcome> {
  const make = await openTrial(trial);
  const { world, close } = make({});
  try {
    return watched(trial, world, invariants);
  } finally {
    close();
  }
}

/** Whatever is thrown while a valid scenario runs is a bug of ours. */
function troubleOf(cause: unknown): Finding {
  if (cause instanceof EngineError || cause instanceof InvariantError) {
    return { message: cause.message, details: { code: cause.code } };
  }
  const { message, stack } = cause instanceof Error ? cause : new Error(String(cause));
  return { message, details: { stack: stack?.split('\n').slice(1, 4) } };
}

function watched(trial: Trial, world: World, invariants: readonly Invariant[]): TrialOutcome {
  const { simulation } = world;
  const watches = invariants.map((invariant) => ({
    invariant,
    watch: invariant.watch(world, trial),
  }));
  const violations: Violation[] = [];
  const note = (invariant: string, finding: Finding | undefined) => {
    if (finding === undefined) return;
    if (violations.some((known) => known.invariant === invariant)) return;
    const { nowUs, executedCount } = simulation;
    violations.push({ ...finding, invariant, atUs: nowUs, event: executedCount });
  };
  try {
    const ask = ({ invariant, watch }: (typeof watches)[number]) =>
      note(invariant.name, watch.afterEvent?.());
    world.run(afterEvents(watches, ask));
    for (const { invariant, watch } of watches) note(invariant.name, watch.atEnd?.());
  } catch (cause) {
    note(NO_ERROR.name, troubleOf(cause));
  }
  return {
    trial,
    violations,
    exercised: Object.fromEntries(
      watches.map(({ invariant, watch }) => [invariant.name, watch.exercised()]),
    ),
    excused: Object.fromEntries(
      watches.flatMap(({ invariant, watch }) => {
        const excuse = watch.excused?.();
        return excuse === undefined ? [] : [[invariant.name, excuse]];
      }),
    ),
    faults: world.board.tally(),
    events: simulation.executedCount,
    digest: world.digest.value(),
  };
}
