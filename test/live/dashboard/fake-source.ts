/** A source of frames that does what a test says, and keeps the commands that it was given. */
import type { CommandAnswer, LiveCommand } from '../../../src/domain/live/live-command.ts';
import type { LiveFrame } from '../../../src/domain/live/live-frame.ts';
import type { LiveHello } from '../../../src/domain/live/live-hello.ts';
import type { LiveSource } from '../../../src/live/live-source.ts';

/** The source, and the strings behind it. */
export interface FakeSource extends LiveSource {
  /** Commands in the order in which they came. */
  readonly commands: LiveCommand[];
  readonly listenerCount: () => number;
  /** Shows a frame to everybody who listens. */
  emit(frame: LiveFrame): void;
}

/** Makes one.
 * @param answer - What becomes of a command; default: done. */
export function createFakeSource(
  hello: LiveHello,
  answer: (command: LiveCommand) => CommandAnswer | Promise<CommandAnswer> = () => ({ ok: true }),
): FakeSource {
  const listeners = new Set<(frame: LiveFrame) => void>();
  const commands: LiveCommand[] = [];
  let latest: LiveFrame | undefined;
  return {
    commands,
    listenerCount: () => listeners.size,
    hello: () => hello,
    latest: () => latest,
    onFrame(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async command(command) {
      commands.push(command);
      return answer(command);
    },
    emit(frame) {
      latest = frame;
      for (const listener of listeners) listener(frame);
    },
  };
}
