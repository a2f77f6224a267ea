/** A client's connections to one origin: at most `maxConnections`, opened on demand, reused when
 * idle; a call that finds none waits in line. HTTP/1.1 browsers open six. Spec: Q8. */

/** The pool's state: plain data. `T` names a waiting call. */
export interface ConnectionPoolState<T> {
  readonly maxConnections: number;
  readonly open: number;
  readonly busy: number;
  readonly waiting: readonly T[];
}

/** What a call gets: an open connection, a fresh one (with a handshake), or a place in line. */
export type ConnectionGrant = 'reused' | 'fresh' | 'waiting';

/** A pool with no connection open. */
export function createConnectionPool<T>(maxConnections: number): ConnectionPoolState<T> {
  return { maxConnections, open: 0, busy: 0, waiting: [] };
}

/** A call wants a connection. */
export function acquireConnection<T>(
  pool: ConnectionPoolState<T>,
  call: T,
): { readonly pool: ConnectionPoolState<T>; readonly grant: ConnectionGrant } {
  if (pool.busy < pool.open) return { pool: { ...pool, busy: pool.busy + 1 }, grant: 'reused' };
  if (pool.open < pool.maxConnections) {
    return { pool: { ...pool, open: pool.open + 1, busy: pool.busy + 1 }, grant: 'fresh' };
  }
  return { pool: { ...pool, waiting: [...pool.waiting, call] }, grant: 'waiting' };
}

/** A call is over. @returns the call that takes the connection over, if one waits. */
export function releaseConnection<T>(pool: ConnectionPoolState<T>): {
  readonly pool: ConnectionPoolState<T>;
  readonly next: T | undefined;
} {
  const [next, ...waiting] = pool.waiting;
  if (next !== undefined) return { pool: { ...pool, waiting }, next };
  return { pool: { ...pool, busy: Math.max(0, pool.busy - 1) }, next: undefined };
}

/** The page is gone: waiting calls are forgotten, connections stay open and idle. */
export function abandonCalls<T>(pool: ConnectionPoolState<T>): ConnectionPoolState<T> {
  return { ...pool, busy: 0, waiting: [] };
}
