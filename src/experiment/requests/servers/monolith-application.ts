/** What a monolith does with a page: one resolution in process, then its database as often as one
 * look-up depends on another. */
import type { PageTraceRun, PageTraces } from '../../../gateway/page-trace.ts';
import { invariant } from '../../../kernel/errors.ts';
import type { Attempt } from '../calls/call.ts';
import type { Demands } from '../calls/demands.ts';
import type { Database, DatabaseListener } from './database.ts';
import type { Application, Server } from './server.ts';

/** What a monolith's application is made of. */
export interface MonolithApplicationOptions {
  readonly traces: PageTraces;
  readonly demands: Demands;
  readonly createDatabase: (listener: DatabaseListener) => Database;
}

/** A page in the making. */
interface Resolution {
  readonly run: PageTraceRun;
  readonly roundTrips: number;
  readonly rows: number;
}

/** The application of a monolith. */
export class MonolithApplication implements Application, DatabaseListener {
  readonly stopsAtHangUp = false;
  readonly #o: MonolithApplicationOptions;
  readonly #database: Database;
  readonly #resolutions = new Map<Attempt, Resolution>();
  #server: Server | undefined;

  constructor(options: MonolithApplicationOptions) {
    this.#o = options;
    this.#database = options.createDatabase(this);
  }

  begin(attempt: Attempt, server: Server): void {
    this.#server = server;
    const { traces, demands } = this.#o;
    const { request } = attempt.call;
    const run = traces.begin(request.plan, request.variables);
    const [call, ...others] = run.start();
    invariant(call !== undefined && others.length === 0, 'MONOLITH_PLAN', { page: request.page });
    const rows = Object.values(call.work).reduce((sum, entities) => sum + entities, 0);
    this.#resolutions.set(attempt, { run, roundTrips: call.databaseRoundTrips, rows });
    const { totalUs, entitiesUs } = demands.of(request, call, demands.begin());
    server.work(attempt, totalUs, entitiesUs);
  }

  worked(attempt: Attempt): void {
    const { roundTrips = 1, rows = 1 } = this.#resolutions.get(attempt) ?? {};
    this.#database.query(attempt, { roundTrips, rows });
  }

  answered(attempt: Attempt, ok: boolean): void {
    const resolution = this.#resolutions.get(attempt);
    this.forget(attempt);
    if (resolution === undefined) return;
    resolution.run.complete(0, ok ? 'answered' : 'failed');
    attempt.end = resolution.run.end();
    this.#server?.complete(attempt, ok ? undefined : 'rejected');
  }

  crashed(replica: number): void {
    this.#database.crashed?.(replica);
  }

  forget(attempt: Attempt): void {
    this.#resolutions.delete(attempt);
  }
}
