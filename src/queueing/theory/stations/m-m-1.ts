/** M/M/1: Poisson arrivals, exponential service, one server, a line without end. Spec: Q103. */
import { checkShare, type Demand, type QueueTheory } from '../queue-theory.ts';
import { mmc } from './m-m-c.ts';

/** Wq = ρE[S] ÷ (1 − ρ); the sojourn is exponential with mean E[S] ÷ (1 − ρ). Cost O(1).
 * @throws EngineError `QUEUEING_BAD_ARGUMENT`. */
export function mm1(demand: Demand): QueueTheory {
  return mmc({ ...demand, serverCount: 1 });
}

/** The q-quantile of the sojourn time, in µs; Infinity where ρ ≥ 1. */
export function mm1SojournQuantileUs(demand: Demand, q: number): number {
  checkShare('q', q);
  const { meanSojournUs } = mm1(demand);
  return q === 0 ? 0 : -Math.log1p(-q) * meanSojournUs;
}
