/** Carries tries to their server and answers back: one message each, on its way as long as the
 * transport takes. What is wrong with the network at times is `faults/network/`.
 * Spec: E36, E440. */
import type { ActorId, ActorSystem } from '../../../actors/runtime/actor-system.ts';
import type { Transport } from '../transport/transport.ts';
import type { Attempt } from './call.ts';

/** Sends what travels over an edge. */
export interface Carrier {
  /** Sends a try to its server, over a connection that is open after `handshakeUs`. */
  ask(attempt: Attempt, handshakeUs: number): void;
  /** Sends the server's answer, or its failure, to who asked. */
  answer(attempt: Attempt): void;
}

/** What a carrier is made of. */
export interface CarrierOptions {
  readonly actors: ActorSystem;
  readonly transport: Transport;
  readonly target: { readonly name: string; readonly actor: ActorId };
}

/** What travels: a try, to its server or back. */
export class CallMessage {
  readonly type: 'call.arrived' | 'call.answered';
  readonly attempt: Attempt;

  constructor(type: CallMessage['type'], attempt: Attempt) {
    this.type = type;
    this.attempt = attempt;
  }
}

/** Makes the carrier of a network that works. */
export function createCarrier({ actors, transport, target }: CarrierOptions): Carrier {
  return {
    ask(attempt, handshakeUs) {
      const delayUs = transport.upUs(attempt, handshakeUs);
      actors.send(target.actor, new CallMessage('call.arrived', attempt), delayUs);
    },
    answer(attempt) {
      const delayUs = transport.downUs(attempt, attempt.failure === undefined);
      const { actor } = attempt.call.owner;
      actors.send(actor, new CallMessage('call.answered', attempt), delayUs);
    },
  };
}
