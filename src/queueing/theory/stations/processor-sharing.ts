/** M/G/c-PS: all n jobs are served at once, each at the rate min(1, c/n). The number of jobs is
 * that of M/M/c (of M/M/c/K with a limit), whatever the service time: insensitivity. Spec: Q107. */
import type { QueueTheory, ServedDemand } from '../queue-theory.ts';
import { mmc } from './m-m-c.ts';
import { mmck } from './m-m-c-k.ts';

/** Jobs that share c servers; K at most where there is a limit. */
export interface SharingDemand extends ServedDemand {
  readonly maxInSystem?: number | undefined;
}

/** W = E[S] ÷ (1 − ρ) for one server. `meanWaitUs` is what sharing adds, `waitProbability` that a
 * job finds c others or more. Cost O(c), O(K) with a limit.
 * @throws EngineError `QUEUEING_BAD_ARGUMENT`. Source: Sakata, Noguchi and Oizumi 1971;
 * Kelly 1979 (symmetric queues). */
export function processorSharing(demand: SharingDemand): QueueTheory {
  const { serverCount, maxInSystem } = demand;
  const isLimited = maxInSystem !== undefined && maxInSystem !== Number.POSITIVE_INFINITY;
  const queue = isLimited ? mmck({ ...demand, maxInSystem }) : mmc(demand);
  return {
    ...queue,
    model: isLimited ? `M/G/${serverCount}/${maxInSystem}-PS` : `M/G/${serverCount}-PS`,
    waitVariance: null,
    waitQuantileUs: null,
    source: 'Sakata 1971, Kelly 1979 (insensitivity)',
  };
}

/** How long a job of a given size stays on average at one shared server: x ÷ (1 − ρ), in µs;
 * Infinity where ρ ≥ 1. @throws EngineError `QUEUEING_BAD_ARGUMENT`. */
export function sharedSojournUs(demand: Omit<SharingDemand, 'serverCount'>, sizeUs: number) {
  const { utilization, isStable } = mmc({ ...demand, serverCount: 1 });
  return isStable ? sizeUs / (1 - utilization) : Number.POSITIVE_INFINITY;
}
