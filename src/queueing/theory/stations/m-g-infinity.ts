/** M/G/∞: every job has a server of its own; jobs in the system are Poisson distributed, whatever
 * the service time. Spec: Q106. */
import { type Demand, offeredLoad, type QueueTheory, steadyQueue } from '../queue-theory.ts';

/** L = λE[S], and nobody waits. `utilization` is 0: no share of infinitely many servers.
 * @throws EngineError `QUEUEING_BAD_ARGUMENT`. Source: Palm 1943; Takács 1962. Cost O(1). */
export function mgInfinity(demand: Demand): QueueTheory {
  offeredLoad(demand);
  return steadyQueue({
    model: 'M/G/∞',
    demand,
    serverCount: Number.POSITIVE_INFINITY,
    meanWaitUs: 0,
    waitProbability: 0,
    waitVariance: 0,
    waitQuantileUs: () => 0,
    source: 'Palm 1943, Takács 1962',
  });
}
