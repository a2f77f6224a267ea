/** `replay`: a recorded run, run again up to an instant: the state of its world there, the events
 * around it, and where the time of one page went. Spec: E370–E373. */
import { EngineError, nearestName } from '../../../kernel/errors.ts';
import { US_PER_MINUTE, US_PER_SECOND } from '../../../kernel/time.ts';
import type { World } from '../../assemble.ts';
import type { TraceRecord } from '../../io/trace-file.ts';
import { PACKAGE_VERSION } from '../../version.ts';
import { type Bundle, readDigestParts, replicationsOf } from '../bundle.ts';
import { type DigestDivergence, type DigestParts, firstDivergence } from '../digest-parts.ts';
import { type WorldMaker, worldMaker } from '../open-world.ts';
import { parseForkChange } from '../timeline/fork-change.ts';
import { type Moment, parseMoment } from '../timeline/moment.ts';
import type { Snapshot } from '../timeline/timeline.ts';
import { compareFork, type ForkOutcome, snapshotsOf } from '../timeline/travel.ts';
import { watchCalls } from './call-watch.ts';
import { criticalPath, type PathKind, type PathPart, shares } from './critical-path.ts';
import { createEventWindow, type EventWindow } from './event-window.ts';
import { watchPages } from './open-pages.ts';
import type { WatchedPage } from './page-records.ts';
import { parseUntil } from './until.ts';
import { type WorldState, worldState } from './world-state.ts';

/** Options of {@link replayBundle}. */
export interface ReplayOptions {
  /** Of the architecture or variant; may be left out where there is one. */
  readonly name?: string | undefined;
  /** Default: the first, or the one that was run. */
  readonly replication?: number | undefined;
  /** As {@link parseMoment} reads it: a time, or `#` and the number of an event. Default: the end,
   * or where the explained page is over. */
  readonly at?: string | undefined;
  /** Changes from there on, as {@link parseForkChange} reads them: both runs go on to the end. */
  readonly fork?: readonly string[] | undefined;
  /** How often a snapshot is taken on the way, like `60s`; by default never. */
  readonly snapshots?: string | undefined;
  /** A request like `r-17-3`. */
  readonly explain?: string | undefined;
  /** Events listed before the instant, and after it. Defaults 10 and 0. */
  readonly last?: number | undefined;
  readonly step?: number | undefined;
}

/** Where the time of one page went. */
export interface ExplainedPage extends WatchedPage {
  /** Null while it is loading. */
  readonly pageLoadTimeUs: number | null;
  /** First to last; empty while it is loading. */
  readonly path: readonly PathPart[];
  /** µs by kind: their sum is the page-load time. */
  readonly sharesUs: Readonly<Record<PathKind, number>>;
}

/** `backlot replay`. */
export interface ReplayDocument {
  readonly schema: 'backlot.replay/1';
  readonly backlot: string;
  readonly node: string;
  readonly scenario: string;
  readonly seed: number;
  readonly name: string;
  readonly replication: number;
  readonly untilUs: number;
  /** Whole slices up to there, held to the recording; `isExact` null where none was kept. */
  readonly slices: {
    readonly compared: number;
    readonly isExact: boolean | null;
    readonly divergence: DigestDivergence | null;
  };
  readonly state: WorldState;
  readonly lastEvents: readonly TraceRecord[];
  readonly nextEvents: readonly TraceRecord[];
  readonly explained: ExplainedPage | null;
  /** Null without changes. */
  readonly fork: ForkOutcome | null;
  readonly snapshots: readonly Snapshot[];
}

const DEFAULT_LAST = 10;
/** How far a run goes at a time while it waits for a page to end, or for events. */
const STRIDE_US = US_PER_SECOND;
const SLICE_US = US_PER_MINUTE;

/** Replays a run.
 * @throws EngineError `CLI_USAGE` for a name, time or request that is not there; as runs do.
 * Cost: the run up to the instant. */
export async function replayBundle(
  bundle: Bundle,
  options: ReplayOptions = {},
): Promise<ReplayDocument> {
  const variant = variantOf(bundle, options.name);
  const { explain, last = DEFAULT_LAST, step = 0 } = options;
  const replication = options.replication ?? replicationsOf(bundle.document)[0] ?? 0;
  const window = createEventWindow({ last, next: step });
  const make = await worldMaker(bundle, variant, replication);
  const { world, close } = make({ trace: window.trace });
  try {
    const watched: { page: WatchedPage | undefined } = { page: undefined };
    const loading = watchPages(world, {
      asked: (page) => {
        if (page.request === explain) watched.page = page;
      },
    });
    if (explain !== undefined) watchCalls(world, explain, () => watched.page);
    const { at } = options;
    const moment = at === undefined ? undefined : parseMoment(at, bundle.scenario, world.endUs);
    runTo(world, moment, () => explain !== undefined && watched.page?.shownAtUs != null);
    if (explain !== undefined && watched.page === undefined) {
      throw noSuchRequest(explain, bundle, variant.name);
    }
    const state = worldState(world, loading);
    const event = world.simulation.executedCount;
    const parts = world.digest.slices();
    const recorded = readDigestParts(bundle, { name: variant.name, replication });
    window.turn();
    collectNext(world, window, step);
    const { document } = bundle;
    return {
      schema: 'backlot.replay/1',
      backlot: PACKAGE_VERSION,
      node: process.version,
      scenario: document.scenario,
      seed: document.seed,
      name: variant.name,
      replication,
      untilUs: state.nowUs,
      slices: comparedSlices(parts, recorded, state.nowUs),
      state,
      lastEvents: window.before(),
      nextEvents: window.after,
      explained: watched.page === undefined ? null : explained(watched.page),
      ...travelled(make, options, { bundle, endUs: world.endUs, event }),
    };
  } finally {
    close();
  }
}

function variantOf({ variants }: Bundle, name: string | undefined) {
  const names = variants.map((one) => one.name);
  if (name === undefined && variants.length > 1) {
    const message = `the result has ${names.join(', ')}: choose one with --arch`;
    throw new EngineError('CLI_USAGE', message, { argument: '--arch' });
  }
  const found = variants.find((one) => name === undefined || one.name === name);
  if (found !== undefined) return found;
  const nearest = nearestName(name ?? '', names);
  const hint = nearest === undefined ? '' : ` (did you mean "${nearest}"?)`;
  const message = `"${name}" is not in the result${hint}; it has ${names.join(', ')}`;
  throw new EngineError('CLI_USAGE', message, { argument: name ?? '' });
}

/** Runs to a moment, or as long as nothing is over, or to the end. */
function runTo(world: World, moment: Moment | undefined, isOver: () => boolean): void {
  const { simulation, endUs } = world;
  if (moment !== undefined && 'atUs' in moment) {
    simulation.run(moment.atUs);
  } else if (moment !== undefined) {
    while (simulation.executedCount < moment.event && simulation.step(endUs));
  } else {
    while (!isOver() && simulation.nowUs < endUs) {
      simulation.run(Math.min(endUs, simulation.nowUs + STRIDE_US));
    }
  }
}

/** Goes on until enough events have followed. */
function collectNext({ simulation, endUs }: World, window: EventWindow, step: number): void {
  while (window.after.length < step && simulation.nowUs < endUs) {
    simulation.run(Math.min(endUs, simulation.nowUs + STRIDE_US));
  }
}

/** Holds the slices that were over by then to those recorded. */
function comparedSlices(
  found: DigestParts['slices'],
  recorded: DigestParts | undefined,
  nowUs: number,
): ReplayDocument['slices'] {
  if (recorded === undefined) return { compared: 0, isExact: null, divergence: null };
  const whole = ({ slices }: Pick<DigestParts, 'slices'>) => ({
    slices: slices.filter(([startUs]) => startUs + SLICE_US - 1 <= nowUs),
    actors: null,
  });
  const [here, there] = [whole({ slices: found }), whole(recorded)];
  const divergence = firstDivergence(there, here);
  return {
    compared: there.slices.length,
    isExact: divergence === undefined,
    divergence: divergence ?? null,
  };
}

/** The fork at the moment that the run has come to, and snapshots on the way there. */
function travelled(
  make: WorldMaker,
  { fork = [], snapshots }: ReplayOptions,
  here: { readonly bundle: Bundle; readonly endUs: number; readonly event: number },
): Pick<ReplayDocument, 'fork' | 'snapshots'> {
  const { bundle, event } = here;
  const changes = fork.map((text) => parseForkChange(text, bundle.scenario));
  const everyUs =
    snapshots === undefined ? undefined : parseUntil(snapshots, bundle.scenario, here.endUs);
  if (everyUs === 0) throw noInterval(snapshots ?? '');
  return {
    fork: changes.length === 0 ? null : compareFork(make, { event }, changes),
    snapshots: everyUs === undefined ? [] : snapshotsOf(make, { event }, everyUs),
  };
}

function noInterval(argument: string): EngineError {
  const message = `--snapshots ${argument}: give a time longer than 0, like 60s`;
  return new EngineError('CLI_USAGE', message, { argument });
}

function explained(page: WatchedPage): ExplainedPage {
  const path = criticalPath(page);
  const pageLoadTimeUs = page.shownAtUs === null ? null : page.shownAtUs - page.askedAtUs;
  return { ...page, pageLoadTimeUs, path, sharesUs: shares(path) };
}

function noSuchRequest(request: string, { document }: Bundle, name: string): EngineError {
  const slowest =
    document.schema === 'backlot.run/1'
      ? (document.architectures.find((one) => one.name === name)?.slowest ?? [])
      : [];
  const known = slowest.map((one) => one.request);
  const hint = known.length === 0 ? '' : `; the slowest are ${known.join(', ')}`;
  const message = `--explain ${request}: nobody asked for it up to there${hint}`;
  return new EngineError('CLI_USAGE', message, { argument: request });
}
