/** One writer a log: a lock that the operating system takes back when its process ends, however it
 * ends. It is SQLite's, on an empty file beside the log, so that no lock is ever left behind by a
 * crash. Spec: S14. */
import Database from 'better-sqlite3';
import { EngineError } from '../../kernel/errors.ts';

/** A lock that is held. */
export interface WriterLock {
  release(): void;
}

/** Takes the lock. @throws EngineError `LOG_LOCKED` where another writer, of this process or of
 * another one, holds it; `LOG_UNWRITABLE` where the file cannot be made. */
export function takeWriterLock(path: string): WriterLock {
  let database: Database.Database | undefined;
  try {
    database = new Database(path, { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database?.close();
    const { code } = cause as { readonly code?: string };
    if (code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED') {
      const remedy = 'end the process that writes it, or open another folder';
      const message = `${path}: the log is being written already; ${remedy}`;
      throw new EngineError('LOG_LOCKED', message, { path }, { cause });
    }
    const systemCode = code ?? 'unknown';
    const message = `${path}: it cannot be locked (${systemCode}); choose a writable folder`;
    throw new EngineError('LOG_UNWRITABLE', message, { path, systemCode }, { cause });
  }
  const held = database;
  return { release: () => void held.close() };
}
