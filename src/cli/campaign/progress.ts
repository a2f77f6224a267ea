/** Progress of a campaign on standard error: one line that changes on a terminal, plain lines every
 * few seconds elsewhere. Results do not hang on it. */
import type { Terminal } from '../terminal.ts';

/** How progress is told. */
export const PROGRESS_MODES = ['auto', 'plain', 'none'] as const;

/** One of them; `auto` is a changing line on a terminal and plain lines elsewhere. */
export type ProgressMode = (typeof PROGRESS_MODES)[number];

/** Tells progress. */
export interface Progress {
  /** So many runs of the campaign are done, journal included, of so many that are known of. */
  runs(done: number, total: number): void;
  /** How it stands, like `p95 ±2.3 %`: shown until the next one. */
  note(text: string): void;
  /** About how many runs there will be: shown in place of those that are known of. */
  expect(total: number): void;
}

/** Where and when. */
export interface ProgressOptions {
  readonly mode: ProgressMode;
  readonly terminal: Pick<Terminal, 'isInteractive' | 'progress' | 'complain' | 'width'>;
  /** Milliseconds that only grow. */
  readonly now: () => number;
}

const PLAIN_EVERY_MS = 10_000;
const MS_PER_MINUTE = 60_000;
/** Before the first runs are made there is no rate to speak of. */
const RATE_FROM_RUNS = 2;

/** Tells progress of one campaign. */
export function createProgress({ mode, terminal, now }: ProgressOptions): Progress {
  const isLine = mode === 'auto' && terminal.isInteractive;
  const start = now();
  let first: number | undefined;
  let saidAt = start;
  let state = { done: 0, total: 0, expected: 0, note: '' };
  const show = () => {
    if (mode === 'none') return;
    const line = progressLine({ ...state, first: first ?? state.done, elapsedMs: now() - start });
    if (isLine) {
      terminal.progress(line.slice(0, Math.max(20, terminal.width - 1)));
    } else if (now() - saidAt >= PLAIN_EVERY_MS) {
      saidAt = now();
      terminal.complain(line);
    }
  };
  return {
    runs(done, total) {
      first ??= done;
      state = { ...state, done, total };
      show();
    },
    note(note) {
      state = { ...state, note };
      show();
    },
    expect(expected) {
      state = { ...state, expected };
    },
  };
}

/** The line itself.
 * @param at - `first`: runs that were there from the start, which tell nothing of the rate. */
export function progressLine(at: {
  readonly done: number;
  readonly total: number;
  readonly expected: number;
  readonly first: number;
  readonly elapsedMs: number;
  readonly note: string;
}): string {
  const isEstimate = at.expected > at.total;
  const total = Math.max(at.total, at.expected);
  const parts = [`${at.done} of ${isEstimate ? '≈ ' : ''}${total} runs`];
  const made = at.done - at.first;
  if (made >= RATE_FROM_RUNS && at.elapsedMs > 0) {
    const perMs = made / at.elapsedMs;
    parts.push(`${(perMs * MS_PER_MINUTE).toFixed(perMs * MS_PER_MINUTE < 10 ? 1 : 0)} runs/min`);
    if (total > at.done) parts.push(`${duration((total - at.done) / perMs)} left`);
  }
  if (at.note !== '') parts.push(at.note);
  return parts.join(' · ');
}

function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
