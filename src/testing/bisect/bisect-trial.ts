/** The event after which nothing helps: of a trial that breaks an invariant, the first event after
 * which it breaks even if all faults end there. Found by running again and healing on the way, with
 * half the events between a heal that helped and one that did not each time. What is found is true
 * whatever lies between: after one event less healing helps, after this one it does not. Spec:
 * T140–T142. */
import type { World } from '../../experiment/assemble.ts';
import type { TraceFile, TraceRecord } from '../../experiment/io/trace-file.ts';
import type { OpenWorld, WorldMaker } from '../../experiment/reproduce/open-world.ts';
import type { Finding, Invariant } from '../invariants/invariant.ts';
import { openTrial } from '../trial/open-trial.ts';
import type { Trial } from '../trial/trial.ts';

/** What a bisection found. */
export type Bisection =
  /** The invariant holds: there is nothing to look for. */
  | { readonly verdict: 'holds'; readonly runs: number }
  /** It breaks without faults of the catalogue as well. */
  | { readonly verdict: 'not-by-faults'; readonly finding: Finding; readonly runs: number }
  | {
      readonly verdict: 'found';
      /** The number of the event: healing after `event − 1` helps, after `event` it does not. */
      readonly event: number;
      readonly atUs: number;
      /** What actors processed in it; empty where it was a timer's or a fault's own. */
      readonly records: readonly TraceRecord[];
      /** Faults that were active when it had run. */
      readonly activeFaults: readonly string[];
      /** What is wrong, and after which event that shows in the trial as it is. */
      readonly finding: Finding;
      readonly shownAfter: number;
      /** How often the trial was run. */
      readonly runs: number;
    };

/** Bisects a trial. Whatever is thrown while it runs is a finding, as {@link runTrial} has it.
 * @param invariant - Of `always` or `eventually`; `NO_ERROR` for a trial that throws.
 * @throws EngineError `SCENARIO_INVALID`. Cost: log₂ of the trial's events, each a run of it. */
export async function bisectTrial(trial: Trial, invariant: Invariant): Promise<Bisection> {
  const make = await openTrial(trial);
  let runs = 0;
  const probe = (healAfter: number) => {
    runs += 1;
    return runHealed(make, { trial, invariant, healAfter });
  };
  const asItIs = probe(Number.POSITIVE_INFINITY);
  if (asItIs === undefined) return { verdict: 'holds', runs };
  const atOnce = probe(0);
  if (atOnce !== undefined) return { verdict: 'not-by-faults', finding: atOnce.finding, runs };
  let helps = 0;
  let helpsNot = asItIs.event;
  while (helpsNot - helps > 1) {
    const middle = Math.floor((helps + helpsNot) / 2);
    if (probe(middle) === undefined) helps = middle;
    else helpsNot = middle;
  }
  const { finding, event: shownAfter } = asItIs;
  return {
    verdict: 'found',
    ...lookAt(make, helpsNot),
    finding,
    shownAfter,
    runs,
  };
}

/** Runs a trial to its end, all faults ending after an event. @returns what the invariant found,
 * and after which event. */
function runHealed(
  make: WorldMaker,
  of: { readonly trial: Trial; readonly invariant: Invariant; readonly healAfter: number },
): { readonly finding: Finding; readonly event: number } | undefined {
  const { trial, invariant, healAfter } = of;
  return closing(make({}), (world) => {
    const watch = invariant.watch(world, trial);
    if (healAfter === 0) world.board.heal();
    const found: { first: { finding: Finding; event: number } | undefined } = { first: undefined };
    const note = (finding: Finding | undefined) => {
      const event = world.simulation.executedCount;
      if (finding !== undefined) found.first ??= { finding, event };
    };
    try {
      world.run(() => {
        if (world.simulation.executedCount === healAfter) world.board.heal();
        note(watch.afterEvent?.());
      });
      note(watch.atEnd?.());
    } catch (cause) {
      note({ message: cause instanceof Error ? cause.message : String(cause) });
    }
    return found.first;
  });
}

/** What happened in an event. */
function lookAt(make: WorldMaker, event: number) {
  const records: TraceRecord[] = [];
  let isThere = false;
  const trace: TraceFile = {
    write: (record) => {
      if (isThere) records.push(record);
    },
    close: () => {},
  };
  return closing(make({ trace }), ({ simulation, board, endUs }) => {
    while (simulation.executedCount < event - 1 && simulation.step(endUs));
    isThere = true;
    simulation.step(endUs);
    const activeFaults = board
      .allActive()
      .map(({ kind, target }) => (target === undefined ? kind : `${kind}@${target}`));
    return { event, atUs: simulation.nowUs, records, activeFaults };
  });
}

function closing<T>({ world, close }: OpenWorld, use: (world: World) => T): T {
  try {
    return use(world);
  } finally {
    close();
  }
}
