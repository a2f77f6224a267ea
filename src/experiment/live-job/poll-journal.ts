/** What the wall clock told a live pipeline, and nothing else did: one line for each life of the
 * process and each poll, on the disk before the poll runs. With the log it is everything that the
 * warehouse depends on. Spec: S421, S422. */
import { closeSync, existsSync, ftruncateSync, openSync, readFileSync } from 'node:fs';
import { EngineError } from '../../kernel/errors.ts';
import { NODE_LOG_FILES } from '../../storage/log/log-files.ts';

/** One line. */
export type JournalEntry =
  /** A process began, at the state that a poll of this process time had left; null: at none. */
  | { readonly kind: 'open'; readonly resumedUs: number | null }
  /** It ended in good order: all of its polls count. */
  | { readonly kind: 'close' }
  | PollEntry;

/** A poll: everything virtual that it is given. */
export interface PollEntry {
  readonly kind: 'poll';
  /** Ascending from 1 through all lives. */
  readonly poll: number;
  /** µs since the Unix epoch; ascending. */
  readonly processTimeUs: number;
  /** Per partition, where it stops to read. */
  readonly endOffsets: readonly number[];
  /** Whether plays and impressions are brought up to date afterwards. */
  readonly derives: boolean;
}

/** A journal, open for writing. */
export interface PollJournal {
  /** Of the last poll written; 0 before the first. */
  readonly lastPoll: number;
  readonly lastProcessTimeUs: number;
  /** As durable as the journal promises when it returns. */
  append(entry: JournalEntry): void;
  close(): void;
}

/** Where a journal lies below the folder of a live job. */
export const JOURNAL_FILE = 'polls.ndjson';

/** Opens a journal, cutting off a line that was torn.
 * @param syncs - Whether an entry is to survive a loss of power.
 * @throws EngineError `RESULT_UNREADABLE` for a file that is none. */
export function openPollJournal(path: string, syncs: boolean): PollJournal {
  const { entries, sizeBytes } = readWhole(path);
  const file = openSync(path, existsSync(path) ? 'r+' : 'w', 0o600);
  ftruncateSync(file, sizeBytes);
  const last = entries.findLast((entry) => entry.kind === 'poll');
  let position = sizeBytes;
  let { poll: lastPoll, processTimeUs: lastProcessTimeUs } = last ?? { poll: 0, processTimeUs: 0 };
  return {
    get lastPoll() {
      return lastPoll;
    },
    get lastProcessTimeUs() {
      return lastProcessTimeUs;
    },
    append(entry) {
      const bytes = Buffer.from(`${JSON.stringify(entry)}\n`);
      NODE_LOG_FILES.write(file, bytes, position);
      if (syncs) NODE_LOG_FILES.sync(file);
      position += bytes.length;
      if (entry.kind !== 'poll') return;
      lastPoll = entry.poll;
      lastProcessTimeUs = entry.processTimeUs;
    },
    close: () => closeSync(file),
  };
}

/** Lives and polls that took part in making the warehouse, in order: a poll whose commit the end
 * of its process undid is left out. */
export function readPollJournal(path: string): readonly JournalEntry[] {
  const kept: JournalEntry[] = [];
  for (const entry of readWhole(path).entries) {
    if (entry.kind === 'open') {
      const resumedUs = entry.resumedUs ?? 0;
      while (isUndone(kept.at(-1), resumedUs)) kept.pop();
    }
    kept.push(entry);
  }
  return kept;
}

function isUndone(entry: JournalEntry | undefined, resumedUs: number): boolean {
  return entry?.kind === 'poll' && entry.processTimeUs > resumedUs;
}

function readWhole(path: string) {
  if (!existsSync(path)) return { entries: [], sizeBytes: 0 };
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const lines = whole.split('\n').slice(0, -1);
  const entries = lines.map((line, n) => parsed(path, line, n + 1));
  return { entries, sizeBytes: Buffer.byteLength(whole) };
}

function parsed(path: string, line: string, number: number): JournalEntry {
  try {
    const entry = JSON.parse(line) as Partial<JournalEntry> | null;
    if (entry?.kind === 'open' || entry?.kind === 'close') return entry as JournalEntry;
    if (entry?.kind === 'poll' && Number.isSafeInteger(entry.processTimeUs)) {
      return entry as PollEntry;
    }
  } catch {
    // Told below.
  }
  const message = `${path}: line ${number} is no entry of a journal; restore it from a copy`;
  throw new EngineError('RESULT_UNREADABLE', message, { path });
}
