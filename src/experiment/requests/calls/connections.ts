/** The connections of clients to one origin, shared by the calls that go there: HTTP/1.1 or HTTP/2,
 * opened on demand with a handshake, reused, waited for. The pool counts them; which one a call
 * gets is known here, because each has a window and a round trip of its own. Spec: Q8, Q76–Q77. */
import type { HandlerId, Simulation } from '../../../kernel/simulation.ts';
import type { CallPool } from '../../../queueing/pools/call-pool.ts';
import type { WanConnection } from '../../households/wan-connection.ts';
import type { Attempt } from './call.ts';
import type { Client } from './client.ts';

/** Who goes on when a connection is free. */
export interface ConnectionUser {
  /** @param handshakeUs - Time until the connection is open; 0 where it is. */
  connected(attempt: Attempt, handshakeUs: number): void;
}

/** Connections by client. */
export interface Connections {
  /** Wants a connection for a try: `user.connected` is called now or when one is free. */
  acquire(attempt: Attempt, user: ConnectionUser): void;
  /** The try is over for its client. @param isBroken - It was left in the middle. */
  release(attempt: Attempt, isBroken: boolean): void;
}

/** What connections need. */
export interface ConnectionsOptions {
  readonly simulation: Simulation;
  /** A pool for one client. */
  readonly createPool: () => CallPool<Attempt>;
  /** Whether a connection carries many calls at a time. */
  readonly isMultiplexed: boolean;
  /** Opens a client's next connection; undefined where nothing is known of connections and their
   * handshakes take no time. */
  readonly open: (client: Client) => WanConnection | undefined;
  /** Made by {@link registerOpened}. */
  readonly opened: HandlerId;
}

/** A client's pool, who waits in it, and the connections that it counts. */
interface Origin {
  readonly pool: CallPool<Attempt>;
  readonly users: Map<Attempt, ConnectionUser>;
  /** Those that nobody uses, the last used last: as the pool takes them. */
  readonly idle: (WanConnection | undefined)[];
  /** The one that carries all calls, where it does. */
  shared: WanConnection | undefined;
  openings: number;
}

/** A handshake under way. */
interface Opening {
  readonly origin: Origin;
  readonly number: number;
}

/** Registers the handler of handshakes that are through, once a run. */
export function registerOpened(simulation: Simulation): HandlerId {
  return simulation.registerHandler('connection.opened', (_, payload) => {
    const { origin, number } = payload as Opening;
    // Its opener left, and somebody else opens another.
    if (number !== origin.openings) return;
    origin.pool.opened();
    for (let next = origin.pool.nextReady(); next; next = origin.pool.nextReady()) {
      goOn(origin, next, origin.shared, 0);
    }
  });
}

/** Makes the connections of all clients to one origin. */
export function createConnections(options: ConnectionsOptions): Connections {
  const { simulation, createPool, isMultiplexed, open, opened } = options;
  // Keyed weakly: a household that moved out takes its connections along.
  const origins = new WeakMap<Client, Origin>();
  const originOf = (client: Client): Origin => {
    let origin = origins.get(client);
    if (origin === undefined) {
      const pool = createPool();
      origin = { pool, users: new Map(), idle: [], shared: undefined, openings: 0 };
      origins.set(client, origin);
    }
    return origin;
  };
  const fresh = (origin: Origin, client: Client): WanConnection | undefined => {
    const connection = open(client);
    // Whoever is idle has been so for too long, else nobody would open another.
    origin.idle.length = 0;
    if (isMultiplexed) {
      origin.shared = connection;
      origin.openings += 1;
      const opening: Opening = { origin, number: origin.openings };
      simulation.schedule(connection?.handshakeUs ?? 0, opened, 0, opening);
    }
    return connection;
  };
  return {
    acquire(attempt, user) {
      const { client } = attempt.call.request;
      const origin = originOf(client);
      const grant = origin.pool.acquire(attempt, simulation.nowUs);
      if (grant === 'reused') {
        attempt.connection = isMultiplexed ? origin.shared : origin.idle.pop();
        user.connected(attempt, 0);
      } else if (grant === 'fresh') {
        attempt.connection = fresh(origin, client);
        user.connected(attempt, attempt.connection?.handshakeUs ?? 0);
      } else {
        origin.users.set(attempt, user);
      }
    },
    release(attempt, isBroken) {
      const { client } = attempt.call.request;
      const origin = originOf(client);
      if (!attempt.isConnected) {
        if (origin.users.delete(attempt)) origin.pool.cancel(attempt);
        return;
      }
      const { openedCount } = origin.pool;
      const next = origin.pool.release(simulation.nowUs, isBroken);
      if (next === undefined) {
        if (!isMultiplexed && !isBroken) origin.idle.push(attempt.connection);
      } else if (origin.pool.openedCount > openedCount) {
        const connection = fresh(origin, client);
        goOn(origin, next, connection, connection?.handshakeUs ?? 0);
      } else {
        goOn(origin, next, isMultiplexed ? origin.shared : attempt.connection, 0);
      }
    },
  };
}

/** A call that waited has its connection. */
function goOn(
  { users }: Origin,
  attempt: Attempt,
  ...[connection, handshakeUs]: readonly [connection: WanConnection | undefined, us: number]
): void {
  const user = users.get(attempt);
  users.delete(attempt);
  attempt.connection = connection;
  user?.connected(attempt, handshakeUs);
}
