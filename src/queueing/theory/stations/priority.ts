/** M/G/1 with n classes, non-preemptive: a worker that is free takes the oldest of the most urgent
 * class; what it has begun it ends. Spec: Q108. */
import { checkArguments } from '../../bad-argument.ts';
import { offeredLoad, type QueueTheory, steadyQueue, unstableQueue } from '../queue-theory.ts';
import { checkScv, type GeneralDemand } from './m-g-1.ts';

/** One station a class, the most urgent first: `utilization` and lengths are the class's share.
 * Wq(k) = R ÷ (1 − σ(k−1))(1 − σ(k)), R = Σ λE[S²]/2, σ(k) the load of the classes up to k. Where
 * all together are too much, the urgent ones that fit in still have a steady state: the server is
 * then always busy, the rest of its time with the first class that does not fit.
 * Cost O(n). @throws EngineError `QUEUEING_BAD_ARGUMENT`.
 * Source: Cobham, Operations Research 2, 1954. */
export function priorityQueues(classes: readonly GeneralDemand[]): readonly QueueTheory[] {
  checkArguments([['classes', classes.length, classes.length > 0, 'give one class or more']]);
  for (const { serviceScv } of classes) checkScv('serviceScv', serviceScv);
  const residualUs = residualWork(classes);
  const busyShare = Math.min(
    1,
    classes.reduce((sum, one) => sum + offeredLoad(one), 0),
  );
  let above = 0;
  return classes.map((demand, k) => {
    const before = above;
    above += offeredLoad(demand);
    const model = `M/G/1 priority ${k}`;
    const known = { model, demand, serverCount: 1, source: 'Cobham 1954' };
    if (above >= 1) return unstableQueue(known);
    const meanWaitUs = residualUs / (1 - before) / (1 - above);
    return steadyQueue({ ...known, meanWaitUs, waitProbability: busyShare });
  });
}

/** Work left of the job in service that an arrival finds, on average, in µs. */
function residualWork(classes: readonly GeneralDemand[]): number {
  let residualUs = 0;
  let load = 0;
  for (const demand of classes) {
    const { meanServiceUs, serviceScv } = demand;
    const own = Math.min(offeredLoad(demand), 1 - load);
    if (own > 0) residualUs += (own * meanServiceUs * (1 + serviceScv)) / 2;
    load += own;
  }
  return residualUs;
}
