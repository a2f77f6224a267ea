/** Worker threads that perform runs, one a core, kept as long as their owner lives. Answers come
 * back in the order of the tasks, so the number of threads changes nothing but the time. */
import { availableParallelism } from 'node:os';
import Tinypool from 'tinypool';
import { EngineError, type ErrorCode, type ErrorDetailsByCode } from '../kernel/errors.ts';
import type { RunFigures } from './results/summarise.ts';
import { performRun, type RunTask } from './run-task.ts';
import { type CarriedError, type PackedTask, sample, type WorkerAnswer } from './run-worker.ts';

/** Options of a pool run. */
export interface PoolOptions {
  /** Default: the machine's cores. 1 runs everything in this thread. */
  readonly threads?: number | undefined;
  /** Called after each finished task. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Threads that stay. */
export interface RunPool {
  /** Tasks that are under way at once at most. */
  readonly threads: number;
  /** The sample of one task, as JSON. @throws EngineError as runs do; rejects when it is closed. */
  sample(task: PackedTask): Promise<string>;
  /** Ends the threads, runs under way included: what they made is lost. Idempotent. */
  close(): Promise<void>;
}

const WORKER_URL = new URL(
  import.meta.url.endsWith('.ts') ? './run-worker.ts' : './run-worker.js',
  import.meta.url,
).href;

/** How many threads there are unless the caller says. */
export function defaultThreads(): number {
  return availableParallelism();
}

/** Opens a pool.
 * @param options.isStoppable - Whether a run must end when the pool is closed: then even a single
 * thread is one of its own, because nothing interrupts a run in this one. */
export function openRunPool(options: {
  readonly threads: number;
  readonly isStoppable: boolean;
}): RunPool {
  const { threads, isStoppable } = options;
  if (threads <= 1 && !isStoppable) {
    return {
      threads: 1,
      sample: async (task) => unwrapped(await sample(task)),
      close: async () => {},
    };
  }
  const pool = startThreads(threads);
  return {
    threads,
    sample: async (task) => unwrapped(await pool.run(task, { name: 'sample' })),
    close: () => pool.destroy(),
  };
}

/** Performs all tasks. @returns figures in the order of the tasks. */
export async function performRuns(
  tasks: readonly RunTask[],
  options: PoolOptions = {},
): Promise<readonly RunFigures[]> {
  const threads = Math.min(options.threads ?? defaultThreads(), tasks.length);
  const progress = { done: 0 };
  const note = <T>(value: T): T => {
    progress.done += 1;
    options.onProgress?.(progress.done, tasks.length);
    return value;
  };
  if (threads <= 1) {
    const figures: RunFigures[] = [];
    for (const task of tasks) figures.push(note(await performRun(task)));
    return figures;
  }
  const pool = startThreads(threads);
  try {
    const answers = await Promise.all(
      tasks.map((task) =>
        pool
          .run(task, { name: 'perform' })
          .then((answer: WorkerAnswer<RunFigures>) => note(answer)),
      ),
    );
    return answers.map(unwrapped);
  } finally {
    await pool.destroy();
  }
}

function startThreads(threads: number): Tinypool {
  return new Tinypool({ filename: WORKER_URL, minThreads: threads, maxThreads: threads });
}

/** What a worker answered. @throws what the work threw: EngineErrors with code and details. */
export function unwrapped<T>(answer: WorkerAnswer<T>): T {
  if (answer.ok) return answer.value;
  throw revived(answer.error);
}

function revived(carried: CarriedError): Error {
  if (carried.code === undefined) {
    const error = new Error(carried.message);
    if (carried.stack !== undefined) error.stack = carried.stack;
    return error;
  }
  const code = carried.code as ErrorCode;
  const message = carried.message.slice(code.length + 2);
  return new EngineError(code, message, carried.details as ErrorDetailsByCode[ErrorCode]);
}
