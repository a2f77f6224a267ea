/** What a page keeps of the frames that it saw: rates from the differences of counts, series over
 * virtual time, strips of states. Frames missed in between spoil nothing, for counts are of the
 * whole run. Another subject begins anew; going back in time drops what was later. Spec: L69,
 * L70. */
import type { LiveEdge, LiveFault, LiveFrame } from '../../../domain/live/live-frame.ts';
import { MinMaxRing } from './min-max-ring.ts';
import { StateStrip } from './state-strip.ts';

/** Per virtual second, between the last two frames; null before the second. */
export interface FrameRates {
  readonly pagesPerSec: number | null;
  readonly failedPerSec: number | null;
  readonly capturedPerSec: number | null;
  readonly acceptedPerSec: number | null;
  readonly storedPerSec: number | null;
  readonly edges: ReadonlyMap<string, EdgeRate>;
}

/** The rate of one edge. */
export interface EdgeRate {
  readonly callsPerSec: number;
  readonly attemptsPerSec: number;
  /** Of its attempts, 0–1; 0 where there were none. */
  readonly errorShare: number;
}

/** Series that are kept, beside `waiting:<server>`. */
export type SeriesName =
  | 'pages'
  | 'failed'
  | 'p50'
  | 'p95'
  | 'p99'
  | 'captured'
  | 'accepted'
  | 'stored'
  | 'unread'
  | 'lag'
  | 'freshness'
  | `waiting:${string}`;

type BreakerState = NonNullable<LiveEdge['breaker']>;

const US_PER_SEC = 1_000_000;
/** Names come from outside: more servers and edges than this have no series of their own. */
const NAMES_MAX = 400;
const FAULTS_MAX = 60;
const NO_RATES: FrameRates = {
  pagesPerSec: null,
  failedPerSec: null,
  capturedPerSec: null,
  acceptedPerSec: null,
  storedPerSec: null,
  edges: new Map(),
};

/** The history. */
export class FrameHistory {
  readonly #series = new Map<SeriesName, MinMaxRing>();
  readonly #breakers = new Map<string, StateStrip<BreakerState>>();
  readonly #faults = new Map<string, LiveFault>();
  #last: LiveFrame | undefined;
  #rates = NO_RATES;

  get rates(): FrameRates {
    return this.#rates;
  }

  /** Empty where nothing was kept under that name. */
  series(name: SeriesName): MinMaxRing {
    return this.#series.get(name) ?? new MinMaxRing();
  }

  /** All that were seen, the newest 60, until they ended or now. */
  get faults(): readonly LiveFault[] {
    return [...this.#faults.values()];
  }

  /** By edge. */
  get breakers(): ReadonlyMap<string, StateStrip<BreakerState>> {
    return this.#breakers;
  }

  /** Takes a frame. */
  add(frame: LiveFrame): void {
    const before = this.#last;
    this.#last = frame;
    if (before === undefined || before.subject !== frame.subject) {
      this.#begin(frame);
      return;
    }
    const elapsedUs = frame.clock.nowUs - before.clock.nowUs;
    if (elapsedUs < 0) this.#goBack(frame);
    if (elapsedUs <= 0) return;
    this.#rates = ratesBetween(before, frame);
    this.#keep(frame);
  }

  #begin(frame: LiveFrame): void {
    this.#series.clear();
    this.#breakers.clear();
    this.#faults.clear();
    this.#rates = NO_RATES;
    this.#keep(frame);
  }

  #goBack({ clock: { nowUs } }: LiveFrame): void {
    this.#rates = NO_RATES;
    for (const ring of this.#series.values()) ring.forgetAfter(nowUs);
    for (const strip of this.#breakers.values()) strip.forgetAfter(nowUs);
    for (const [key, { beganAtUs }] of this.#faults) {
      if (beganAtUs > nowUs) this.#faults.delete(key);
    }
  }

  /** A fault that is healed is not seen any more: it ended between two frames. */
  #keepFaults(faults: readonly LiveFault[], nowUs: number): void {
    const active = new Map(faults.map((fault) => [faultKey(fault), fault]));
    for (const [key, fault] of this.#faults) {
      if (!active.has(key) && fault.endsAtUs > nowUs) {
        this.#faults.set(key, { ...fault, endsAtUs: nowUs });
      }
    }
    for (const [key, fault] of active) {
      this.#faults.set(key, fault);
      const [oldest] = this.#faults.keys();
      if (this.#faults.size > FAULTS_MAX && oldest !== undefined) this.#faults.delete(oldest);
    }
  }

  #keep({ clock, pages, servers, edges, pipeline, faults }: LiveFrame): void {
    const { nowUs } = clock;
    this.#keepFaults(faults, nowUs);
    const rates = this.#rates;
    const values: [SeriesName, number | null][] = [
      ['pages', rates.pagesPerSec],
      ['failed', rates.failedPerSec],
      ['p50', pages?.p50Ms ?? null],
      ['p95', pages?.p95Ms ?? null],
      ['p99', pages?.p99Ms ?? null],
      ['captured', rates.capturedPerSec],
      ['accepted', rates.acceptedPerSec],
      ['stored', rates.storedPerSec],
      ['unread', pipeline.unread],
      ['lag', secondsOf(pipeline.watermarkLagUs)],
      ['freshness', secondsOf(pipeline.freshnessUs)],
      ...servers.map(({ name, waiting }) => [`waiting:${name}`, waiting] as [SeriesName, number]),
    ];
    for (const [name, value] of values) known(this.#series, name, MinMaxRing)?.add(nowUs, value);
    for (const { name, breaker } of edges) {
      if (breaker === null) continue;
      known(this.#breakers, name, StateStrip<BreakerState>)?.add(nowUs, breaker);
    }
  }
}

/** What is kept under the name, made where it is new; undefined beyond the last that is kept. */
function known<K, V>(map: Map<K, V>, name: K, kind: new () => V): V | undefined {
  const found = map.get(name);
  if (found !== undefined || map.size >= NAMES_MAX) return found;
  const made = new kind();
  map.set(name, made);
  return made;
}

function faultKey({ kind, target, beganAtUs }: LiveFault): string {
  return JSON.stringify([kind, target, beganAtUs]);
}

function ratesBetween(before: LiveFrame, now: LiveFrame): FrameRates {
  const seconds = (now.clock.nowUs - before.clock.nowUs) / US_PER_SEC;
  const rate = (a: number | null | undefined, b: number | null | undefined): number | null =>
    typeof a === 'number' && typeof b === 'number' ? Math.max(0, b - a) / seconds : null;
  const edgesBefore = new Map(before.edges.map((edge) => [edge.name, edge]));
  return {
    pagesPerSec: rate(before.pages?.shown, now.pages?.shown),
    failedPerSec: rate(before.pages?.failed, now.pages?.failed),
    capturedPerSec: rate(before.pipeline.captured, now.pipeline.captured),
    acceptedPerSec: rate(before.pipeline.accepted, now.pipeline.accepted),
    storedPerSec: rate(before.pipeline.stored, now.pipeline.stored),
    edges: new Map(
      now.edges.map((edge) => [edge.name, edgeRate(edgesBefore.get(edge.name), edge, seconds)]),
    ),
  };
}

function edgeRate(before: LiveEdge | undefined, now: LiveEdge, seconds: number): EdgeRate {
  const attempts = Math.max(0, now.attempts - (before?.attempts ?? 0));
  const errors = Math.max(0, now.errors - (before?.errors ?? 0));
  return {
    callsPerSec: Math.max(0, now.calls - (before?.calls ?? 0)) / seconds,
    attemptsPerSec: attempts / seconds,
    errorShare: attempts === 0 ? 0 : Math.min(1, errors / attempts),
  };
}

function secondsOf(timeUs: number | null): number | null {
  return timeUs === null ? null : timeUs / US_PER_SEC;
}
