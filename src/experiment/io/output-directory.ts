/** Output directories appear whole or not at all: everything is written into a sibling, which takes
 * the name at the end. Only a directory that backlot wrote is ever replaced. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { EngineError } from '../../kernel/errors.ts';

/** The file that marks a directory as ours. */
const MARKERS = ['run.json', 'compare.json', 'journal.ndjson'];

/** A directory in the making. */
export interface PendingDirectory {
  /** Where to write: a hidden sibling of the final directory. */
  readonly path: string;
  /** Gives it its name. @returns the final path as it was asked for. */
  publish(): string;
  /** Removes what was written. Idempotent. */
  discard(): void;
}

/** Prepares an output directory.
 * @throws EngineError `OUTPUT_UNWRITABLE` when the place is not writable or holds other things. */
export function prepareDirectory(target: string): PendingDirectory {
  const final = resolve(target);
  const path = `${final}.partial-${process.pid}`;
  if (existsSync(final) && !isOurs(final)) {
    throw unwritable(target, 'it exists and holds no backlot run; choose another --out');
  }
  try {
    mkdirSync(dirname(final), { recursive: true });
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path);
  } catch (cause) {
    throw unwritable(target, 'it cannot be written; choose a writable --out', cause);
  }
  return {
    path,
    publish() {
      rmSync(final, { recursive: true, force: true });
      renameSync(path, final);
      return target;
    },
    discard: () => rmSync(path, { recursive: true, force: true }),
  };
}

function isOurs(directory: string): boolean {
  try {
    const names = readdirSync(directory);
    return names.length === 0 || names.some((name) => MARKERS.includes(name));
  } catch {
    return false;
  }
}

function unwritable(path: string, reason: string, cause?: unknown): EngineError {
  return new EngineError(
    'OUTPUT_UNWRITABLE',
    `${path}: ${reason}`,
    { path },
    cause === undefined ? {} : { cause },
  );
}
