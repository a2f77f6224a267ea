/** A storage stage in one NDJSON file: a line a row, and after the rows of a commit a line that
 * says so. What comes after the last whole commit was never committed: opening cuts it off. */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Cell, RowSchema } from '../../domain/stored/row-schema.ts';
import { checkRows, inOrder, storedCells } from '../../domain/stored/stage-rows.ts';
import type { StageCommit, StorageStage } from '../../domain/stored/storage-stage.ts';
import { EngineError } from '../../kernel/errors.ts';
import { hashText } from '../../kernel/hash.ts';

/** Options of {@link openNdjsonStage}. */
export interface NdjsonStageOptions<Row> {
  /** Made if missing. */
  readonly path: string;
  readonly schema: RowSchema<Row>;
  /** Told before each step on the disk; a test may throw here. */
  readonly onStep?: (step: string) => void;
}

/** The line after a commit's rows. */
interface CommitLine extends StageCommit {
  /** Rows before it, back to the commit before. */
  readonly rows: number;
  /** Hash of their lines. */
  readonly hash: number;
}

/** Opens the file, and cuts off what no commit vouches for.
 * @throws EngineError `STORAGE_UNWRITABLE`. */
export function openNdjsonStage<Row>(options: NdjsonStageOptions<Row>): StorageStage<Row> {
  const { path, schema, onStep = () => {} } = options;
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const whole = committedPart(text);
  const file = writing(path, () => openOnDisk(path));
  const state = { last: whole.last, bytes: Buffer.byteLength(whole.text), isOpen: true };
  const removed = cutOff(file, { path, bytes: state.bytes, onStep });
  let pending: string[] = [];
  return {
    recovery: { removed },
    write(rows) {
      checkRows(schema, rows);
      for (const row of rows) pending.push(lineOf(schema, row));
    },
    commit({ checkpoint, offsets }) {
      if (checkpoint <= (state.last?.checkpoint ?? 0)) {
        pending = [];
        return;
      }
      const rows = pending.join('');
      const end = { rows: pending.length, hash: hashText(rows, HASH_SEED) };
      const lines = `${rows}${JSON.stringify({ checkpoint, offsets, ...end })}\n`;
      onStep(`append to ${path}`);
      const bytes = Buffer.from(lines);
      writing(path, () => appendWhole(file, bytes, { bytes: state.bytes, onStep }));
      state.bytes += bytes.length;
      state.last = { checkpoint, offsets: [...offsets] };
      pending = [];
    },
    lastCommit: () => state.last,
    readBack: () => inOrder(schema, readRows(schema, readFileSync(path, 'utf8'))),
    close() {
      if (state.isOpen) closeSync(file);
      state.isOpen = false;
    },
  };
}

const HASH_SEED = 0x6e64_6a73;

/** Opens the file; its name is on the disk then. */
function openOnDisk(path: string): number {
  const file = openSync(path, 'a+');
  try {
    const folder = openSync(dirname(path), 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** Appends all of it, on the disk, or leaves the file as it was: where even that fails, the next
 * commit cuts off what this one left, which would hide everything behind it. */
function appendWhole(
  file: number,
  content: Uint8Array,
  before: { readonly bytes: number; readonly onStep: (step: string) => void },
): void {
  if (fstatSync(file).size !== before.bytes) ftruncateSync(file, before.bytes);
  try {
    for (let done = 0; done < content.length; ) done += writeSync(file, content, done);
    before.onStep('flush');
    fsyncSync(file);
  } catch (error) {
    ftruncateSync(file, before.bytes);
    throw error;
  }
}

/** The text up to the last commit line that its rows bear out. */
function committedPart(text: string): {
  readonly text: string;
  readonly last: StageCommit | undefined;
} {
  let whole = 0;
  let start = 0;
  let last: StageCommit | undefined;
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) {
    const lineStart = text.lastIndexOf('\n', end - 1) + 1;
    const line = text.slice(lineStart, end);
    if (!line.startsWith('{"checkpoint":')) continue;
    const commit = parseCommit(line);
    if (commit?.hash !== hashText(text.slice(start, lineStart), HASH_SEED)) break;
    last = { checkpoint: commit.checkpoint, offsets: commit.offsets };
    start = end + 1;
    whole = start;
  }
  return { text: text.slice(0, whole), last };
}

function parseCommit(line: string): CommitLine | undefined {
  try {
    return JSON.parse(line) as CommitLine;
  } catch {
    return undefined;
  }
}

function cutOff(
  file: number,
  kept: {
    readonly path: string;
    readonly bytes: number;
    readonly onStep: (step: string) => void;
  },
): readonly string[] {
  const torn = fstatSync(file).size - kept.bytes;
  if (torn === 0) return [];
  kept.onStep(`truncate ${kept.path}`);
  writing(kept.path, () => ftruncateSync(file, kept.bytes));
  return [`${torn} bytes after the last commit of ${kept.path}`];
}

/** Rows are arrays, so that no row looks like a commit. */
function lineOf<Row>(schema: RowSchema<Row>, row: Row): string {
  const cells = storedCells(schema, row).map((cell) =>
    typeof cell === 'number' && (Object.is(cell, -0) || !Number.isFinite(cell))
      ? signOf(cell)
      : cell,
  );
  return `${JSON.stringify(cells)}\n`;
}

/** JSON has no NaN, no infinities, and −0 is 0 in it. */
function signOf(real: number): string {
  return Object.is(real, -0) ? '-0' : String(real);
}

function readRows<Row>(schema: RowSchema<Row>, text: string): readonly (readonly Cell[])[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('['))
    .map((line) =>
      (JSON.parse(line) as readonly Cell[]).map((cell, place) =>
        schema.columns[place]?.kind === 'real' && typeof cell === 'string' ? Number(cell) : cell,
      ),
    );
}

function writing<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    const told = cause instanceof Error ? cause.message : String(cause);
    throw new EngineError(
      'STORAGE_UNWRITABLE',
      `${path}: it cannot be written (${told}); make room or choose a writable place, ` +
        'then try again',
      { path },
      { cause },
    );
  }
}
