/** Operations of actions that stay within the actor: custom functions, assign, raise, emit, cancel,
 * log; and the events and completion that entering final states brings. Each takes its expressions
 * as XState's action creators keep them: values, or functions of (arguments, parameters). */
import type { EventObject } from 'xstate';
import { type Expression, mapped, type Operation, paramsOf, resolved } from './operation.ts';

/** A function of the machine's author, or a name without implementation (nothing happens). */
export interface CustomOperation extends Operation {
  readonly kind: 'custom';
  readonly type: string;
  readonly exec: Expression | undefined;
  readonly params: unknown;
}

/** Compiles a custom action. */
export function customOperation(action: Omit<CustomOperation, 'kind' | 'execute'>): Operation {
  const { type, exec, params } = action;
  const operation: CustomOperation = {
    kind: 'custom',
    ...action,
    execute(step) {
      const args = step.args();
      step.perform({ type, exec, args, params: paramsOf(params, step) });
    },
  };
  return operation;
}

/** `assign`: all assigners see the context from before. */
export interface AssignOperation extends Operation {
  readonly kind: 'assign';
  readonly assignment: unknown;
  readonly params: unknown;
}

/** Compiles `assign`. @param assignment - assigners by key, or one for all. */
export function assignOperation(assignment: unknown, params: unknown): Operation {
  const isFunction = typeof assignment === 'function';
  const keys = isFunction ? [] : Object.keys(assignment as object);
  const operation: AssignOperation = {
    kind: 'assign',
    assignment,
    params,
    execute(step) {
      const args = step.assignArgs();
      const given = paramsOf(params, step);
      let patch: unknown;
      if (isFunction) {
        patch = assignment(args, given);
      } else {
        const assigners = assignment as Readonly<Record<string, unknown>>;
        const values: Record<string, unknown> = {};
        for (const key of keys) values[key] = resolved(assigners[key], args, given);
        patch = values;
      }
      step.context = step.shape.merge(step.context, patch);
      step.changed = true;
    },
  };
  return operation;
}

/** What `raise` was given; a named delay is resolved to its implementation beforehand. */
export interface RaiseOptions {
  readonly event: unknown;
  readonly delay: unknown;
  readonly id: string | undefined;
}

/** `raise`, at once or after a delay. */
export interface RaiseOperation extends Operation {
  readonly kind: 'raise';
  readonly options: RaiseOptions;
  readonly params: unknown;
}

/** Compiles `raise`. */
export function raiseOperation(options: RaiseOptions, params: unknown): Operation {
  const { event, delay, id } = options;
  const operation: RaiseOperation = {
    kind: 'raise',
    options,
    params,
    execute(step) {
      if (typeof event === 'string') throw onlyObjects('raise', event);
      const args = step.args();
      const given = paramsOf(params, step);
      const raised = resolved(event, args, given) as EventObject;
      const delayMs = resolved(delay, args, given);
      if (typeof delayMs === 'number') step.raiseLater(raised, id, delayMs);
      else step.raise(raised);
    },
  };
  return operation;
}

/** XState's words for a bare string where an event belongs. */
export function onlyObjects(action: string, event: string): Error {
  return new Error(
    `Only event objects may be used with ${action}; use ${action}({ type: "${event}" }) instead`,
  );
}

/** `emit`. */
export interface EmitOperation extends Operation {
  readonly kind: 'emit';
  readonly event: unknown;
  readonly params: unknown;
}

/** Compiles `emit`. */
export function emitOperation(event: unknown, params: unknown): Operation {
  const operation: EmitOperation = {
    kind: 'emit',
    event,
    params,
    execute(step) {
      const args = step.args();
      step.emit(resolved(event, args, paramsOf(params, step)) as EventObject);
    },
  };
  return operation;
}

/** `cancel` of a delayed message. */
export interface CancelOperation extends Operation {
  readonly kind: 'cancel';
  readonly sendId: unknown;
  readonly params: unknown;
}

/** Compiles `cancel`. */
export function cancelOperation(sendId: unknown, params: unknown): Operation {
  const operation: CancelOperation = {
    kind: 'cancel',
    sendId,
    params,
    execute(step) {
      const args = step.args();
      step.cancel(String(resolved(sendId, args, paramsOf(params, step))));
    },
  };
  return operation;
}

/** `log`. */
export function logOperation(value: unknown, label: unknown, params: unknown): Operation {
  return {
    kind: 'log',
    execute(step) {
      const args = step.args();
      const found = resolved(value, args, paramsOf(params, step));
      step.log(label ? [label, found] : [found]);
    },
  };
}

/** The done event of a compound or parallel state. */
export function doneStateOperation(type: string, output: unknown): Operation {
  return {
    kind: 'doneState',
    execute(step) {
      const event = { type, output: mapped(output, step, step.event) };
      step.queueDone(event);
    },
  };
}

/** What completes a machine. */
export interface FinalState {
  readonly machineOutput: unknown;
  readonly doneType: string;
  readonly stateOutput: unknown;
}

/** The machine reaches a final state at its top. */
export function completeOperation(final: FinalState): Operation {
  const { machineOutput, doneType, stateOutput } = final;
  return {
    kind: 'complete',
    execute(step) {
      step.changed = true;
      if (machineOutput === undefined) {
        step.complete(undefined);
        return;
      }
      const done = { type: doneType, output: mapped(stateOutput, step, step.event) };
      step.complete(mapped(machineOutput, step, done));
    },
  };
}
