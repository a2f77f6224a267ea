/** What a microservice does with a call: CPU for it and for each entity, and its database for what
 * its cache does not have. What somebody else is fetching already is waited for. Spec: E15. */
import { invariant } from '../../../kernel/errors.ts';
import type { Attempt, ServerFailure } from '../calls/call.ts';
import type { Database, DatabaseListener } from './database.ts';
import type { EntityCache } from './entity-cache.ts';
import type { Application, Server } from './server.ts';

/** What a service application is made of. */
export interface ServiceApplicationOptions {
  readonly cache: EntityCache | undefined;
  readonly createDatabase: (listener: DatabaseListener) => Database;
}

/** The application of one service. */
export class ServiceApplication implements Application, DatabaseListener {
  /** Its database goes on all the same. */
  readonly stopsAtHangUp = false;
  readonly #cache: EntityCache | undefined;
  readonly #database: Database;
  #server: Server | undefined;

  constructor({ cache, createDatabase }: ServiceApplicationOptions) {
    this.#cache = cache;
    this.#database = createDatabase(this);
  }

  begin(attempt: Attempt, server: Server): void {
    this.#server = server;
    const { traced, demand } = attempt.call;
    invariant(traced !== undefined, 'CALL_WITHOUT_QUESTION', { server: server.name });
    const cache = this.#cache;
    if (cache === undefined) {
      server.work(attempt, demand.totalUs, demand.entitiesUs);
      return;
    }
    const hits = cache.look(traced.entityKeys, attempt);
    const savedUs = (demand.entitiesUs * hits) / Math.max(1, traced.entityKeys.length);
    const demandUs = demand.totalUs - savedUs + hits * cache.hitUs;
    server.work(attempt, demandUs, demand.entitiesUs - savedUs);
  }

  worked(attempt: Attempt): void {
    const cache = this.#cache;
    const needsDatabase = cache === undefined || attempt.fetches.length > 0;
    if (needsDatabase) {
      const { traced } = attempt.call;
      const rows = cache === undefined ? (traced?.entityKeys.length ?? 1) : attempt.fetches.length;
      attempt.isAtDatabase = true;
      this.#database.query(attempt, { roundTrips: traced?.databaseRoundTrips ?? 1, rows });
      return;
    }
    attempt.isQueried = true;
    this.#completeWhenReady(attempt);
  }

  answered(attempt: Attempt, ok: boolean): void {
    attempt.isQueried = true;
    attempt.isAtDatabase = false;
    // Also where the try itself is over by now: others may wait for what it fetched.
    const others = this.#cache?.filled(attempt, ok ? undefined : 'rejected');
    if (ok) this.#completeWhenReady(attempt);
    else this.#server?.complete(attempt, 'rejected');
    if (others !== undefined) for (const other of others) this.#completeWhenReady(other);
  }

  /** What the try was to fetch, nobody fetches now: that fails for all who wait for it. Only a
   * query that is under way goes on without its try, unless the process is gone. */
  forget(attempt: Attempt, failure: ServerFailure): void {
    if (failure !== 'reset' && attempt.isAtDatabase) return;
    const others = this.#cache?.filled(attempt, failure);
    if (others !== undefined) for (const other of others) this.#completeWhenReady(other);
  }

  crashed(replica: number): void {
    this.#database.crashed?.(replica);
  }

  restarted(): void {
    this.#cache?.clear();
  }

  flushCache(): boolean {
    this.#cache?.flush();
    return this.#cache !== undefined;
  }

  cacheHitShare(): number | undefined {
    return this.#cache?.hitShare;
  }

  #completeWhenReady(attempt: Attempt): void {
    const { isQueried, awaitedKeys, lostKeyTo } = attempt;
    if (!isQueried || (awaitedKeys > 0 && lostKeyTo === undefined)) return;
    this.#server?.complete(attempt, lostKeyTo);
  }
}
