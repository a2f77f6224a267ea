/** The warehouse: SQLite. A batch's facts, panes, bad rows, counts and source offsets are written
 * in one transaction: all of it or nothing. Writing a batch again changes nothing, because facts
 * and panes are keyed by what they are. Spec: S2–S5. */
import Database from 'better-sqlite3';
import type { CommitBatch, CommittedState, PipelineSink } from '../domain/pipeline-ports.ts';
import { EngineError } from '../kernel/errors.ts';
import { openStateTable, type StateTable } from './state-table.ts';
import { createBatchWriter } from './warehouse/batch-writer.ts';
import { type DerivedCounts, deriveFacts, touchEverything } from './warehouse/derived-facts.ts';
import { type DimensionRows, describeDimensions } from './warehouse/dimensions.ts';
import {
  openDatabase,
  type SqliteTrouble,
  type Survives,
  whyNot,
} from './warehouse/open-database.ts';
import { forgetResults } from './warehouse/result-writer.ts';

/** An open warehouse. */
export interface Warehouse extends PipelineSink {
  committedState(): CommittedState | undefined;
  /** Adds what events do not tell of titles, users and experiments. The same rows again change
   * nothing; a user's row with another start closes the one before it. */
  describe(dimensions: DimensionRows): void;
  /** Brings plays and impressions up to date with the facts, at the cost of a few scans. The result
   * does not depend on when, or how often, it was called. Spec: S64. */
  derive(): DerivedCounts;
  /** Derives everything anew. */
  rebuild(): DerivedCounts;
  /** Forgets what these plans told of this source, which is about to be read from its beginning. */
  forgetResults(pipelines: readonly string[]): void;
  /** Rows of a query, as objects. Parameters are bound, never pasted. */
  query(
    sql: string,
    parameters?: readonly (string | number | null)[],
  ): readonly Readonly<Record<string, unknown>>[];
  /** Closes it; a file is then complete in itself. */
  close(): void;
}

/** Options of {@link openWarehouse}. */
export interface WarehouseOptions {
  /** A file, made if missing, or `:memory:`. */
  readonly path: string;
  /** Names the log that offsets belong to; several sources share a warehouse. */
  readonly source?: string;
  /** What a commit survives: nothing (default; a run that dies is run again), the end of the
   * `process`, or the loss of `power`. */
  readonly survives?: Survives;
  /** How long a commit waits for another process that has the file locked. Default 5,000. */
  readonly lockTimeoutMs?: number;
}

/** Opens a warehouse.
 * @throws EngineError `WAREHOUSE_UNREADABLE` for a file that is no warehouse of this version. */
export function openWarehouse(options: WarehouseOptions): Warehouse {
  const { path, source = 'clickstream', survives = 'nothing', lockTimeoutMs = 5_000 } = options;
  return new SqliteWarehouse(openDatabase({ path, survives, lockTimeoutMs }), source);
}

class SqliteWarehouse implements Warehouse {
  readonly #database: Database.Database;
  readonly #source: string;
  readonly #state: StateTable;
  #write: (batch: CommitBatch) => void;

  constructor(database: Database.Database, source: string) {
    this.#database = database;
    this.#source = source;
    this.#state = openStateTable(database, source);
    this.#write = createBatchWriter(database, source);
  }

  commit(batch: CommitBatch): void {
    this.#transact(() => {
      this.#write(batch);
      if (batch.state !== undefined) this.#state.write(batch.state);
    });
  }

  describe(dimensions: DimensionRows): void {
    this.#transact(() => describeDimensions(this.#database, dimensions));
    this.#write = createBatchWriter(this.#database, this.#source);
  }

  derive(): DerivedCounts {
    return this.#transact(() => deriveFacts(this.#database));
  }

  rebuild(): DerivedCounts {
    return this.#transact(() => {
      touchEverything(this.#database);
      return deriveFacts(this.#database);
    });
  }

  forgetResults(pipelines: readonly string[]): void {
    this.#transact(() => forgetResults(this.#database, this.#source, pipelines));
  }

  committedOffsets(partitionCount: number): readonly number[] {
    const offsets = new Array<number>(partitionCount).fill(0);
    const rows = this.query(
      'SELECT log_partition, next_offset FROM source_offset WHERE source = ?',
      [this.#source],
    );
    for (const row of rows) offsets[Number(row['log_partition'])] = Number(row['next_offset']);
    return offsets;
  }

  committedState(): CommittedState | undefined {
    return this.#state.read();
  }

  query(
    sql: string,
    parameters: readonly (string | number | null)[] = [],
  ): readonly Readonly<Record<string, unknown>>[] {
    return this.#database.prepare(sql).all(...parameters) as readonly Record<string, unknown>[];
  }

  close(): void {
    this.#database.close();
  }

  /** All or nothing. */
  #transact<T>(write: () => T): T {
    try {
      return this.#database.transaction(write).immediate();
    } catch (error) {
      // Its memory of dimension keys may be ahead of the rolled-back tables.
      this.#write = createBatchWriter(this.#database, this.#source);
      if (!(error instanceof Database.SqliteError)) throw error;
      throw unwritable(this.#database.name, error as unknown as SqliteTrouble);
    }
  }
}

function unwritable(path: string, cause: SqliteTrouble): EngineError {
  const [reason, told, remedy] = whyNot(cause);
  return new EngineError(
    'WAREHOUSE_UNWRITABLE',
    `${path}: ${told}; nothing of the batch was written; ${remedy}, then commit it again`,
    { path, reason },
    { cause },
  );
}
