/** A watched run as a source of frames: the dashboard's side of a thread that drives runs.
 * Spec: L4, L22. */
import type { LiveFrame } from '../domain/live/live-frame.ts';
import type { LiveHello } from '../domain/live/live-hello.ts';
import type { RunFigures } from '../experiment/results/summarise.ts';
import type { RunTask } from '../experiment/run-task.ts';
import { startWatchThread, type WatchThreadOptions } from '../experiment/watch/watch-thread.ts';
import type { LiveSource } from './live-source.ts';

/** Runs that are watched, one after the other. */
export interface WatchedRun {
  readonly source: LiveSource;
  /** Performs the runs in their order. @throws EngineError as runs do. */
  perform(tasks: readonly RunTask[]): Promise<readonly RunFigures[]>;
  /** Ends the thread. Idempotent. */
  close(): Promise<void>;
}

/** Starts the thread; nothing runs yet. */
export function startWatchedRun(
  hello: LiveHello,
  options: Omit<WatchThreadOptions, 'onFrame'> = {},
): WatchedRun {
  const listeners = new Set<(frame: LiveFrame) => void>();
  let latest: LiveFrame | undefined;
  const thread = startWatchThread({
    ...options,
    onFrame(frame) {
      latest = frame;
      for (const listener of listeners) listener(frame);
    },
  });
  return {
    source: {
      hello: () => hello,
      latest: () => latest,
      onFrame(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      command: (command) => thread.command(command),
    },
    async perform(tasks) {
      const figures: RunFigures[] = [];
      for (const task of tasks) figures.push(await thread.perform(task));
      return figures;
    },
    close: () => thread.close(),
  };
}
