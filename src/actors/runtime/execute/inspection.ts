/** XState's inspection events, so that Stately's inspector and any other tool of XState can watch
 * compiled actors. Nothing is made while nobody watches. */
import type { EventObject, InspectionEvent } from 'xstate';
import type { Inspector } from '../actor-system.ts';
import type { ActorReference } from '../operations/operation.ts';

/** A microstep that was taken. */
export interface Microstep {
  readonly event: EventObject;
  /** XState's snapshot after it. */
  readonly snapshot: unknown;
  /** XState's transitions that were taken. */
  readonly transitions: readonly unknown[];
}

/** Makes inspection events for one inspector. Actors are told by their place. */
export class Inspection {
  readonly #next: (event: InspectionEvent) => void;
  readonly #referenceOf: (place: number) => ActorReference;

  constructor(inspector: Inspector, referenceOf: (place: number) => ActorReference) {
    this.#next = typeof inspector === 'function' ? inspector : (event) => inspector.next?.(event);
    this.#referenceOf = referenceOf;
  }

  actor(place: number): void {
    this.#tell(this.#referenceOf(place), { type: '@xstate.actor' });
  }

  /** An event goes to an actor. @param from - undefined: from outside. */
  event(from: number | undefined, to: ActorReference | number, event: EventObject): void {
    const source = from === undefined ? undefined : this.#referenceOf(from);
    const target = typeof to === 'number' ? this.#referenceOf(to) : to;
    this.#tell(target, { type: '@xstate.event', sourceRef: source, event });
  }

  microstep(place: number, { event, snapshot, transitions }: Microstep): void {
    const step = { type: '@xstate.microstep', event, snapshot, _transitions: transitions };
    this.#tell(this.#referenceOf(place), step);
  }

  action(place: number, type: string, params: unknown): void {
    this.#tell(this.#referenceOf(place), { type: '@xstate.action', action: { type, params } });
  }

  snapshot(place: number, event: EventObject, snapshot: unknown): void {
    this.#tell(this.#referenceOf(place), { type: '@xstate.snapshot', event, snapshot });
  }

  #tell(actor: ActorReference, event: object): void {
    let root = actor;
    while (root._parent !== undefined) root = root._parent;
    this.#next({ ...event, actorRef: actor, rootId: root.sessionId } as unknown as InspectionEvent);
  }
}
