/** Performs run tasks on worker threads, one a core. Results come back in the order of the tasks
 * and are merged in it, so the number of threads changes nothing but the time it takes. */
import { availableParallelism } from 'node:os';
import Tinypool from 'tinypool';
import { EngineError, type ErrorCode, type ErrorDetailsByCode } from '../kernel/errors.ts';
import type { RunFigures } from './results/summarise.ts';
import { performRun, type RunTask } from './run-task.ts';
import type { CarriedError, WorkerAnswer } from './run-worker.ts';

/** Options of a pool run. */
export interface PoolOptions {
  /** Default: the machine's cores. 1 runs everything in this thread. */
  readonly threads?: number | undefined;
  /** Called after each finished task. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

const WORKER_URL = new URL(
  import.meta.url.endsWith('.ts') ? './run-worker.ts' : './run-worker.js',
  import.meta.url,
).href;

/** Performs all tasks. @returns figures in the order of the tasks. */
export async function performRuns(
  tasks: readonly RunTask[],
  options: PoolOptions = {},
): Promise<readonly RunFigures[]> {
  const threads = Math.min(options.threads ?? availableParallelism(), tasks.length);
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
  const pool = new Tinypool({
    filename: WORKER_URL,
    name: 'perform',
    minThreads: threads,
    maxThreads: threads,
  });
  try {
    const answers = await Promise.all(
      tasks.map((task) => pool.run(task).then((answer: WorkerAnswer) => note(answer))),
    );
    return answers.map((answer) => {
      if (answer.ok) return answer.figures;
      throw revived(answer.error);
    });
  } finally {
    await pool.destroy();
  }
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
