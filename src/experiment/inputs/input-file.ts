/** Input files: opened, unzipped by extension, read as text in pieces. Whatever is wrong with one
 * becomes one typed error with the remedy. */
import { closeSync, createReadStream, openSync, readSync, type Stats, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { EngineError } from '../../kernel/errors.ts';

/** Longest line in UTF-16 units: of a longer one only the beginning is read, or memory would
 * fill. */
export const LINE_LENGTH_MAX = 1_048_576;
const GZIP_MAGIC = 0x1f8b;

/** Checks that a path names a readable file with something in it.
 * @returns its size in bytes. @throws EngineError `INPUT_UNREADABLE`. */
export function checkInputFile(path: string): number {
  const stat = statOf(path);
  if (stat === undefined) throw unreadable(path, 'no such file; check the path');
  if (!stat.isFile()) throw unreadable(path, 'it is no file; name a file');
  if (stat.size === 0) throw unreadable(path, 'it is empty; name a file with data');
  if (!path.endsWith('.gz') && isZipped(path)) {
    throw unreadable(path, 'it is zipped but not named so; let its name end in .gz');
  }
  return stat.size;
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    throw unreadable(path, notReadable(cause), cause);
  }
}

function isZipped(path: string): boolean {
  const bytes = Buffer.alloc(2);
  try {
    const file = openSync(path, 'r');
    try {
      readSync(file, bytes, 0, bytes.length, 0);
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw unreadable(path, notReadable(cause), cause);
  }
  return bytes.readUInt16BE(0) === GZIP_MAGIC;
}

function notReadable(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return `it cannot be read (${code}); check its permissions`;
}

/** The file's text in pieces; `.gz` is unzipped. Memory stays flat.
 * @param onBytes - Told how many bytes of the file have been read so far.
 * @throws EngineError `INPUT_UNREADABLE`, also for a truncated or damaged archive. */
export async function* readText(
  path: string,
  onBytes: (read: number) => void = () => {},
): AsyncGenerator<string> {
  checkInputFile(path);
  const file = createReadStream(path);
  file.on('data', () => onBytes(file.bytesRead));
  const unzips = path.endsWith('.gz');
  const bytes = unzips ? file.pipe(createGunzip()) : file;
  if (unzips) file.on('error', (error) => bytes.destroy(error));
  const decoder = new TextDecoder('utf-8');
  try {
    for await (const chunk of bytes as Readable) {
      yield decoder.decode(chunk as Uint8Array, { stream: true });
    }
    yield decoder.decode();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    const reason = code.startsWith('Z_')
      ? 'the archive is damaged or cut short; get it again'
      : notReadable(cause);
    throw unreadable(path, reason, cause);
  } finally {
    file.destroy();
  }
}

/** The file's lines, without their ends; the last one also where it has none. A line of more than
 * `LINE_LENGTH_MAX` comes as one unit more than that, its beginning: whoever reads it can tell, and
 * the lines after it are not lost. Memory stays flat.
 * @throws EngineError `INPUT_UNREADABLE`. */
export async function* readLines(
  path: string,
  onBytes?: (read: number) => void,
): AsyncGenerator<string> {
  let rest = '';
  for await (const text of readText(path, onBytes)) {
    const lines = text.split('\n');
    lines[0] = beginningOf(rest + (lines[0] ?? ''));
    rest = lines.pop() ?? '';
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line;
  }
  if (rest !== '') yield rest;
}

function beginningOf(line: string): string {
  return line.length > LINE_LENGTH_MAX ? line.slice(0, LINE_LENGTH_MAX + 1) : line;
}

/** The whole text of a file. @throws EngineError `INPUT_UNREADABLE`. */
export async function readWhole(path: string): Promise<string> {
  const pieces: string[] = [];
  for await (const piece of readText(path)) pieces.push(piece);
  return pieces.join('');
}

/** The error for an input file. */
export function unreadable(path: string, reason: string, cause?: unknown): EngineError {
  return new EngineError(
    'INPUT_UNREADABLE',
    `${path}: ${reason}`,
    { path },
    cause === undefined ? {} : { cause },
  );
}
