/** Opens a warehouse's file and brings it to the version of this code, in one transaction. */
import Database from 'better-sqlite3';
import { EngineError } from '../../kernel/errors.ts';
import { dropViews, refreshViews } from './metric-views.ts';
import { MIGRATIONS, SCHEMA_VERSION } from './schema.ts';

/** What a commit survives. */
export type Survives = 'nothing' | 'process' | 'power';

/** By default a rollback journal in memory and no syncing: a run whose process dies is run again (a
 * file that must survive that is written beside and renamed), and one file is easier to hand
 * around than a file and its write-ahead log.
 * @throws EngineError `WAREHOUSE_UNREADABLE`, and `WAREHOUSE_UNWRITABLE` where it is locked or the
 * disk is full; the file is as it was. */
export function openDatabase(options: {
  readonly path: string;
  readonly survives: Survives;
  readonly lockTimeoutMs: number;
}): Database.Database {
  const { path, survives, lockTimeoutMs } = options;
  let database: Database.Database | undefined;
  try {
    database = new Database(path, { timeout: lockTimeoutMs });
    database.pragma(`synchronous = ${survives === 'power' ? 'FULL' : 'OFF'}`);
    database.pragma(`journal_mode = ${survives === 'nothing' ? 'MEMORY' : 'WAL'}`);
    // 3 % less time a row than SQLite's own 4 KiB (bench `pipeline`).
    database.pragma('page_size = 8192');
    database.pragma('cache_size = -65536');
    migrate(database, path);
    return database;
  } catch (cause) {
    database?.close();
    if (cause instanceof EngineError) throw cause;
    if (cause instanceof Database.SqliteError) {
      const [reason, told, remedy] = whyNot(cause as unknown as SqliteTrouble);
      if (reason !== 'other') throw unwritable(path, { reason, told, remedy, cause });
    }
    throw unreadable(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

/** Walks through the versions that the file has not seen. */
function migrate(database: Database.Database, path: string): void {
  const version = Number(database.pragma('user_version', { simple: true }));
  const tables = Number(database.prepare('SELECT count(*) FROM sqlite_master').pluck().get());
  if (version > SCHEMA_VERSION) {
    throw new EngineError(
      'WAREHOUSE_UNREADABLE',
      `${path}: its schema version is ${version}, not ${SCHEMA_VERSION}: ` +
        'a newer backlot wrote it; open it with that one, or name another file',
      { path },
    );
  }
  if (version === 0 && tables > 0) throw unreadable(path, 'it is no warehouse of backlot');
  const step = database.transaction(() => {
    if (version < SCHEMA_VERSION) dropViews(database);
    for (const sql of MIGRATIONS.slice(version)) database.exec(sql);
    if (version < SCHEMA_VERSION) database.pragma(`user_version = ${SCHEMA_VERSION}`);
    refreshViews(database);
  });
  step();
}

/** What SQLite's errors carry. */
export type SqliteTrouble = Error & { readonly code: string };

/** Why SQLite did not write: the kind, in words, and the remedy. */
export function whyNot({ code, message }: SqliteTrouble) {
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return ['busy', 'another process has it locked', 'let that one finish'] as const;
  }
  if (code === 'SQLITE_FULL' || code.startsWith('SQLITE_IOERR')) {
    return ['full', `the disk takes no more (${message})`, 'make room'] as const;
  }
  return ['other', `SQLite refused (${message})`, 'mend that'] as const;
}

/** A good file must not be taken for one to delete. */
function unwritable(
  path: string,
  why: {
    readonly reason: 'busy' | 'full';
    readonly told: string;
    readonly remedy: string;
    readonly cause: unknown;
  },
): EngineError {
  const { reason, told, remedy, cause } = why;
  const message = `${path}: ${told}; nothing was changed; ${remedy}, then try again`;
  return new EngineError('WAREHOUSE_UNWRITABLE', message, { path, reason }, { cause });
}

function unreadable(path: string, reason: string, cause?: unknown): EngineError {
  return new EngineError(
    'WAREHOUSE_UNREADABLE',
    `${path}: ${reason}; name another file, or delete this one to start anew`,
    { path },
    cause === undefined ? {} : { cause },
  );
}
