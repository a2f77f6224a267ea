/** M/M/c: Poisson arrivals, exponential service, c servers, one line without end. Spec: Q103. */
import { erlangC } from '../erlang.ts';
import {
  checkShare,
  offeredLoad,
  type QueueTheory,
  type ServedDemand,
  steadyQueue,
  unstableQueue,
} from '../queue-theory.ts';

const SOURCE = 'A. K. Erlang 1917 (Erlang C)';

/** Wq = C ÷ (cμ − λ); P(wait > t) = C·e^(−(cμ − λ)t). Cost O(c).
 * @throws EngineError `QUEUEING_BAD_ARGUMENT`. */
export function mmc(demand: ServedDemand): QueueTheory {
  const { serverCount, meanServiceUs } = demand;
  const load = offeredLoad(demand);
  const waitProbability = erlangC(load, serverCount);
  const known = { model: `M/M/${serverCount}`, demand, serverCount, source: SOURCE };
  if (load >= serverCount) return unstableQueue(known);
  const wait = { waitProbability, meanIfWaitedUs: meanServiceUs / (serverCount - load) };
  return steadyQueue({ ...known, ...exponentialWait(wait) });
}

/** The wait of whom an exponential time awaits with a probability, and no time otherwise. */
export function exponentialWait(wait: {
  readonly waitProbability: number;
  readonly meanIfWaitedUs: number;
}) {
  const { waitProbability, meanIfWaitedUs } = wait;
  return {
    waitProbability,
    meanWaitUs: waitProbability * meanIfWaitedUs,
    waitVariance: waitProbability * (2 - waitProbability) * meanIfWaitedUs ** 2,
    waitQuantileUs: (q: number) => {
      checkShare('q', q);
      return Math.max(0, Math.log(waitProbability / (1 - q)) * meanIfWaitedUs);
    },
  };
}
