/** A recorded run, forked: the same past, changes from a moment on, and what became of both.
 * Spec: E394. */
import type { World } from '../../assemble.ts';
import { wastedWorkShare } from '../../results/calls-and-servers.ts';
import { percentilesOf } from '../../results/page-loads.ts';
import { isError } from '../../world/load-columns.ts';
import type { WorldMaker } from '../open-world.ts';
import type { ForkChange } from './fork-change.ts';
import type { Moment } from './moment.ts';
import { openTimeline, type Snapshot } from './timeline.ts';

/** What became of a run, for the comparison. Counts are of the whole run. */
export interface Outcome {
  readonly digest: string;
  readonly pagesShown: number;
  readonly pagesFailed: number;
  /** Page-load times of the measured pages, ms; NaN where there are none. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly retries: number;
  /** Calls that an open breaker turned away. */
  readonly breakerOpenFailures: number;
  /** Share of worker time behind answers that nobody waited for. */
  readonly wastedWorkShare: number;
  readonly eventsCaptured: number;
  readonly eventsAccepted: number;
  readonly eventsDropped: number;
}

/** A fork beside the run that it left. */
export interface ForkOutcome {
  readonly event: number;
  readonly atUs: number;
  readonly changes: readonly ForkChange[];
  readonly original: Outcome;
  readonly forked: Outcome;
}

/** Runs both to the end. Cost: two runs, and the way to the moment once more.
 * @throws EngineError `CLI_USAGE` for a change that this world cannot make. */
export function compareFork(
  make: WorldMaker,
  moment: Moment,
  changes: readonly ForkChange[],
): ForkOutcome {
  const line = openTimeline(make);
  try {
    line.goTo(moment);
    const { event } = line;
    const atUs = line.world.simulation.nowUs;
    const other = line.fork(changes);
    try {
      const forked = outcomeOf(other.finish());
      return { event, atUs, changes, original: outcomeOf(line.finish()), forked };
    } finally {
      other.close();
    }
  } finally {
    line.close();
  }
}

/** Snapshots every so often, from the start to a moment. @param everyUs - Whole µs > 0. */
export function snapshotsOf(
  make: WorldMaker,
  moment: Moment,
  everyUs: number,
): readonly Snapshot[] {
  const line = openTimeline(make);
  const found: Snapshot[] = [];
  try {
    const { endUs } = line.world;
    const untilUs = 'atUs' in moment ? Math.min(moment.atUs, endUs) : endUs;
    for (let atUs = everyUs; atUs <= untilUs; atUs += everyUs) {
      line.goTo({ atUs });
      if ('event' in moment && line.event > moment.event) break;
      found.push(line.snapshot());
    }
    return found;
  } finally {
    line.close();
  }
}

function outcomeOf(world: World): Outcome {
  const { recorder, wired } = world;
  const { loads } = recorder;
  const { p50, p95 } = percentilesOf(
    loads.filter((one) => one.isMeasured).map((one) => one.pageLoadTimeUs / 1_000),
  );
  const accounts = wired.edges.map(({ account }) => account);
  const { captured, accepted, droppedByReason } = world.clickstream.truth();
  return {
    digest: world.digest.value(),
    pagesShown: loads.filter((one) => !isError(one)).length,
    pagesFailed: loads.filter(isError).length + recorder.offlineCount,
    p50Ms: p50,
    p95Ms: p95,
    retries: sum(accounts.map(({ retries }) => retries)),
    breakerOpenFailures: sum(accounts.map(({ failures }) => failures['breaker-open'] ?? 0)),
    wastedWorkShare: wastedWorkShare(world),
    eventsCaptured: captured,
    eventsAccepted: accepted,
    eventsDropped: sum(Object.values(droppedByReason)),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
