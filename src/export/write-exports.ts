/** Writes exports to files: each is whole or not there, and nothing else is touched. */
import { appendFileSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EngineError } from '../kernel/errors.ts';

/** Writes a text to a file through a sibling of it; folders on the way are made.
 * @throws EngineError `OUTPUT_UNWRITABLE`. */
export function writeWhole(path: string, text: string): void {
  const partial = `${path}.partial-${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(partial, text);
    renameSync(partial, path);
  } catch (cause) {
    rmSync(partial, { force: true });
    const message = `${path}: it cannot be written; choose a writable --out`;
    throw new EngineError('OUTPUT_UNWRITABLE', message, { path }, { cause });
  }
}

/** Adds a text to a file at its end, as CI asks for summaries.
 * @throws EngineError `OUTPUT_UNWRITABLE`. */
export function appendTo(path: string, text: string): void {
  try {
    appendFileSync(path, text);
  } catch (cause) {
    const message = `${path}: it cannot be written; is GITHUB_STEP_SUMMARY a file?`;
    throw new EngineError('OUTPUT_UNWRITABLE', message, { path }, { cause });
  }
}

/** Where the file of a format goes: `out` itself where one format is asked for and `out` is no
 * folder; otherwise into it, by the document's name. */
export function exportPath(
  out: string,
  name: string,
  { extension, isOnly }: { readonly extension: string; readonly isOnly: boolean },
): string {
  const isFile = isOnly && !/[\\/]$/.test(out) && !isFolder(out);
  return isFile ? out : join(out, `${name}.${extension}`);
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
