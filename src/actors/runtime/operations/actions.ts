/** From XState's actions to operations: functions, names with or without parameters, and the action
 * creators, known by their type. */
import type { AnyActorLogic, AnyStateMachine } from 'xstate';
import {
  assignOperation,
  cancelOperation,
  customOperation,
  emitOperation,
  logOperation,
  raiseOperation,
} from './basic-operations.ts';
import {
  type SpawnSource,
  sendOperation,
  spawnOperation,
  stopOperation,
} from './child-operations.ts';
import { type EnqueueCompiler, enqueueOperation } from './enqueue-operation.ts';
import { compileGuard, type GuardPlace } from './guards.ts';
import { checkLogic } from './logic.ts';
import type { Expression, Operation } from './operation.ts';
import { refused } from './refusal.ts';

/** An action creator's function with what it was given. */
interface BuiltInAction {
  readonly type: string;
  readonly [option: string]: unknown;
}

/** Compiles actions in order. @throws EngineError `ACTOR_UNSUPPORTED`. */
export function compileActions(actions: readonly unknown[], at: GuardPlace): Operation[] {
  return actions.map((action) => compileAction(action, at));
}

function compileAction(action: unknown, at: GuardPlace): Operation {
  if (typeof action === 'function') {
    const type = action.name || '(anonymous)';
    return compileFunction(action, { type, params: undefined }, at);
  }
  const named = action as string | { readonly type: string; readonly params?: unknown };
  const type = typeof named === 'string' ? named : named.type;
  const params = typeof named === 'string' ? undefined : named.params;
  const implementation: unknown = at.machine.implementations.actions[type];
  if (implementation === undefined) return customOperation({ type, exec: undefined, params });
  return compileFunction(implementation as Expression, { type, params }, at);
}

function compileFunction(
  exec: unknown,
  { type, params }: { readonly type: string; readonly params: unknown },
  at: GuardPlace,
): Operation {
  if (!('resolve' in (exec as object))) {
    return customOperation({ type, exec: exec as Expression, params });
  }
  return compileBuiltIn(exec as BuiltInAction, params, at);
}

function compileBuiltIn(action: BuiltInAction, params: unknown, at: GuardPlace): Operation {
  const { event, id } = action as { readonly event?: unknown; readonly id?: string };
  const delay = delayOf(action['delay'], at.machine);
  switch (action.type) {
    case 'xstate.assign':
      return assignOperation(action['assignment'], params);
    case 'xstate.raise':
      return raiseOperation({ event, id, delay }, params);
    case 'xstate.sendTo':
      return sendOperation({ to: action['to'], event, id, delay }, params);
    case 'xstate.emit':
      return emitOperation(event, params);
    case 'xstate.cancel':
      return cancelOperation(action['sendId'], params);
    case 'xstate.log':
      return logOperation(action['value'], action['label'], params);
    case 'xstate.spawnChild':
      return spawnOperation(spawnSource(action['src'], action, at));
    case 'xstate.stopChild':
      return stopOperation(action['actorRef'], params);
    case 'xstate.enqueueActions':
      return enqueueOperation(action['collect'] as never, params, enqueueCompiler(at));
    default:
      throw refused({
        feature: `action '${action.type}'`,
        place: at.place,
        remedy: 'use functions and the action creators of the manual: assign, raise, sendTo, …',
      });
  }
}

function enqueueCompiler(at: GuardPlace): EnqueueCompiler {
  return {
    compile: (action) => compileAction(action, at),
    guard: (guard) => compileGuard(guard, at),
    delay: (delay) => delayOf(delay, at.machine),
    spawnSource: (src, options) => spawnSource(src, options ?? {}, at),
  };
}

/** The implementation of a named delay; anything else is itself. */
function delayOf(delay: unknown, machine: AnyStateMachine): unknown {
  return typeof delay === 'string' ? machine.implementations.delays[delay] : delay;
}

/** What an invoke or `spawnChild` says, its logic found and checked.
 * @throws EngineError `ACTOR_UNSUPPORTED`. */
export function spawnSource(src: unknown, options: object, at: GuardPlace): SpawnSource {
  const { id, systemId, input, syncSnapshot } = options as Partial<SpawnSource>;
  const logic = typeof src === 'string' ? logicNamed(src, at) : (src as AnyActorLogic);
  checkLogic(logic, at.place);
  return { logic, src, id, systemId, input, syncSnapshot: syncSnapshot === true };
}

/** The logic that a machine knows by a name.
 * @throws EngineError `ACTOR_UNSUPPORTED` when nothing is given for it. */
export function logicNamed(src: string, { machine, place }: GuardPlace): AnyActorLogic {
  const invoke = /^xstate\.invoke\.(\d+)\.(.*)/.exec(src);
  if (invoke !== null) {
    const [, index, node] = invoke;
    const configured: unknown = machine.getStateNodeById(node ?? '').config.invoke;
    const list = (Array.isArray(configured) ? configured : [configured]) as { src: unknown }[];
    return list[Number(index)]?.src as AnyActorLogic;
  }
  const logic: unknown = machine.implementations.actors[src];
  if (logic === undefined) {
    throw refused({
      feature: `actor '${src}'`,
      place,
      remedy: 'it has no implementation: give one in setup({ actors }) or machine.provide()',
    });
  }
  return logic as AnyActorLogic;
}
