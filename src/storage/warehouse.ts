/** The warehouse: SQLite. A batch's facts, panes, bad rows, counts and source offsets are written
 * in one transaction: all of it or nothing. Writing a batch again changes nothing, because facts
 * and panes are keyed by what they are. Spec: S2–S5. */
import Database from 'better-sqlite3';
import type { CommitBatch, CommittedState, PipelineSink } from '../domain/pipeline-ports.ts';
import { EngineError } from '../kernel/errors.ts';
import { Connection, openSmall } from './connection.ts';
import { openStateTable, type StateTable } from './state-table.ts';
import { createBatchWriter } from './warehouse/batch-writer.ts';
import { type DerivedCounts, deriveFacts, touchEverything } from './warehouse/derived-facts.ts';
import { type DimensionRows, describeDimensions } from './warehouse/dimensions.ts';
import {
  type HistoryCounts,
  type HistoryWriter,
  writeHistory,
} from './warehouse/history/history-writer.ts';
import {
  MEMORY,
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
  /** Writes plays and impressions that no events tell of, in one transaction: if `fill` throws,
   * nothing was written. Spec: M10.
   * @throws EngineError `WAREHOUSE_UNKNOWN_TITLE` for a title that was not described. */
  writeHistory(fill: (writer: HistoryWriter) => void): HistoryCounts;
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
  /** Rows of a query one by one, as arrays in the order of the columns, for millions of them: about
   * half of the time of {@link query}, and no memory. While it runs nothing else may be asked. */
  scan(
    sql: string,
    parameters?: readonly (string | number | null)[],
  ): IterableIterator<readonly unknown[]>;
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
  /** Of a warehouse in memory: it stays far below 1 GiB, and opens in a tenth of the time, or in
   * none where another one has been closed before. */
  readonly isSmall?: boolean;
}

/** Opens a warehouse.
 * @throws EngineError `WAREHOUSE_UNREADABLE` for a file that is no warehouse of this version,
 * `WAREHOUSE_UNWRITABLE` for one that is locked, or that cannot be kept as `survives` asks. */
export function openWarehouse(options: WarehouseOptions): Warehouse {
  const { path, source = 'clickstream', survives = 'nothing', lockTimeoutMs = 5_000 } = options;
  if (options.isSmall === true && path === MEMORY) return new SqliteWarehouse(openSmall(), source);
  return openDatabase(
    { path, survives, lockTimeoutMs },
    (database) => new SqliteWarehouse(new Connection(database), source),
  );
}

const SELECT_OFFSETS = 'SELECT log_partition, next_offset FROM source_offset WHERE source = ?';

class SqliteWarehouse implements Warehouse {
  /** Undefined once it is closed. */
  #connection: Connection | undefined;
  readonly #source: string;
  readonly #state: StateTable;
  /** Made anew after a failure: its memory of dimension keys may be ahead of the rolled-back
   * tables. */
  #write: ((batch: CommitBatch) => void) | undefined;

  constructor(connection: Connection, source: string) {
    this.#connection = connection;
    this.#source = source;
    this.#state = openStateTable(connection, source);
    this.#write = createBatchWriter(connection, source);
  }

  commit(batch: CommitBatch): void {
    this.#transact(() => {
      this.#write ??= createBatchWriter(this.#open, this.#source);
      this.#write(batch);
      if (batch.state !== undefined) this.#state.write(batch.state);
    });
  }

  describe(dimensions: DimensionRows): void {
    this.#transact(() => describeDimensions(this.#open.database, dimensions));
    this.#write = undefined;
  }

  writeHistory(fill: (writer: HistoryWriter) => void): HistoryCounts {
    return this.#transact(() => writeHistory(this.#open, fill));
  }

  derive(): DerivedCounts {
    return this.#transact(() => deriveFacts(this.#open.database));
  }

  rebuild(): DerivedCounts {
    return this.#transact(() => {
      touchEverything(this.#open.database);
      return deriveFacts(this.#open.database);
    });
  }

  forgetResults(pipelines: readonly string[]): void {
    this.#transact(() => forgetResults(this.#open.database, this.#source, pipelines));
  }

  committedOffsets(partitionCount: number): readonly number[] {
    const offsets = new Array<number>(partitionCount).fill(0);
    const select = this.#open.prepare(SELECT_OFFSETS).raw();
    const rows = select.all(this.#source) as readonly (readonly number[])[];
    for (const [partition, offset] of rows) offsets[Number(partition)] = Number(offset);
    return offsets;
  }

  committedState(): CommittedState | undefined {
    return this.#state.read();
  }

  query(
    sql: string,
    parameters: readonly (string | number | null)[] = [],
  ): readonly Readonly<Record<string, unknown>>[] {
    return this.#open.ask(sql, parameters);
  }

  scan(
    sql: string,
    parameters: readonly (string | number | null)[] = [],
  ): IterableIterator<readonly unknown[]> {
    const rows = this.#open.database
      .prepare<unknown[]>(sql)
      .raw()
      .iterate(...parameters);
    return rows as IterableIterator<readonly unknown[]>;
  }

  close(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  get #open(): Connection {
    if (this.#connection === undefined) throw new TypeError('the warehouse is closed');
    return this.#connection;
  }

  /** All or nothing. */
  #transact<T>(write: () => T): T {
    const connection = this.#open;
    try {
      return connection.transact(write);
    } catch (error) {
      this.#write = undefined;
      if (!(error instanceof Database.SqliteError)) throw error;
      throw unwritable(connection.database.name, error as unknown as SqliteTrouble);
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
