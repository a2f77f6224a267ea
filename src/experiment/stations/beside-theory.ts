/** What theory says of a station, beside what was simulated: the closed form, to which the
 * simulated mean wait is held, or an approximation by two moments, for show. Spec: N64–N66. */
import type { QueueTheory } from '../../queueing/theory/queue-theory.ts';
import { allenCunneen } from '../../queueing/theory/stations/g-g-c.ts';
import type { StationDemand } from './station-demand.ts';
import type { StationLook } from './station-look.ts';
import { type SteadyWait, steadyWait } from './steady-wait.ts';

/** Theory of one station. */
export interface TheoryBeside {
  readonly model: string;
  /** The model is of that kind and the run long enough: the simulated wait is held to it. Otherwise
   * it is shown only. */
  readonly isExact: boolean;
  readonly meanWaitMs: number;
  readonly utilization: number;
  readonly waitProbability: number | null;
  /** Whether the simulated mean wait is within its interval of theory; null where not exact. */
  readonly isCovered: boolean | null;
  /** The interval of the simulated mean wait at 99.9 %, from batches of time after the empty start
   * has worn off; null where not exact. */
  readonly meanWaitIntervalMs: { readonly low: number; readonly high: number } | null;
  readonly source: string;
}

/** A station's theory, and why it is not exact: null where it is. */
export interface Compared {
  readonly theory: TheoryBeside | null;
  readonly note: string | null;
}

/** The interval is wide, so that of 1,000 right stations about one is called wrong. */
const CONFIDENCE = 0.999;
/** Times of relaxation from an empty start until what is left of it, e⁻¹⁰, does not show; a batch
 * is as long, so that neighbours hardly depend on one another. */
const RELAXATIONS = 10;
/** Jobs that wait in the measured part, below which their mean is no normal variable. */
const WAITS_MIN = 400;
/** Waits are whole µs. */
const ROUNDING_US = 0.5;

/** Holds a station to its closed form. */
export function besideTheory(
  { queue, demand }: { readonly queue: QueueTheory; readonly demand: StationDemand },
  run: {
    readonly looks: readonly StationLook[];
    readonly measured: { readonly fromUs: number; readonly toUs: number };
    readonly waitUs: (part: StationLook) => number;
  },
): Compared {
  if (!queue.isStable) return { theory: null, note: unstableNote(queue.utilization) };
  const relaxedUs = RELAXATIONS * relaxationUs(queue, demand);
  const { looks, measured, waitUs } = run;
  const wait = steadyWait(looks, {
    fromUs: Math.max(measured.fromUs, relaxedUs),
    toUs: measured.toUs,
    batchUs: relaxedUs,
    confidence: CONFIDENCE,
    waitUs,
  });
  const bears = wait !== undefined && wait.jobs * queue.waitProbability >= WAITS_MIN;
  const meanWaitMs = queue.meanWaitUs / 1_000;
  const { model, utilization, waitProbability, source } = queue;
  const known = { model, meanWaitMs, utilization, waitProbability, source };
  if (!bears) {
    const theory = { ...known, isExact: false, isCovered: null, meanWaitIntervalMs: null };
    return { theory, note: 'the run is too short, or waits are too rare, to be held to theory' };
  }
  const theory = { ...known, isExact: true, ...covering(wait, queue.meanWaitUs) };
  return { theory, note: null };
}

/** Two moments of gaps and demands, as they were measured, at as many workers as ran. */
export function approximation(part: StationLook, note: string): Compared {
  const serverCount = Math.max(1, Math.round(part.upWorkerUs / part.atUs));
  const { arrivals, gapSquaresUs, demandUs, demandSquaresUs, atUs } = part;
  // A variance of fewer is none.
  if (arrivals < 100 || demandUs === 0) return { theory: null, note };
  const queue = allenCunneen({
    arrivalRatePerSec: (arrivals / atUs) * 1e6,
    meanServiceUs: demandUs / arrivals,
    serverCount,
    arrivalScv: scvOf(arrivals, { sum: atUs, squares: gapSquaresUs }),
    serviceScv: scvOf(arrivals, { sum: demandUs, squares: demandSquaresUs }),
  });
  if (!queue.isStable) return { theory: null, note: `${note}; ${unstableNote(queue.utilization)}` };
  const { model, meanWaitUs, utilization, waitProbability, source } = queue;
  const known = { model, utilization, waitProbability, source };
  const shown = { isExact: false, isCovered: null, meanWaitIntervalMs: null };
  return { theory: { ...known, ...shown, meanWaitMs: meanWaitUs / 1_000 }, note };
}

/** How long a station remembers: E[S] ÷ c(1 − √ρ)², and no less than a service time. Exact for
 * M/M/1; variable service stretches it. Source: Morse 1955; Cohen, The Single Server Queue. */
function relaxationUs(queue: QueueTheory, { meanUs, scv }: StationDemand): number {
  const { serverCount, offeredLoad } = queue;
  const slack = serverCount * (1 - Math.sqrt(offeredLoad / serverCount)) ** 2;
  return Math.max(meanUs, (meanUs * Math.max(1, (1 + scv) / 2)) / slack);
}

function covering({ meanUs, halfWidthUs }: SteadyWait, theoryUs: number) {
  const reachUs = halfWidthUs + ROUNDING_US;
  return {
    isCovered: Math.abs(meanUs - theoryUs) <= reachUs,
    meanWaitIntervalMs: { low: (meanUs - reachUs) / 1_000, high: (meanUs + reachUs) / 1_000 },
  };
}

function scvOf(
  count: number,
  { sum, squares }: { readonly sum: number; readonly squares: number },
): number {
  return Math.max(0, (squares * count) / sum ** 2 - 1);
}

function unstableNote(utilization: number): string {
  return `asked for ${utilization.toFixed(2)} times what it can do: it has no steady state`;
}
