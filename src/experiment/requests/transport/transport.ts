/** How a try travels to its server and back: over the wide-area network from a device, over the
 * datacentre network between servers, or not at all within one process. */
import type { Attempt } from '../calls/call.ts';

/** The way to a server and back. */
export interface Transport {
  /** Delay in µs of a request that is sent after `afterUs`. */
  upUs(attempt: Attempt, afterUs: number): number;
  /** Delay in µs of the answer, or of an error without data. */
  downUs(attempt: Attempt, ok: boolean): number;
}
