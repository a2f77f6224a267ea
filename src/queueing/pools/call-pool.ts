/** What every pool of connections does for calls, whatever a connection carries. A pool has no
 * clock and sends nothing: it says who may go, and the caller brings the time. */

/** What a call gets: an open connection, one that it opens itself (and pays the handshakes for), a
 * place in line, or nothing because the line is full. */
export type PoolGrant = 'reused' | 'fresh' | 'waiting' | 'rejected';

/** A pool of connections from one client to one origin. `C` is a call, kept by reference. */
export interface CallPool<C> {
  /** A call wants to go. Cost O(1). */
  acquire(call: C, nowUs: number): PoolGrant;
  /** A call that went is over.
   * @param isBroken - Whether its connection closes: it failed, or was left in the middle. An
   * opener that leaves before its handshakes are through is one, or still reports `opened`.
   * @returns the call that goes next, if one waits; after a broken connection it opens a fresh one,
   * else it reuses. Cost O(1). */
  release(nowUs: number, isBroken?: boolean): C | undefined;
  /** After a handshake (HTTP/2) more than one waiting call may go: ask until nobody does.
   * @returns a call that goes now on an open connection. */
  nextReady(): C | undefined;
  /** The opener of a fresh connection is through with the handshakes. Ask
   * {@link CallPool.nextReady} then. */
  opened(): void;
  /** A waiting call gives up. @returns false where it does not wait. Cost O(waiting). */
  cancel(call: C): boolean;
  /** When the oldest waiting call has waited its time, in µs; Infinity if never. */
  readonly nextTimeoutUs: number;
  /** Takes out a call that has waited its time by now; ask until there is none. */
  takeTimedOut(nowUs: number): C | undefined;
  /** Forgets all connections and calls; who holds a connection must not release it any more. */
  clear(): void;
  /** Calls that go. */
  readonly active: number;
  readonly waiting: number;
  /** Connections open, being opened or in use; idle ones may have timed out since. */
  readonly connections: number;
  /** Fresh connections so far: each cost its handshakes. */
  readonly openedCount: number;
}
