/** The entry of a worker thread: performs the tasks it is sent. Errors cross the thread border as
 * data, because structured cloning would strip their code. */
import { EngineError } from '../kernel/errors.ts';
import type { RunFigures } from './results/summarise.ts';
import { performRun, type RunTask } from './run-task.ts';

/** What a worker answers. */
export type WorkerAnswer =
  | { readonly ok: true; readonly figures: RunFigures }
  | { readonly ok: false; readonly error: CarriedError };

/** An error as it crosses the border. */
export interface CarriedError {
  readonly code: string | undefined;
  readonly message: string;
  readonly stack: string | undefined;
  readonly details: unknown;
}

/** Performs one task: what the pool calls. */
export async function perform(task: RunTask): Promise<WorkerAnswer> {
  try {
    return { ok: true, figures: await performRun(task) };
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    const code = error instanceof EngineError ? error.code : undefined;
    const details = error instanceof EngineError ? error.details : undefined;
    return { ok: false, error: { code, message, stack, details } };
  }
}
