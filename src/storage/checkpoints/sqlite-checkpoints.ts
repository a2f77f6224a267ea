/** Checkpoints and rows in one SQLite file. Rows of its transactional sinks, positions and state of
 * a checkpoint are written in one transaction: it is complete with all of its rows, or there is
 * nothing of it. Upsert sinks write as soon as a barrier comes: what comes again after a crash
 * replaces itself. Spec: W119, W122. */
import type Database from 'better-sqlite3';
import type {
  CheckpointSink,
  CheckpointStore,
  SavedCheckpoint,
} from '../../domain/checkpoint-ports.ts';
import type { PlainValue } from '../../domain/plain-value.ts';
import { EngineError } from '../../kernel/errors.ts';
import { openStored, storing } from '../durable-sqlite.ts';

/** Options of {@link openSqliteCheckpoints}. */
export interface SqliteCheckpointsOptions {
  /** A file, made if missing, or `:memory:`. */
  readonly path: string;
  /** Names the job: several share a file. */
  readonly job: string;
  /** Complete checkpoints that are kept. Default 3. */
  readonly retain?: number;
  /** What a checkpoint survives. Default `power`. */
  readonly survives?: 'process' | 'power';
}

/** A table that rows go to. */
export interface TableSpec {
  /** Letters, digits and underscores; made if missing. */
  readonly table: string;
  readonly columns: readonly string[];
  /** Columns that make a row's identity: a row replaces the one before. Default: rows are added. */
  readonly key?: readonly string[];
}

/** A row that a table can hold: texts, numbers, flags (0 or 1), nulls; the rest as JSON. */
export type TableRow = { readonly [column: string]: PlainValue };

/** An open file. */
export interface SqliteCheckpoints {
  readonly store: CheckpointStore;
  /** A sink whose rows are written in the checkpoint's own transaction. */
  tableSink(spec: TableSpec): CheckpointSink<TableRow>;
  /** A sink that is exactly-once because rows have identity and replays are the same.
   * @throws EngineError `PIPELINE_BAD_ARGUMENT` for a table without key. */
  upsertSink(spec: TableSpec): CheckpointSink<TableRow>;
  /** Numbers of the checkpoints kept, ascending. */
  retained(): readonly number[];
  close(): void;
}

/** Opens a file of checkpoints.
 * @throws EngineError `STORAGE_UNWRITABLE`, as does whatever writes; `PIPELINE_BAD_ARGUMENT`. */
export function openSqliteCheckpoints(options: SqliteCheckpointsOptions): SqliteCheckpoints {
  const { path, retain = 3, survives = 'power' } = options;
  if (!Number.isSafeInteger(retain) || retain < 1) {
    throw bad('retain', retain, 'must be a whole number, at least 1');
  }
  const synchronous = survives === 'power' ? 'FULL' : 'OFF';
  return openStored(
    path,
    { journal: 'WAL', synchronous },
    (database) => new CheckpointFile(database, options.job, retain),
  );
}

type Write = (rows: readonly TableRow[]) => void;

class CheckpointFile implements SqliteCheckpoints {
  readonly #database: Database.Database;
  readonly #job: string;
  readonly #retain: number;
  /** Each writes and, once the transaction has succeeded, forgets what it wrote. */
  readonly #pending: { write(upTo: number): void; forget(upTo: number): void }[] = [];
  readonly store: CheckpointStore;

  constructor(database: Database.Database, job: string, retain: number) {
    this.#job = job;
    this.#retain = retain;
    this.#database = database;
    this.#database.exec(`CREATE TABLE IF NOT EXISTS job_checkpoint (job TEXT NOT NULL,
      checkpoint INTEGER NOT NULL, state TEXT NOT NULL, PRIMARY KEY (job, checkpoint)
      ) STRICT, WITHOUT ROWID`);
    this.store = this.#createStore();
  }

  tableSink(spec: TableSpec): CheckpointSink<TableRow> {
    const write = this.#createTable(spec);
    let open: TableRow[] = [];
    let epochs: { readonly checkpoint: number; readonly rows: readonly TableRow[] }[] = [];
    this.#pending.push({
      write: (upTo) => {
        for (const { checkpoint, rows } of epochs) if (checkpoint <= upTo) write(rows);
      },
      forget: (upTo) => {
        epochs = epochs.filter(({ checkpoint }) => checkpoint > upTo);
      },
    });
    return {
      write: (row) => {
        open.push(row);
      },
      preCommit(checkpoint, answer) {
        epochs.push({ checkpoint, rows: open });
        open = [];
        answer({ kind: 'done' });
      },
      // Saving the checkpoint has shown them.
      commit: () => undefined,
      recover() {
        open = [];
        epochs = [];
      },
    };
  }

  upsertSink(spec: TableSpec): CheckpointSink<TableRow> {
    if (spec.key === undefined) {
      throw bad('key', spec.table, 'has none; a table without is for tableSink');
    }
    const path = this.#database.name;
    const write = this.#database.transaction(this.#createTable(spec));
    let open: TableRow[] = [];
    return {
      write: (row) => {
        open.push(row);
      },
      preCommit(_checkpoint, answer) {
        storing(path, () => write(open));
        open = [];
        answer({ kind: 'done' });
      },
      commit: () => undefined,
      recover() {
        open = [];
      },
    };
  }

  retained(): readonly number[] {
    const numbers = this.#database.prepare(
      'SELECT checkpoint FROM job_checkpoint WHERE job = ? ORDER BY checkpoint',
    );
    return numbers.pluck().all(this.#job) as number[];
  }

  close(): void {
    this.#database.close();
  }

  #createStore(): CheckpointStore {
    const insert = this.#database.prepare('INSERT INTO job_checkpoint VALUES (?, ?, ?)');
    const prune = this.#database.prepare(
      `DELETE FROM job_checkpoint WHERE job = ? AND checkpoint NOT IN (SELECT checkpoint
       FROM job_checkpoint WHERE job = ? ORDER BY checkpoint DESC LIMIT ?)`,
    );
    const latest = this.#database.prepare(
      `SELECT checkpoint, state AS text FROM job_checkpoint WHERE job = ?
       ORDER BY checkpoint DESC LIMIT 1`,
    );
    const save = this.#database.transaction(({ checkpoint, text }: SavedCheckpoint) => {
      for (const one of this.#pending) one.write(checkpoint);
      insert.run(this.#job, checkpoint, text);
      prune.run(this.#job, this.#job, this.#retain);
    });
    return {
      save: (saved) => {
        storing(this.#database.name, () => save(saved));
        for (const one of this.#pending) one.forget(saved.checkpoint);
      },
      latest: () =>
        storing(this.#database.name, () => latest.get(this.#job)) as SavedCheckpoint | undefined,
    };
  }

  #createTable({ table, columns, key }: TableSpec): Write {
    for (const name of [table, ...columns, ...(key ?? [])]) checkName(name);
    const missing = key?.find((column) => !columns.includes(column));
    if (missing !== undefined) throw bad('key', missing, `is no column of ${table}`);
    const end = key === undefined ? ')' : `, PRIMARY KEY (${key.join(', ')})) WITHOUT ROWID`;
    const sql = `CREATE TABLE IF NOT EXISTS ${table} (${columns.join(', ')}${end}`;
    storing(this.#database.name, () => this.#database.exec(sql));
    const marks = columns.map(() => '?').join(', ');
    const verb = key === undefined ? 'INSERT' : 'INSERT OR REPLACE';
    const insert = this.#database.prepare(
      `${verb} INTO ${table} (${columns.join(', ')}) VALUES (${marks})`,
    );
    return (rows) => {
      for (const row of rows) insert.run(columns.map((column) => columnValue(row[column])));
    };
  }
}

function columnValue(value: PlainValue | undefined): string | number | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

function checkName(name: string): void {
  if (/^[A-Za-z_]\w*$/.test(name)) return;
  throw bad('name', name, 'must be letters, digits and underscores');
}

function bad(argument: string, found: unknown, rule: string): EngineError {
  return new EngineError('PIPELINE_BAD_ARGUMENT', `sink.${argument}: ${String(found)} ${rule}`, {
    argument,
    found,
  });
}
