/** The database behind a server: dependent look-ups, each a round trip. Where the scenario limits
 * it, a replica has so many connections to it, which its queries wait for, and it works on so many
 * queries at once. Spec: E15, Q78. */
import type { Draws } from '../../../kernel/chance.ts';
import type { HandlerId, Simulation } from '../../../kernel/simulation.ts';
import type { Link } from '../../../queueing/link.ts';
import type { CallPool } from '../../../queueing/pools/call-pool.ts';
import type { Fleet } from '../../../queueing/stations/fleet.ts';
import type { FleetListener, Job } from '../../../queueing/stations/job.ts';
import type { Attempt } from '../calls/call.ts';
import { laneOf } from '../calls/call-timers.ts';
import { drawEntity, drawIndex } from '../calls/page-request.ts';

/** Answers queries. */
export interface Database {
  /** Looks up what a try needs; its listener hears of it later, once. */
  query(attempt: Attempt, asked: Asked): void;
  /** The process of a replica is gone, and its connections with it. */
  crashed?(replica: number): void;
}

/** What is asked of a database. */
export interface Asked {
  /** Look-ups that depend on one another. */
  readonly roundTrips: number;
  readonly rows: number;
}

/** Who wants to know. */
export interface DatabaseListener {
  answered(attempt: Attempt, ok: boolean): void;
}

/** What every database needs. */
export interface DatabaseOptions {
  /** Unique in the run. */
  readonly name: string;
  readonly simulation: Simulation;
  readonly link: Link;
  readonly roundTripDraws: Draws;
  readonly listener: DatabaseListener;
}

/** A database that everybody can ask at once: only the network takes time. */
export function createUnlimitedDatabase(options: DatabaseOptions): Database {
  const { simulation, listener } = options;
  const answered = simulation.registerHandler(
    `database.${options.name}`,
    (_, attempt) => listener.answered(attempt as Attempt, true),
    { laneOf: (_, attempt) => laneOf((attempt as Attempt).call) },
  );
  return {
    query(attempt, { roundTrips }) {
      simulation.schedule(networkUs(options, attempt, roundTrips), answered, 0, attempt);
    },
  };
}

/** What a limited database needs besides. */
export interface LimitedDatabaseOptions extends DatabaseOptions {
  /** The connections of one replica. */
  readonly createPool: () => CallPool<Query>;
  /** The database's own workers. */
  readonly createWorkers: (listener: FleetListener<Query>) => Fleet<Query>;
  /** Time of one look-up, and of each row, at a worker: µs. */
  readonly queryUs: (u: number) => number;
  readonly rowUs: number;
  readonly queryDraws: Draws;
}

/** A query: what a connection carries and a worker works on. */
export interface Query extends Job {
  readonly attempt: Attempt;
  readonly networkUs: number;
  readonly pool: CallPool<Query>;
}

/** A database with connections and workers. */
export function createLimitedDatabase(options: LimitedDatabaseOptions): Database {
  return new LimitedDatabase(options);
}

class LimitedDatabase implements Database, FleetListener<Query> {
  readonly #o: LimitedDatabaseOptions;
  /** By replica of the service, as its process has them now. */
  readonly #pools: (CallPool<Query> | undefined)[] = [];
  /** Replicas whose oldest wait has an event. */
  readonly #waitsTimed = new Set<number>();
  readonly #workers: Fleet<Query>;
  readonly #answered: HandlerId;
  readonly #waitOver: HandlerId;

  constructor(options: LimitedDatabaseOptions) {
    const { name, simulation } = options;
    this.#o = options;
    this.#workers = options.createWorkers(this);
    this.#answered = simulation.registerHandler(
      `database.${name}`,
      (_, query) => this.#end(query as Query, true),
      { laneOf: (_, query) => laneOf((query as Query).attempt.call) },
    );
    this.#waitOver = simulation.registerHandler(`database.${name}.wait-over`, (replica) => {
      this.#waitsTimed.delete(replica);
      this.#giveUpWaiting(this.#poolOf(replica));
      this.#timeWait(replica);
    });
  }

  query(attempt: Attempt, asked: Asked): void {
    const { simulation } = this.#o;
    const pool = this.#poolOf(attempt.replica);
    const query = this.#queryOf(attempt, asked, pool);
    const grant = pool.acquire(query, simulation.nowUs);
    if (grant === 'rejected') this.#o.listener.answered(attempt, false);
    else if (grant !== 'waiting') this.#workers.offer(query, 0);
    else this.#timeWait(attempt.replica);
  }

  /** Queries under way end on the old pool, for nobody; who waits there is told as they end. */
  crashed(replica: number): void {
    this.#pools[replica] = undefined;
  }

  /** Wakes up when whoever waits longest at a replica has waited its time: one event a replica. */
  #timeWait(replica: number): void {
    const { nextTimeoutUs } = this.#poolOf(replica);
    if (nextTimeoutUs === Number.POSITIVE_INFINITY || this.#waitsTimed.has(replica)) return;
    const { simulation } = this.#o;
    this.#waitsTimed.add(replica);
    const delayUs = Math.max(0, Math.ceil(nextTimeoutUs - simulation.nowUs));
    simulation.schedule(delayUs, this.#waitOver, replica);
  }

  finished(query: Query): void {
    this.#o.simulation.schedule(query.networkUs, this.#answered, 0, query);
  }

  dropped(query: Query): void {
    this.#end(query, false);
  }

  #end({ attempt, pool }: Query, ok: boolean): void {
    const { listener, simulation } = this.#o;
    let next = pool.release(simulation.nowUs);
    while (next !== undefined && isOrphan(next)) {
      listener.answered(next.attempt, false);
      next = pool.release(simulation.nowUs);
    }
    if (next !== undefined) this.#workers.offer(next, 0);
    listener.answered(attempt, ok);
  }

  #giveUpWaiting(pool: CallPool<Query>): void {
    const { nowUs } = this.#o.simulation;
    for (let late = pool.takeTimedOut(nowUs); late; late = pool.takeTimedOut(nowUs)) {
      this.#o.listener.answered(late.attempt, false);
    }
  }

  #poolOf(replica: number): CallPool<Query> {
    let pool = this.#pools[replica];
    if (pool === undefined) {
      pool = this.#o.createPool();
      this.#pools[replica] = pool;
    }
    return pool;
  }

  #queryOf(attempt: Attempt, { roundTrips, rows }: Asked, pool: CallPool<Query>): Query {
    const { queryUs, rowUs, queryDraws } = this.#o;
    const { request, slot } = attempt.call;
    let demandUs = rowUs * rows;
    for (let trip = 0; trip < roundTrips; trip += 1) {
      demandUs += queryUs(queryDraws.uniform(drawEntity(request), drawIndex(request, slot, trip)));
    }
    return {
      attempt,
      pool,
      demandUs,
      priority: attempt.priority,
      deadlineUs: attempt.deadlineUs,
      networkUs: networkUs(this.#o, attempt, roundTrips),
    };
  }
}

/** The process that asked crashed before it had a connection. */
function isOrphan({ attempt }: Query): boolean {
  return attempt.isResponded && attempt.failure === 'reset';
}

function networkUs(options: DatabaseOptions, attempt: Attempt, roundTrips: number): number {
  const { request, slot } = attempt.call;
  const { link, roundTripDraws } = options;
  let totalUs = 0;
  for (let trip = 0; trip < roundTrips; trip += 1) {
    const index = drawIndex(request, slot, trip);
    totalUs += link.roundTripUs(roundTripDraws.uniform(drawEntity(request), index));
  }
  return totalUs;
}
