/** The warehouse: SQLite. A batch's facts, panes, bad rows, counts and source offsets are written
 * in one transaction: all of it or nothing. Writing a batch again changes nothing, because facts
 * and panes are keyed by what they are. Spec: S2–S5. */
import Database from 'better-sqlite3';
import type {
  BadRow,
  CommitBatch,
  LateEvent,
  PipelineSink,
  StageCount,
  WindowPane,
} from '../domain/pipeline-ports.ts';
import { EngineError } from '../kernel/errors.ts';
import { createFactWriter } from './fact-writer.ts';
import { CREATE_TABLES, SCHEMA_VERSION } from './schema.ts';

/** An open warehouse. */
export interface Warehouse extends PipelineSink {
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
}

/** Opens a warehouse.
 * @throws EngineError `WAREHOUSE_UNREADABLE` for a file that is no warehouse of this version. */
export function openWarehouse(options: WarehouseOptions): Warehouse {
  return new SqliteWarehouse(openDatabase(options.path), options.source ?? 'clickstream');
}

class SqliteWarehouse implements Warehouse {
  readonly #database: Database.Database;
  readonly #source: string;
  #write: (batch: CommitBatch) => void;

  constructor(database: Database.Database, source: string) {
    this.#database = database;
    this.#source = source;
    this.#write = createBatchWriter(database, source);
  }

  commit(batch: CommitBatch): void {
    try {
      this.#database.transaction(this.#write)(batch);
    } catch (error) {
      // Its memory of dimension keys may be ahead of the rolled-back tables.
      this.#write = createBatchWriter(this.#database, this.#source);
      throw error;
    }
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

  query(
    sql: string,
    parameters: readonly (string | number | null)[] = [],
  ): readonly Readonly<Record<string, unknown>>[] {
    return this.#database.prepare(sql).all(...parameters) as readonly Record<string, unknown>[];
  }

  close(): void {
    this.#database.close();
  }
}

/** A rollback journal in memory and no syncing: a run whose process dies is run again (a file that
 * must survive that is written beside and renamed), and one file is easier to hand around than a
 * file and its write-ahead log. */
function openDatabase(path: string): Database.Database {
  try {
    const database = new Database(path);
    database.pragma('journal_mode = MEMORY');
    database.pragma('synchronous = OFF');
    database.pragma('cache_size = -65536');
    const version = database.pragma('user_version', { simple: true });
    const tables = database.prepare('SELECT count(*) FROM sqlite_master').pluck().get();
    if (version === 0 && tables === 0) {
      database.exec(CREATE_TABLES);
      return database;
    }
    if (version === SCHEMA_VERSION) return database;
    database.close();
    throw unreadable(path, `its schema version is ${version}, not ${SCHEMA_VERSION}`);
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    throw unreadable(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function unreadable(path: string, reason: string, cause?: unknown): EngineError {
  return new EngineError(
    'WAREHOUSE_UNREADABLE',
    `${path}: ${reason}; name another file, or delete this one to start anew`,
    { path },
    cause === undefined ? {} : { cause },
  );
}

function createBatchWriter(database: Database.Database, source: string) {
  const writeFacts = createFactWriter(database);
  const pane = database.prepare(
    `INSERT INTO pane VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
     value = excluded.value, timing = excluded.timing, pane_index = excluded.pane_index,
     emit_time_us = excluded.emit_time_us`,
  );
  const late = database.prepare('INSERT OR IGNORE INTO late_event VALUES (?, ?, ?, ?)');
  const bad = database.prepare('INSERT OR IGNORE INTO bad_row VALUES (?, ?, ?, ?, ?, ?)');
  const count = database.prepare(
    `INSERT INTO stage_count VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET events = excluded.events`,
  );
  const offset = database.prepare(
    `INSERT INTO source_offset VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
     next_offset = excluded.next_offset, watermark_us = excluded.watermark_us,
     process_time_us = excluded.process_time_us`,
  );
  const writePane = (p: WindowPane) =>
    pane.run(
      source,
      p.metric,
      p.windowStartUs,
      p.key,
      p.windowEndUs,
      p.value,
      p.timing,
      p.paneIndex,
      p.emitTimeUs,
    );
  const writeLate = (l: LateEvent) =>
    late.run(l.eventId, l.metric, l.eventTimeUs, bounded(l.watermarkUs));
  const writeBad = (b: BadRow) =>
    bad.run(source, b.partition, b.offset, b.ingestTimeUs, b.reason, b.payload);
  const writeCount = (stage: StageCount) => {
    count.run(source, stage.stage, 'received', '', stage.received);
    count.run(source, stage.stage, 'passed', '', stage.passed);
    for (const outcome of ['rejected', 'dropped'] as const) {
      for (const [reason, events] of Object.entries(stage[outcome])) {
        count.run(source, stage.stage, outcome, reason, events);
      }
    }
  };
  return (batch: CommitBatch) => {
    writeFacts(batch.facts);
    batch.panes.forEach(writePane);
    batch.late.forEach(writeLate);
    batch.badRows.forEach(writeBad);
    batch.stageCounts.forEach(writeCount);
    for (const [partition, next] of batch.nextOffsets.entries()) {
      offset.run(source, partition, next, bounded(batch.watermarkUs), batch.processTimeUs);
    }
  };
}

/** Watermarks begin at −∞ and end at +∞; SQLite keeps integers. */
function bounded(timeUs: number): number {
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, timeUs));
}
