/** Operations that concern other actors: sendTo and sendParent, spawnChild and invoke,
 * stopChild. */
import type { AnyActorLogic, EventObject } from 'xstate';
import { onlyObjects } from './basic-operations.ts';
import {
  type ActorReference,
  mapped,
  type Operation,
  paramsOf,
  resolved,
  type StepScope,
} from './operation.ts';

/** What `sendTo` was given; a named delay is resolved beforehand. */
export interface SendOptions {
  readonly to: unknown;
  readonly event: unknown;
  readonly delay: unknown;
  readonly id: string | undefined;
}

const PARENT = '#_parent';
const INTERNAL = '#_internal';
const ERROR_EVENT = 'xstate.error';

/** `sendTo` and `sendParent`. */
export function sendOperation(options: SendOptions, params: unknown): Operation {
  const { to, event, delay, id } = options;
  return {
    kind: 'send',
    execute(step) {
      if (typeof event === 'string') throw onlyObjects('sendTo', event);
      const args = step.args();
      const given = paramsOf(params, step);
      const sent = resolved(event, args, given) as EventObject;
      const found = resolved(delay, args, given);
      const delayMs = typeof found === 'number' ? found : undefined;
      const target = resolved(to, args, given) as ActorReference | string | undefined;
      const delivery = { event: asErrorEvent(sent, delayMs, step), id, delayMs };
      if (typeof target === 'string' && step.deliverOnEntry(target, delivery)) return;
      step.deliver({ to: receiverOf(target, step), ...delivery });
    },
  };
}

function receiverOf(target: ActorReference | string | undefined, step: StepScope): ActorReference {
  if (typeof target !== 'string') return target || step.self;
  const receiver = namedReceiver(target, step);
  if (receiver === undefined) {
    throw new Error(`Unable to send event to actor '${target}' from machine '${step.machine.id}'.`);
  }
  return receiver;
}

function namedReceiver(name: string, step: StepScope): ActorReference | undefined {
  if (name === PARENT) return step.self._parent;
  if (name === INTERNAL) return step.self;
  return step.children[name.startsWith('#_') ? name.slice(2) : name];
}

/** An event `xstate.error` sent at once becomes the error event of the sender. */
function asErrorEvent(event: EventObject, delayMs: number | undefined, step: StepScope) {
  if (event.type !== ERROR_EVENT || delayMs !== undefined) return event;
  const { id } = step.self;
  const { data } = event as EventObject & { readonly data?: unknown };
  return { type: `xstate.error.actor.${id}`, error: data, actorId: id };
}

/** What is spawned. */
export interface SpawnSource {
  readonly logic: AnyActorLogic;
  /** What the machine calls the logic, or the logic itself. */
  readonly src: unknown;
  /** A name, or a function of the arguments that tells one. */
  readonly id: unknown;
  readonly systemId: string | undefined;
  readonly input: unknown;
  readonly syncSnapshot: boolean;
}

/** `spawnChild`, and the invokes of a state. */
export function spawnOperation(source: SpawnSource): Operation {
  const { id, input, ...rest } = source;
  return {
    kind: 'spawn',
    execute(step) {
      const childId = resolved(id, step.args(), undefined) as string | undefined;
      step.spawn({ ...rest, id: childId, input: mapped(input, step, step.event) });
    },
  };
}

/** `stopChild`: an id, a reference, or a function that tells one. */
export function stopOperation(actorRef: unknown, params: unknown): Operation {
  return {
    kind: 'stop',
    execute(step) {
      const target = resolved(actorRef, step.args(), paramsOf(params, step));
      const child = typeof target === 'string' ? step.children[target] : target;
      step.stop(child as ActorReference | undefined);
    },
  };
}
