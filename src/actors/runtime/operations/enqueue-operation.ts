/** `enqueueActions`: the author's function says which actions to run; they run after it, in order,
 * each seeing the context that the ones before it left. */
import type { EventObject } from 'xstate';
import {
  assignOperation,
  cancelOperation,
  emitOperation,
  raiseOperation,
} from './basic-operations.ts';
import type { SpawnSource } from './child-operations.ts';
import { sendOperation, spawnOperation, stopOperation } from './child-operations.ts';
import type { GuardTest } from './guards.ts';
import type { ActionArguments, ActorReference, Operation, StepScope } from './operation.ts';
import { paramsOf } from './operation.ts';

/** What enqueued actions need of the compiler. */
export interface EnqueueCompiler {
  /** Compiles an action: a function, a name, or `{ type, params }`. */
  compile(action: unknown): Operation;
  guard(guard: unknown): GuardTest;
  /** The implementation of a named delay. */
  delay(delay: unknown): unknown;
  spawnSource(src: unknown, options: object | undefined): SpawnSource;
}

interface SendTiming {
  readonly id?: string;
  readonly delay?: unknown;
}

/** Makes the operation of an `enqueueActions`. */
export function enqueueOperation(
  collect: (args: EnqueueArguments, params: unknown) => void,
  params: unknown,
  compiler: EnqueueCompiler,
): Operation {
  // One `enqueue` for all executions: what it collects is taken away before anything runs.
  const collected: Operation[] = [];
  const enqueue = createEnqueue(collected, compiler);
  return {
    kind: 'enqueue',
    execute(step) {
      const given = paramsOf(params, step);
      collected.length = 0;
      collect(new EnqueueArguments(step, enqueue, compiler), given);
      for (const operation of collected.splice(0)) operation.execute(step);
    },
  };
}

/** What the author's function gets. */
export class EnqueueArguments {
  readonly context: unknown;
  readonly event: EventObject;
  readonly enqueue: ReturnType<typeof createEnqueue>;
  readonly check: (guard: unknown) => boolean;
  readonly #args: ActionArguments;

  constructor(
    step: StepScope,
    enqueue: ReturnType<typeof createEnqueue>,
    compiler: EnqueueCompiler,
  ) {
    const { context, event, states } = step;
    this.#args = step.args();
    this.context = context;
    this.event = event;
    this.enqueue = enqueue;
    this.check = (guard) => compiler.guard(guard)(context, event, states);
  }

  get self(): ActorReference {
    return this.#args.self;
  }

  get system(): unknown {
    return this.#args.system;
  }
}

function createEnqueue(operations: Operation[], compiler: EnqueueCompiler) {
  const enqueue = (action: unknown): void => {
    operations.push(compiler.compile(action));
  };
  const sent = (to: unknown, event: unknown, timing: SendTiming = {}): void => {
    const { id, delay } = timing;
    operations.push(sendOperation({ to, event, id, delay: compiler.delay(delay) }, undefined));
  };
  return Object.assign(enqueue, {
    assign(assignment: unknown): void {
      operations.push(assignOperation(assignment, undefined));
    },
    raise(event: unknown, { id, delay }: SendTiming = {}): void {
      operations.push(raiseOperation({ event, id, delay: compiler.delay(delay) }, undefined));
    },
    emit(event: unknown): void {
      operations.push(emitOperation(event, undefined));
    },
    cancel(sendId: unknown): void {
      operations.push(cancelOperation(sendId, undefined));
    },
    sendTo: sent,
    sendParent(event: unknown, timing?: SendTiming): void {
      sent('#_parent', event, timing);
    },
    spawnChild(src: unknown, options?: object): void {
      operations.push(spawnOperation(compiler.spawnSource(src, options)));
    },
    stopChild(actorRef: unknown): void {
      operations.push(stopOperation(actorRef, undefined));
    },
  });
}
