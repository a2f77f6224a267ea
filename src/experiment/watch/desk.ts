/** Where a driver meets whoever commands it. The desk keeps wall time, which the world has none of;
 * in tests it is made up. */
import type { CommandAnswer, LiveCommand } from '../../domain/live/live-command.ts';
import type { LiveFrame } from '../../domain/live/live-frame.ts';

/** A command that waits for its answer. */
export interface Incoming {
  readonly command: LiveCommand;
  answer(answer: CommandAnswer): void;
}

/** The desk. */
export interface Desk {
  /** Commands that have come since it was asked last, in order. */
  take(): readonly Incoming[];
  /** Returns when a command has come, or after so long. @param ms - Left out: however long. */
  wait(ms?: number): void;
  /** Whether a frame would be taken: nobody waits for one who is slow. */
  hasRoom(): boolean;
  show(frame: LiveFrame): void;
  /** Wall time, ms, from any start. */
  nowMs(): number;
}
