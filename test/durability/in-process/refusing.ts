/** Runs a program in this process over files of which an operation fails, or the process dies. */
import { EngineError } from '../../../src/kernel/errors.ts';
import type { DurableProgram, OpenProgram } from '../program.ts';

/** What happens at an operation, counted from 0. */
export interface Trouble {
  readonly at: number;
  readonly kind: 'fail-once' | 'fail-forever' | 'dies';
  readonly code: 'ENOSPC' | 'EIO';
}

/** All that can happen at so many operations. */
export function allTroubles(operations: number): readonly Trouble[] {
  return Array.from({ length: operations }).flatMap((_, at) =>
    (['fail-once', 'fail-forever'] as const).flatMap((kind) =>
      (['ENOSPC', 'EIO'] as const).map((code) => ({ at, kind, code })),
    ),
  );
}

/** Counts operations, and throws where one is to fail. */
export class Refuser {
  readonly #trouble: Trouble | undefined;
  operations = 0;
  /** Whether nothing fails any more. */
  isOver = false;

  constructor(trouble?: Trouble) {
    this.#trouble = trouble;
  }

  /** @returns the error that the next operation ends with, if it does. */
  next(syscall: string): Error | undefined {
    const trouble = this.#trouble;
    const at = this.operations;
    this.operations += 1;
    if (this.isOver || trouble === undefined || at < trouble.at) return undefined;
    if (trouble.kind === 'fail-once' && at > trouble.at) return undefined;
    const { code } = trouble;
    return Object.assign(new Error(`${code}: refused by the test, ${syscall}`), { code, syscall });
  }
}

/** What a run told: steps acknowledged, and what is wrong with an error that it met. */
export interface RefusedRun {
  readonly acknowledged: number;
  readonly errors: number;
  readonly wrong: string | undefined;
}

const TRIES = 3;

/** Makes the steps. One that fails is tried again, then over the part opened anew, and then given
 * up. A process that dies tries nothing. */
export async function runRefused(
  program: DurableProgram,
  folder: string,
  dies = false,
): Promise<RefusedRun> {
  let open: OpenProgram | undefined;
  let errors = 0;
  let wrong: string | undefined;
  const attempt = async (act: () => unknown) => {
    try {
      await act();
      return true;
    } catch (error) {
      errors += 1;
      const isOurs = error instanceof EngineError && error.message.includes(';');
      if (!isOurs) wrong ??= `an error that is not ours: ${String(error)}`;
      return false;
    }
  };
  const isDone = async (step: number) => {
    for (let tries = 1; tries <= (dies ? 1 : TRIES); tries += 1) {
      const isAcknowledged = await attempt(async () => {
        open ??= await program.open(folder);
        await open.step(step);
      });
      if (isAcknowledged) return true;
      if (tries < TRIES - 1) continue;
      await attempt(() => open?.close());
      open = undefined;
    }
    return false;
  };
  let acknowledged = 0;
  while (acknowledged < program.steps && (await isDone(acknowledged))) acknowledged += 1;
  await attempt(() => open?.close());
  return { acknowledged, errors, wrong };
}
