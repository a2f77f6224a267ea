/** G/G/c: any arrivals, any service times, c servers: an approximation by two moments of each.
 * Exact for M/M/c and for M/G/1. Spec: Q109. */
import {
  checkShare,
  offeredLoad,
  type QueueTheory,
  type ServedDemand,
  steadyQueue,
  unstableQueue,
} from '../queue-theory.ts';
import { checkScv } from './m-g-1.ts';
import { mmc } from './m-m-c.ts';

/** Demand known by two moments of gaps and service times. */
export interface VariableDemand extends ServedDemand {
  /** Ca²: variance of the gaps between arrivals ÷ their mean squared; 1 for Poisson. */
  readonly arrivalScv: number;
  /** Cs², of the service times. */
  readonly serviceScv: number;
}

/** Wq ≈ Wq(M/M/c) · (Ca² + Cs²) ÷ 2. P(wait) ≈ Erlang C, and the wait of who waits is taken as
 * exponential for quantiles. Cost O(c). @throws EngineError `QUEUEING_BAD_ARGUMENT`.
 * Source: Allen, Probability, Statistics and Queueing Theory, 1990 (Allen–Cunneen). */
export function allenCunneen(demand: VariableDemand): QueueTheory {
  const { serverCount, arrivalScv, serviceScv } = demand;
  checkScv('arrivalScv', arrivalScv);
  checkScv('serviceScv', serviceScv);
  const base = mmc(demand);
  const known = {
    model: `G/G/${serverCount}`,
    isExact: false,
    demand,
    serverCount,
    source: 'Allen–Cunneen (Allen 1990), approximation',
  };
  if (offeredLoad(demand) >= serverCount) return unstableQueue(known);
  const { waitProbability } = base;
  const variability = (arrivalScv + serviceScv) / 2;
  const meanWaitUs = waitProbability === 0 ? 0 : base.meanWaitUs * variability;
  const meanIfWaitedUs = waitProbability === 0 ? 0 : meanWaitUs / waitProbability;
  return steadyQueue({
    ...known,
    meanWaitUs,
    waitProbability,
    waitQuantileUs: (q) => {
      checkShare('q', q);
      if (waitProbability <= 1 - q) return 0;
      return Math.log(waitProbability / (1 - q)) * meanIfWaitedUs;
    },
  });
}
