/** Who gets what actors emit: a handler a type of message. */
import type { ActorId, ActorMessage } from '../../actors/runtime/actor-system.ts';
import { invariant } from '../../kernel/errors.ts';

/** A handler for each type of emission. */
export type Routes<E extends ActorMessage> = {
  readonly [T in E['type']]: (from: ActorId, m: Extract<E, { type: T }>) => void;
};

/** Makes the router. */
export function createRouter<E extends ActorMessage>(
  routes: Routes<E>,
): (from: ActorId, message: ActorMessage) => void {
  const handlers = new Map<string, (from: ActorId, message: never) => void>(Object.entries(routes));
  return (from, message) => {
    const handle = handlers.get(message.type);
    invariant(handle !== undefined, 'MESSAGE_WITHOUT_ROUTE', { type: message.type });
    handle(from, message as never);
  };
}
