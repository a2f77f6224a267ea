/** What crosses the border between the thread that drives runs and the one that serves browsers:
 * plain data, and three counters in shared memory, so that a thread that runs on and on can be
 * told of commands and need not wait for one who is slow. */
import type { CommandAnswer, LiveCommand } from '../../domain/live/live-command.ts';
import type { LiveFrame } from '../../domain/live/live-frame.ts';
import type { RunFigures } from '../results/summarise.ts';
import type { RunTask } from '../run-task.ts';
import type { WorkerAnswer } from '../run-worker.ts';

/** How the thread begins. */
export interface WatchThreadData {
  /** Virtual seconds a second; null: as fast as it goes. */
  readonly speed: number | null;
  readonly isPaused: boolean;
  /** Of {@link COUNTERS} numbers of 32 bits. */
  readonly counters: SharedArrayBuffer;
}

/** To the thread: a run to drive. */
export interface RunOrder {
  readonly task: RunTask;
  /** Where what people change is written; undefined: nowhere. */
  readonly logDirectory: string | undefined;
}

/** To the thread, over a port of its own: a command. */
export interface CommandOrder {
  readonly id: number;
  readonly command: LiveCommand;
}

/** From the thread. */
export type ThreadMessage =
  | { readonly type: 'frame'; readonly frame: LiveFrame }
  | { readonly type: 'answer'; readonly id: number; readonly answer: CommandAnswer }
  | { readonly type: 'done'; readonly answer: WorkerAnswer<RunFigures> };

/** Commands told, frames shown, frames seen. */
export const COUNTERS = { told: 0, shown: 1, seen: 2 } as const;
/** Frames on their way at once; beyond, none is made. */
export const FRAMES_UNSEEN_MAX = 4;
