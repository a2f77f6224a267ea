/** The few things that the log asks of a file system, so that a test can fill the disk. All calls
 * but `syncLater` are synchronous and throw what Node throws. */
import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { takeWriterLock, type WriterLock } from './writer-lock.ts';

/** A file system as the log sees it. Files are descriptors. */
export interface LogFiles {
  /** Takes a lock that is gone with the process that holds it.
   * @throws EngineError `LOG_LOCKED`, `LOG_UNWRITABLE`. */
  lock(path: string): WriterLock;
  /** Makes the folder and those above it; there already is fine.
   * @param syncs - Whether to return once the names of all that were made are on the disk. */
  makeFolder(path: string, syncs: boolean): void;
  /** Names in a folder, in code unit order. */
  list(path: string): readonly string[];
  /** Opens for reading and writing, making the file where it is missing. */
  open(path: string): number;
  close(file: number): void;
  size(file: number): number;
  /** Fills `target` from the position on. @returns bytes read; fewer at the end of the file. */
  read(file: number, target: Uint8Array, position: number): number;
  /** Writes all bytes or throws; then some of them may be there. */
  write(file: number, bytes: Uint8Array, position: number): void;
  truncate(file: number, sizeBytes: number): void;
  /** Returns once the file's bytes are on the disk. */
  sync(file: number): void;
  /** The same beside the program: `done` is told once the bytes are on the disk, or what Node would
   * have thrown. The file must stay open until then. */
  syncLater(file: number, done: (error: unknown) => void): void;
  /** Returns once a folder's names are on the disk. */
  syncFolder(path: string): void;
  remove(path: string): void;
  /** @returns undefined where there is no such file. */
  readText(path: string): string | undefined;
  /** Replaces a small file as a whole: who reads sees the old text or the new one, whatever
   * happens. */
  replaceText(path: string, text: string): void;
}

/** Ends the name of a file that is about to replace another. */
export const REPLACEMENT_SUFFIX = '.next';

/** The file system of this machine. */
export const NODE_LOG_FILES: LogFiles = {
  lock: takeWriterLock,
  makeFolder(path, syncs) {
    const first = mkdirSync(path, { recursive: true });
    if (first === undefined || !syncs) return;
    const highest = dirname(resolve(first));
    for (let one = dirname(resolve(path)); ; one = dirname(one)) {
      syncNames(one);
      if (one === highest) return;
    }
  },
  list: (path) => readdirSync(path).sort(),
  open(path) {
    try {
      return openSync(path, 'r+');
    } catch (cause) {
      if (systemCodeOf(cause) !== 'ENOENT') throw cause;
      return openSync(path, 'wx+');
    }
  },
  close: closeSync,
  size: (file) => fstatSync(file).size,
  read(file, target, position) {
    let done = 0;
    while (done < target.length) {
      const count = readSync(file, target, done, target.length - done, position + done);
      if (count === 0) break;
      done += count;
    }
    return done;
  },
  write(file, bytes, position) {
    let done = 0;
    while (done < bytes.length) {
      done += writeSync(file, bytes, done, bytes.length - done, position + done);
    }
  },
  truncate: ftruncateSync,
  sync: fdatasyncSync,
  syncLater: (file, done) => fdatasync(file, (error) => done(error ?? undefined)),
  syncFolder: syncNames,
  remove(path) {
    // Not rmSync: what it throws has no code.
    try {
      unlinkSync(path);
    } catch (cause) {
      if (systemCodeOf(cause) !== 'ENOENT') throw cause;
    }
  },
  readText(path) {
    try {
      return readFileSync(path, 'utf8');
    } catch (cause) {
      if (systemCodeOf(cause) === 'ENOENT') return undefined;
      throw cause;
    }
  },
  replaceText(path, text) {
    const next = `${path}${REPLACEMENT_SUFFIX}`;
    try {
      writeFileSync(next, text, { flush: true });
      renameSync(next, path);
    } catch (cause) {
      rmSync(next, { force: true });
      throw cause;
    }
  },
};

function syncNames(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Node's code of a system error, like `ENOSPC`. @returns undefined for any other error. */
export function systemCodeOf(cause: unknown): string | undefined {
  const { code, syscall } = cause as { readonly code?: unknown; readonly syscall?: unknown };
  return typeof code === 'string' && typeof syscall === 'string' ? code : undefined;
}
