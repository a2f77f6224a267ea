/** How SQLite files are set up: what is asked for is what SQLite then says of itself, or the file
 * is refused. SQLite keeps silent where it cannot have a journal as asked, on some disks and after
 * some errors, and commits would survive less than promised. Spec: S328. */
import Database from 'better-sqlite3';
import { EngineError } from '../kernel/errors.ts';

/** What a transaction survives, in SQLite's words. */
export interface SqliteDurability {
  readonly journal: 'WAL' | 'DELETE' | 'MEMORY';
  /** `EXTRA` also brings the end of a rollback journal to the disk: with `FULL`, a loss of power
   * can bring it back, and the last transaction is then undone. A write-ahead log needs only
   * `FULL`. */
  readonly synchronous: 'OFF' | 'FULL' | 'EXTRA';
}

const LEVELS: Readonly<Record<SqliteDurability['synchronous'], number>> = {
  OFF: 0,
  FULL: 2,
  EXTRA: 3,
};

/** Sets a database up. One in memory has its journal there, whatever is asked.
 * @returns what SQLite does not do as asked, in words; undefined where all is well.
 * @throws what SQLite throws. */
export function setUp(
  database: Database.Database,
  { journal, synchronous }: SqliteDurability,
): string | undefined {
  const said = (pragma: string) => database.pragma(pragma, { simple: true });
  said(`synchronous = ${synchronous}`);
  said('foreign_keys = ON');
  const wanted = database.name === ':memory:' ? 'memory' : journal.toLowerCase();
  said(`journal_mode = ${journal}`);
  // Where changing it left a journal behind, the first read rolls the change back, and SQLite,
  // which has answered "wal", says so only from then on.
  database.prepare('SELECT count(*) FROM sqlite_master').get();
  const found = String(said('journal_mode'));
  if (found !== wanted) return `SQLite's journal mode is "${found}" instead of "${wanted}"`;
  if (said('synchronous') !== LEVELS[synchronous]) return `SQLite does not sync: ${synchronous}`;
  return said('foreign_keys') === 1 ? undefined : 'SQLite does not check foreign keys';
}

/** What to do where a file cannot be set up. */
export const SET_UP_REMEDY =
  'put it on a local disk, let other processes close it, and make room if there is none';

/** Opens a file of rows and commits, and runs what needs it to begin.
 * @throws EngineError `STORAGE_UNWRITABLE`; then it is closed. */
export function openStored<T>(
  path: string,
  durability: SqliteDurability,
  begin: (database: Database.Database) => T,
): T {
  let database: Database.Database | undefined;
  try {
    database = new Database(path);
    const problem = setUp(database, durability);
    if (problem !== undefined) {
      throw new EngineError('STORAGE_UNWRITABLE', `${path}: ${problem}; ${SET_UP_REMEDY}`, {
        path,
      });
    }
    const opened = database;
    return storing(path, () => begin(opened));
  } catch (cause) {
    database?.close();
    throw cause instanceof Database.SqliteError ? unwritable(path, cause) : cause;
  }
}

/** Runs what reads or writes such a file. @throws EngineError `STORAGE_UNWRITABLE`. */
export function storing<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw cause instanceof Database.SqliteError ? unwritable(path, cause) : cause;
  }
}

function unwritable(path: string, cause: { readonly message: string }): EngineError {
  return new EngineError(
    'STORAGE_UNWRITABLE',
    `${path}: it cannot be written (${cause.message}); make room or choose a writable place, ` +
      'then try again',
    { path },
    { cause },
  );
}
