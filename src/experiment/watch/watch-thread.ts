/** A thread that drives watched runs, as the thread that serves browsers sees it: tasks go in,
 * frames and figures come out, commands are answered. The engine shares no thread with a server, so
 * that neither waits for the other. Spec: L22. */
import { MessageChannel, Worker } from 'node:worker_threads';
import type { CommandAnswer, LiveCommand } from '../../domain/live/live-command.ts';
import type { LiveFrame } from '../../domain/live/live-frame.ts';
import type { RunFigures } from '../results/summarise.ts';
import { unwrapped } from '../run-pool.ts';
import type { RunTask } from '../run-task.ts';
import {
  COUNTERS,
  type CommandOrder,
  type RunOrder,
  type ThreadMessage,
  type WatchThreadData,
} from './watch-channel.ts';

/** How to begin. */
export interface WatchThreadOptions {
  /** Virtual seconds a second; null (default): as fast as it goes. */
  readonly speed?: number | null | undefined;
  /** Whether the first run waits for somebody to start it. */
  readonly isPaused?: boolean | undefined;
  /** Where what people change is written; default: to the directory of each task. */
  readonly logDirectory?: string | undefined;
  readonly onFrame: (frame: LiveFrame) => void;
}

/** The thread. */
export interface WatchThread {
  /** Drives a run to its end; one at a time. @throws EngineError as runs do; rejects when the
   * thread is closed meanwhile. */
  perform(task: RunTask): Promise<RunFigures>;
  /** Tells the run, or the next one where none runs. */
  command(command: LiveCommand): Promise<CommandAnswer>;
  /** Ends the thread, a run under way included; commands without an answer get one. Idempotent. */
  close(): Promise<void>;
}

interface Settling<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

const ENTRY = new URL(
  import.meta.url.endsWith('.ts') ? './watch-worker.ts' : './watch-worker.js',
  import.meta.url,
);
const OVER: CommandAnswer = {
  ok: false,
  code: 'LIVE_RUN_OVER',
  message: 'LIVE_RUN_OVER: the run is over; run it again to command it',
};

/** Starts it. */
export function startWatchThread(options: WatchThreadOptions): WatchThread {
  return new Thread(options);
}

class Thread implements WatchThread {
  readonly #options: WatchThreadOptions;
  readonly #counters: Int32Array;
  readonly #channel = new MessageChannel();
  readonly #worker: Worker;
  readonly #asked = new Map<number, (answer: CommandAnswer) => void>();
  #commands = 0;
  #task: Settling<RunFigures> | undefined;
  #isClosed = false;

  constructor(options: WatchThreadOptions) {
    this.#options = options;
    const counters = new SharedArrayBuffer(4 * Object.keys(COUNTERS).length);
    this.#counters = new Int32Array(counters);
    const { speed = null, isPaused = false } = options;
    const data: WatchThreadData = { speed, isPaused, counters };
    const { port2 } = this.#channel;
    this.#worker = new Worker(ENTRY, {
      workerData: { ...data, commands: port2 },
      transferList: [port2],
    });
    this.#worker.on('message', (message: ThreadMessage) => this.#take(message));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new Error('the thread of the run has ended')));
  }

  perform(task: RunTask): Promise<RunFigures> {
    const { logDirectory = task.directory } = this.#options;
    const order: RunOrder = { task, logDirectory };
    return new Promise((resolve, reject) => {
      this.#task = { resolve, reject };
      this.#worker.postMessage(order);
    });
  }

  command(command: LiveCommand): Promise<CommandAnswer> {
    if (this.#isClosed) return Promise.resolve(OVER);
    this.#commands += 1;
    const id = this.#commands;
    const order: CommandOrder = { id, command };
    return new Promise((resolve) => {
      this.#asked.set(id, resolve);
      this.#channel.port1.postMessage(order);
      Atomics.add(this.#counters, COUNTERS.told, 1);
      Atomics.notify(this.#counters, COUNTERS.told);
    });
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#channel.port1.close();
    await this.#worker.terminate();
    this.#answerAll();
  }

  #take(message: ThreadMessage): void {
    if (message.type === 'frame') {
      Atomics.add(this.#counters, COUNTERS.seen, 1);
      this.#options.onFrame(message.frame);
    } else if (message.type === 'answer') {
      this.#asked.get(message.id)?.(message.answer);
      this.#asked.delete(message.id);
    } else {
      this.#settle(message.answer);
    }
  }

  #settle(answer: Extract<ThreadMessage, { type: 'done' }>['answer']): void {
    try {
      this.#task?.resolve(unwrapped(answer));
    } catch (error) {
      this.#task?.reject(error);
    }
    this.#task = undefined;
  }

  #fail(error: Error): void {
    this.#task?.reject(error);
    this.#task = undefined;
    this.#isClosed = true;
    this.#answerAll();
  }

  #answerAll(): void {
    for (const resolve of this.#asked.values()) resolve(OVER);
    this.#asked.clear();
  }
}
