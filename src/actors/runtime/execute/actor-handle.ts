/** An actor as machines and inspectors see it: XState's actor reference. Made only when somebody
 * asks for it; one object an actor, so that references can be compared. */
import type { AnyActorLogic, EventObject } from 'xstate';
import type { ActorReference } from '../operations/operation.ts';

/** What a handle needs of the runtime. */
export interface HandleHost {
  /** Puts an event into an actor's mailbox, as from outside. */
  sendTo(handle: ActorHandle, event: EventObject): void;
  /** XState's snapshot of the actor. */
  snapshotOf(handle: ActorHandle): unknown;
}

/** What is known of an actor from its birth. */
export interface HandleIdentity {
  readonly place: number;
  readonly generation: number;
  readonly id: string;
  readonly sessionId: string;
  readonly parent: ActorReference | undefined;
  readonly logic: AnyActorLogic;
  readonly src: unknown;
  readonly systemId: string | undefined;
  readonly system: unknown;
}

/** XState marks references with 1. */
const ACTOR_MARK = 1;

/** A reference to an actor. */
export class ActorHandle implements ActorReference {
  readonly xstate$$type = ACTOR_MARK;
  readonly place: number;
  readonly generation: number;
  readonly id: string;
  readonly sessionId: string;
  readonly _parent: ActorReference | undefined;
  readonly logic: AnyActorLogic;
  readonly src: unknown;
  readonly systemId: string | undefined;
  readonly system: unknown;
  /** Tells the last snapshot of an actor whose storage was given back. */
  finalSnapshot: (() => unknown) | undefined;
  readonly #host: HandleHost;

  constructor(host: HandleHost, identity: HandleIdentity) {
    this.#host = host;
    this.place = identity.place;
    this.generation = identity.generation;
    this.id = identity.id;
    this.sessionId = identity.sessionId;
    this._parent = identity.parent;
    this.logic = identity.logic;
    this.src = identity.src;
    this.systemId = identity.systemId;
    this.system = identity.system;
  }

  get ref(): this {
    return this;
  }

  send(event: EventObject): void {
    this.#host.sendTo(this, event);
  }

  getSnapshot(): unknown {
    return this.#host.snapshotOf(this);
  }

  toJSON(): { readonly xstate$$type: number; readonly id: string } {
    return { xstate$$type: ACTOR_MARK, id: this.id };
  }
}
