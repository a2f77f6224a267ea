/** M/M/c/c, Erlang's loss system: who finds all servers busy is turned away. Holds for any
 * distribution of service times (M/G/c/c). Spec: Q104. */
import type { QueueTheory, ServedDemand } from '../queue-theory.ts';
import { mmck } from './m-m-c-k.ts';

/** Blocking by Erlang B; nobody waits. Cost O(c).
 * @throws EngineError `QUEUEING_BAD_ARGUMENT`. */
export function mmcc(demand: ServedDemand): QueueTheory {
  return {
    ...mmck({ ...demand, maxInSystem: demand.serverCount }),
    waitVariance: 0,
    source: 'A. K. Erlang 1917 (Erlang B); insensitive: Sevastyanov 1957',
  };
}
