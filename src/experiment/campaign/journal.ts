/** The journal of a campaign: one line a finished sample, appended when it is made, so that a
 * campaign that ends early (keyboard, budget, crash) goes on where it was. Lines name their sample
 * by its key and carry a checksum; their order tells nothing. Spec: E152. */
import { createHash } from 'node:crypto';
import {
  closeSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { EngineError } from '../../kernel/errors.ts';
import { PACKAGE_VERSION } from '../version.ts';
import { nodeMajor } from './sample-key.ts';

/** The first line of a journal. */
export interface JournalHeader {
  readonly journal: typeof SCHEMA;
  readonly backlot: string;
  readonly node: string;
  /** What asked for the samples: plain data, so that
   * `merge` can ask again. */
  readonly campaign: unknown;
}

/** A journal as it lies on disk. */
export interface ReadJournal {
  readonly path: string;
  readonly header: JournalHeader;
  /** Sample JSON by key. */
  readonly samples: ReadonlyMap<string, string>;
  /** Bytes of a last line that was cut off, 0 where there is none. */
  readonly tornBytes: number;
}

/** A journal that is being written. */
export interface Journal {
  readonly path: string;
  /** Samples in it. */
  readonly size: number;
  /** The JSON of a sample, or undefined. Cost: one read. */
  find(key: string): string | undefined;
  /** Adds a sample. @throws EngineError `OUTPUT_UNWRITABLE`. */
  append(key: string, sample: string): void;
  /** Writes the samples of these keys, in this order, those that there are, as a file of its own:
   * the same samples, the same bytes. */
  writeTo(path: string, keys: Iterable<string>): void;
  /** Closes the file, which stays. Idempotent. */
  close(): void;
}

const SCHEMA = 'backlot.journal/1';
const NEWLINE = 10;
const SUM_LENGTH = 16;
const LINE = /^\{"key":"([0-9a-f]{32})","sum":"([0-9a-f]{16})","sample":(.*)\}$/s;

/** Reads a journal.
 * @throws EngineError `JOURNAL_UNREADABLE` where there is none, where it is of another version, and
 * where a line before the last is damaged. */
export function readJournal(path: string): ReadJournal {
  const bytes = readBytes(path);
  const samples = new Map<string, string>();
  let header: JournalHeader | undefined;
  let start = 0;
  for (let number = 1; start < bytes.length; number += 1) {
    const end = bytes.indexOf(NEWLINE, start);
    const isLast = end === -1 || end === bytes.length - 1;
    const line = bytes.toString('utf8', start, end === -1 ? bytes.length : end);
    if (header === undefined) {
      header = headerOf(path, line);
    } else {
      const found = end === -1 ? undefined : sampleOfLine(line);
      if (found === undefined && !isLast) throw damaged(path, number);
      if (found === undefined) break;
      samples.set(found.key, found.text);
    }
    start = end === -1 ? bytes.length : end + 1;
  }
  if (header === undefined) throw unreadable(path, 'it is empty');
  return { path, header, samples, tornBytes: bytes.length - start };
}

/** Opens a journal for writing, with the samples of others in it from the start.
 * @throws EngineError `OUTPUT_UNWRITABLE`. */
export function createJournal(options: {
  readonly path: string;
  readonly campaign: unknown;
  readonly samples?: ReadonlyMap<string, string>;
}): Journal {
  const { path, campaign, samples = new Map() } = options;
  const places = new Map<string, { readonly at: number; readonly length: number }>();
  const pending = `${path}.partial-${process.pid}`;
  let file = writable(path, () => openSync(pending, 'w+'));
  let size = 0;
  const write = (key: string, text: string) => {
    const line = lineOf(key, text);
    writable(path, () => writeAll(file, line));
    places.set(key, { at: size, length: line.length });
    size += line.length;
  };
  const read = (key: string): Buffer | undefined => {
    const place = places.get(key);
    if (place === undefined) return undefined;
    const line = Buffer.alloc(place.length);
    readSync(file, line, 0, place.length, place.at);
    return line;
  };
  const head = headerLine(campaign);
  writable(path, () => writeAll(file, head));
  size = head.length;
  for (const [key, text] of samples) write(key, text);
  writable(path, () => renameSync(pending, path));
  return {
    path,
    get size() {
      return places.size;
    },
    find: (key) => {
      const line = read(key)?.toString('utf8').trimEnd();
      return line === undefined ? undefined : sampleOfLine(line)?.text;
    },
    append: write,
    writeTo(target, keys) {
      const lines = [...keys].map(read).filter((line) => line !== undefined);
      const copy = writable(target, () => openSync(target, 'w'));
      try {
        writable(target, () => writeAll(copy, Buffer.concat([head, ...lines])));
      } finally {
        closeSync(copy);
      }
    },
    close() {
      if (file === -1) return;
      closeSync(file);
      file = -1;
      rmSync(pending, { force: true });
    },
  };
}

function headerLine(campaign: unknown): Buffer {
  const header: JournalHeader = {
    journal: SCHEMA,
    backlot: PACKAGE_VERSION,
    node: nodeMajor(),
    campaign,
  };
  return Buffer.from(`${JSON.stringify(header)}\n`);
}

function lineOf(key: string, text: string): Buffer {
  return Buffer.from(`{"key":"${key}","sum":"${checksum(text)}","sample":${text}}\n`);
}

function sampleOfLine(line: string): { readonly key: string; readonly text: string } | undefined {
  const [, key, sum, text] = LINE.exec(line) ?? [];
  if (key === undefined || text === undefined || checksum(text) !== sum) return undefined;
  return { key, text };
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, SUM_LENGTH);
}

function headerOf(path: string, line: string): JournalHeader {
  let header: Partial<JournalHeader> | null;
  try {
    header = JSON.parse(line) as Partial<JournalHeader> | null;
  } catch {
    throw unreadable(
      path,
      'its first line is no header of a journal; name another, or make all samples anew (--fresh)',
    );
  }
  const found = `${header?.journal}, backlot ${header?.backlot} on Node ${header?.node}`;
  const own = `${SCHEMA}, backlot ${PACKAGE_VERSION} on Node ${nodeMajor()}`;
  if (found !== own) {
    const remedy = 'samples of different versions are not mixed; make them anew (--fresh)';
    throw unreadable(path, `it is of ${found}, and this is ${own}: ${remedy}`);
  }
  return header as JournalHeader;
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw unreadable(path, 'there is no journal to go on from', cause);
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

function writable<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const reason = 'the journal cannot be written; make room, or choose another --out';
    throw new EngineError('OUTPUT_UNWRITABLE', `${path}: ${reason}`, { path }, { cause });
  }
}

function damaged(path: string, line: number): EngineError {
  return unreadable(
    path,
    `line ${line} is damaged, and lines follow it; remove that line, or make all samples anew ` +
      '(--fresh)',
  );
}

function unreadable(path: string, reason: string, cause?: unknown): EngineError {
  return new EngineError(
    'JOURNAL_UNREADABLE',
    `${path}: ${reason}`,
    { path },
    cause === undefined ? {} : { cause },
  );
}
