/** What theory says of one station: the same names for every model, so that a simulated station
 * can be held beside any of them. Unstable stations are data (infinities), bad arguments are
 * typed errors. Times in µs, rates a second. Spec: Q100, Q101. */
import { checkArguments } from '../bad-argument.ts';

/** A station in steady state. Waits and sojourns are of jobs that were let in. */
export interface QueueTheory {
  /** Kendall's notation, like `M/M/4`. */
  readonly model: string;
  /** Whether the formula is exact for the model; otherwise an approximation. */
  readonly isExact: boolean;
  /** Whether there is a steady state. Without one ρ is what is asked of the servers (≥ 1), times
   * and lengths are infinite, and everybody waits. */
  readonly isStable: boolean;
  /** c; Infinity where every job has its own. */
  readonly serverCount: number;
  /** λ·E[S] in erlangs, turned-away jobs included. */
  readonly offeredLoad: number;
  /** ρ: the share of each server's time that is worked. */
  readonly utilization: number;
  /** Wq: under processor sharing what a job is slowed down by, W − S. */
  readonly meanWaitUs: number;
  /** W = Wq + S. */
  readonly meanSojournUs: number;
  /** L. */
  readonly meanInSystem: number;
  /** Lq. */
  readonly meanWaiting: number;
  /** That a job finds all servers busy. */
  readonly waitProbability: number;
  /** That a job is turned away; 0 where the line has no end. */
  readonly blockingProbability: number;
  /** Var(Wq) in µs²; null where not known. */
  readonly waitVariance: number | null;
  /** The q-quantile of the wait (first come, first served), 0 ≤ q < 1, in µs; null where not
   * known in closed form. */
  readonly waitQuantileUs: ((q: number) => number) | null;
  /** Who found it. */
  readonly source: string;
}

/** Who comes to a station, and how long a worker needs for one of them on average. */
export interface Demand {
  /** λ ≥ 0. */
  readonly arrivalRatePerSec: number;
  /** E[S] = 1/μ > 0. */
  readonly meanServiceUs: number;
}

/** Demand at c servers. */
export interface ServedDemand extends Demand {
  /** c, whole and ≥ 1. */
  readonly serverCount: number;
}

/** λ·E[S], in erlangs.
 * @throws EngineError `QUEUEING_BAD_ARGUMENT`. */
export function offeredLoad({ arrivalRatePerSec, meanServiceUs }: Demand): number {
  const isRate = arrivalRatePerSec >= 0 && Number.isFinite(arrivalRatePerSec);
  const isTime = meanServiceUs > 0 && Number.isFinite(meanServiceUs);
  checkArguments([
    ['arrivalRatePerSec', arrivalRatePerSec, isRate, 'give a finite rate ≥ 0'],
    ['meanServiceUs', meanServiceUs, isTime, 'give finite µs > 0'],
  ]);
  return (arrivalRatePerSec * meanServiceUs) / 1e6;
}

/** Refuses a probability that is none. @throws EngineError `QUEUEING_BAD_ARGUMENT`. */
export function checkShare(argument: string, found: number): void {
  const remedy = 'give a number ≥ 0 and < 1';
  checkArguments([[argument, found, found >= 0 && found < 1, remedy]]);
}

/** What a model knows of itself; the rest follows from it by Little's law. */
export interface KnownOfQueue {
  readonly model: string;
  readonly isExact?: boolean;
  readonly demand: Demand;
  readonly serverCount: number;
  readonly meanWaitUs: number;
  readonly waitProbability: number;
  readonly blockingProbability?: number;
  readonly waitVariance?: number | null;
  readonly waitQuantileUs?: ((q: number) => number) | null;
  readonly source: string;
}

/** The station of a model in steady state: L = λW and Lq = λWq of those let in. */
export function steadyQueue(known: KnownOfQueue): QueueTheory {
  const { demand, serverCount, meanWaitUs, blockingProbability = 0 } = known;
  const load = offeredLoad(demand);
  const letInPerUs = (demand.arrivalRatePerSec * (1 - blockingProbability)) / 1e6;
  const meanSojournUs = meanWaitUs + demand.meanServiceUs;
  return {
    model: known.model,
    isExact: known.isExact ?? true,
    isStable: true,
    serverCount,
    offeredLoad: load,
    utilization: (load * (1 - blockingProbability)) / serverCount,
    meanWaitUs,
    meanSojournUs,
    meanInSystem: letInPerUs * meanSojournUs,
    meanWaiting: letInPerUs * meanWaitUs,
    waitProbability: known.waitProbability,
    blockingProbability,
    waitVariance: known.waitVariance ?? null,
    waitQuantileUs: known.waitQuantileUs ?? null,
    source: known.source,
  };
}

/** A station that is asked for as much as it can give, or more. */
export function unstableQueue(
  known: Pick<KnownOfQueue, 'model' | 'isExact' | 'demand' | 'serverCount' | 'source'>,
): QueueTheory {
  const load = offeredLoad(known.demand);
  const never = Number.POSITIVE_INFINITY;
  return {
    model: known.model,
    isExact: known.isExact ?? true,
    isStable: false,
    serverCount: known.serverCount,
    offeredLoad: load,
    utilization: load / known.serverCount,
    meanWaitUs: never,
    meanSojournUs: never,
    meanInSystem: never,
    meanWaiting: never,
    waitProbability: 1,
    blockingProbability: 0,
    waitVariance: never,
    waitQuantileUs: () => never,
    source: known.source,
  };
}
