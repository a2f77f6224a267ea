/** What a dashboard is fed by: a watched run, or a collector on the wall clock. Spec: L4. */
import type { CommandAnswer, LiveCommand } from '../domain/live/live-command.ts';
import type { LiveFrame } from '../domain/live/live-frame.ts';
import type { LiveHello } from '../domain/live/live-hello.ts';

/** A source of frames. */
export interface LiveSource {
  hello(): LiveHello;
  /** Undefined before the first. */
  latest(): LiveFrame | undefined;
  /** @returns what ends the subscription. Listeners must return at once. */
  onFrame(listener: (frame: LiveFrame) => void): () => void;
  command(command: LiveCommand): Promise<CommandAnswer>;
}
