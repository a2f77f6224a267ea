/** Opens a warehouse's file and brings it to the version of this code, in one transaction. */
import Database from 'better-sqlite3';
import { EngineError } from '../../kernel/errors.ts';
import { SET_UP_REMEDY, setUp } from '../durable-sqlite.ts';
import { dropViews, refreshViews } from './metric-views.ts';
import { MIGRATIONS, SCHEMA_VERSION } from './schema.ts';

/** What a commit survives. */
export type Survives = 'nothing' | 'process' | 'power';

/** By default a rollback journal in memory and no syncing: a run whose process dies is run again (a
 * file that must survive that is written beside and renamed), and one file is easier to hand
 * around than a file and its write-ahead log.
 * @param begin - What else must go well for it to be open.
 * @throws EngineError `WAREHOUSE_UNREADABLE`, and `WAREHOUSE_UNWRITABLE` where it is locked, the
 * disk is full or fails, or SQLite has no journal as asked; the file is as it was. */
export function openDatabase<T>(
  options: {
    readonly path: string;
    readonly survives: Survives;
    readonly lockTimeoutMs: number;
  },
  begin: (database: Database.Database) => T,
): T {
  const { path, survives, lockTimeoutMs } = options;
  let database: Database.Database | undefined;
  try {
    database = new Database(path, { timeout: lockTimeoutMs });
    // 3 % less time a row than SQLite's own 4 KiB (bench `pipeline`). A write-ahead log fixes it.
    database.pragma('page_size = 8192');
    database.pragma('cache_size = -65536');
    const told = setUp(database, {
      journal: survives === 'nothing' ? 'MEMORY' : 'WAL',
      synchronous: survives === 'power' ? 'FULL' : 'OFF',
    });
    if (told !== undefined) {
      throw unwritable(path, { reason: 'journal', told, remedy: SET_UP_REMEDY, cause: undefined });
    }
    migrate(database, path);
    return begin(database);
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

/** Names a database in memory. */
export const MEMORY = ':memory:';
/** An empty warehouse, once one was made. */
let emptyImage: Buffer | undefined;

/** Opens one in memory, from the image of an empty one: migrating takes twenty times as long.
 * SQLite lets such a database grow to 1 GiB. */
export function openEmptyInMemory(): Database.Database {
  if (emptyImage === undefined) {
    const usual = { path: MEMORY, survives: 'nothing', lockTimeoutMs: 0 } as const;
    const empty = openDatabase(usual, (database) => database);
    emptyImage = empty.serialize();
    empty.close();
  }
  const database = new Database(emptyImage);
  database.pragma('synchronous = OFF');
  database.pragma('journal_mode = MEMORY');
  return database;
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
  if (code === 'SQLITE_FULL') {
    return ['full', `the disk takes no more (${message})`, 'make room'] as const;
  }
  if (code.startsWith('SQLITE_IOERR') || code.startsWith('SQLITE_CANTOPEN')) {
    return ['disk', `the disk refused (${message})`, 'make room or mend it'] as const;
  }
  return ['other', `SQLite refused (${message})`, 'mend that'] as const;
}

/** A good file must not be taken for one to delete. */
function unwritable(
  path: string,
  why: {
    readonly reason: 'busy' | 'full' | 'disk' | 'journal';
    readonly told: string;
    readonly remedy: string;
    readonly cause: unknown;
  },
): EngineError {
  const { reason, told, remedy, cause } = why;
  const message = `${path}: ${told}; nothing was changed; ${remedy}, then try again`;
  const from = cause === undefined ? {} : { cause };
  return new EngineError('WAREHOUSE_UNWRITABLE', message, { path, reason }, from);
}

function unreadable(path: string, reason: string, cause?: unknown): EngineError {
  return new EngineError(
    'WAREHOUSE_UNREADABLE',
    `${path}: ${reason}; name another file, or delete this one to start anew`,
    { path },
    cause === undefined ? {} : { cause },
  );
}
