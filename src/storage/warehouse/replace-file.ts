/** Puts a finished file in the place of a warehouse, unless another process works on that one or
 * has changed it since a copy was taken: what somebody was told to be stored is never replaced by a
 * file that lacks it, nor by one that the next loss of power takes away. Spec: S69, S329. */
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { EngineError } from '../../kernel/errors.ts';
import { type SqliteTrouble, whyNot } from './open-database.ts';

/** A warehouse's file as it was when somebody began to make its successor. */
export interface ReplacedFile {
  /** Copies it; without a file, nothing is copied. */
  copyTo(path: string): void;
  /** Gives the file at `path` its name. */
  replaceBy(path: string): void;
}

/** Options of {@link beginReplacing}. */
export interface ReplacingOptions {
  readonly path: string;
  /** How long another process that has it locked is waited for. Default 5,000. */
  readonly lockTimeoutMs?: number;
}

/** Looks at the file, and brings what waits in a write-ahead log into it.
 * @throws EngineError `WAREHOUSE_UNWRITABLE`, as do the functions of what is returned, where
 * another process has it locked or has changed it, or its write-ahead log cannot be brought into
 * it; other errors as the file system has them. Cost: a copy, and bringing it to the disk. */
export function beginReplacing(options: ReplacingOptions): ReplacedFile {
  const { path, lockTimeoutMs = 5_000 } = options;
  const lock = { path, lockTimeoutMs };
  if (existsSync(path)) whileLocked(lock, () => {});
  const known = versionOf(path);
  const checkUnchanged = () => {
    if (versionOf(path) !== known) throw busy(path, 'another process has changed it meanwhile');
  };
  return {
    copyTo(copy) {
      if (known === undefined) return;
      copyFileSync(path, copy);
      checkUnchanged();
    },
    replaceBy(successor) {
      bringToDisk(successor);
      if (known === undefined) publishNew(path, successor);
      else {
        checkUnchanged();
        whileLocked(lock, () => {
          checkUnchanged();
          renameSync(successor, path);
        });
      }
      bringToDisk(dirname(path));
    },
  };
}

/** A file's bytes, or a folder's names. */
function bringToDisk(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Undefined without a file. */
function versionOf(path: string): string | undefined {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat && `${stat.ino} ${stat.size} ${stat.mtimeNs}`;
}

/** Acts while no other process reads or writes. What is no database has nobody who locks it: what
 * opens its copy will say so. */
function whileLocked({ path, lockTimeoutMs }: Required<ReplacingOptions>, act: () => void): void {
  let database: Database.Database | undefined;
  try {
    database = new Database(path, { timeout: lockTimeoutMs, fileMustExist: true });
    // Ends a write-ahead log, which would outlive the file that it belongs to.
    if (existsSync(`${path}-wal`)) endWriteAheadLog(database, path);
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database?.close();
    database = undefined;
    if (!isNoDatabase(path, cause)) throw refusal(path, cause);
  }
  try {
    act();
  } finally {
    database?.close();
  }
}

/** Another process may have made one first: a link never replaces. */
function publishNew(path: string, successor: string): void {
  try {
    linkSync(successor, path);
    rmSync(successor);
  } catch (cause) {
    if (existsSync(path)) throw busy(path, 'another process has made it meanwhile', cause);
    // Some file systems have no links.
    renameSync(successor, path);
  }
}

function endWriteAheadLog(database: Database.Database, path: string): void {
  const journal = database.pragma('journal_mode = DELETE', { simple: true });
  if (journal !== 'delete') throw busy(path, 'another process has it open');
}

/** Only then may its write-ahead log, which nobody could read either, be passed over. */
function isNoDatabase(path: string, cause: unknown): boolean {
  const { code = '' } = cause as { readonly code?: string };
  return code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT') || !statSync(path).isFile();
}

function refusal(path: string, cause: unknown): unknown {
  if (!(cause instanceof Database.SqliteError)) return cause;
  const [reason, told, remedy] = whyNot(cause as unknown as SqliteTrouble);
  if (reason === 'busy') return busy(path, told, cause);
  return new EngineError(
    'WAREHOUSE_UNWRITABLE',
    `${path}: ${told}; nothing was changed; ${remedy}, then try again`,
    { path, reason },
    { cause },
  );
}

function busy(path: string, told: string, cause?: unknown): EngineError {
  return new EngineError(
    'WAREHOUSE_UNWRITABLE',
    `${path}: ${told}; nothing was changed; let that one finish, then try again`,
    { path, reason: 'busy' },
    cause === undefined ? {} : { cause },
  );
}
