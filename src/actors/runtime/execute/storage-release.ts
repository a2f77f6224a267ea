/** When the storage of actors is given back: of root actors when their owner says so, of children
 * when they have ended and their parent has forgotten them. References to them go on to tell their
 * last snapshot. Spec: A18. */
import { type ActorReference, type Children, NO_CHILDREN } from '../operations/operation.ts';
import { type ActorStore, Flag, Word } from '../storage/actor-store.ts';
import type { ActorHandle } from './actor-handle.ts';
import type { RuntimePorts } from './runtime-ports.ts';

/** What releasing needs of the runtime. */
export interface ReleaseHost {
  readonly store: ActorStore;
  readonly ports: Pick<RuntimePorts, 'lastSnapshotOf'>;
}

/** What a step did to the children of its actor. */
export interface ChildrenChange {
  readonly actor: number;
  readonly children: Children;
  /** Made by the step, whether it kept them or not. */
  readonly created: readonly ActorReference[];
}

/** Gives storage back in one runtime. */
export class StorageRelease {
  readonly #host: ReleaseHost;

  constructor(host: ReleaseHost) {
    this.#host = host;
  }

  /** Frees an ended actor's storage, and that of its children. */
  release(place: number): void {
    const { store } = this.#host;
    const record = store.records.get(place);
    for (const child of Object.values(record?.children ?? {})) {
      const at = this.#placeOf(child);
      if (at !== undefined && store.has(at, Flag.ended)) this.release(at);
    }
    const handle = record?.reference as ActorHandle | undefined;
    if (handle !== undefined) handle.finalSnapshot = this.#host.ports.lastSnapshotOf(place);
    store.release(place);
  }

  /** Frees an ended root actor, if its owner asked for that. One that failed is kept: it has to be
   * asked why. */
  releaseIfAsked(place: number): void {
    const { store } = this.#host;
    if (store.has(place, Flag.released) && store.statusOf(place) !== 'error') this.release(place);
  }

  /** Frees an ended child, if its parent has forgotten it. */
  releaseOrphan(place: number): void {
    const { store } = this.#host;
    const parent = store.placeOf(store.records.get(place)?.family?.parent ?? Number.NaN);
    const siblings = parent === undefined ? undefined : store.records.get(parent)?.children;
    const isKnown = Object.values(siblings ?? NO_CHILDREN).some(
      (sibling) => this.#placeOf(sibling) === place,
    );
    if (!isKnown) this.release(place);
  }

  /** Takes over the children of a step; frees those that it forgot and that have ended. */
  adopt(change: ChildrenChange): void {
    const { store } = this.#host;
    const record = store.record(change.actor);
    const before = Object.values(record.children ?? NO_CHILDREN);
    record.children = change.children;
    const kept = new Set(Object.values(change.children));
    for (const child of [...before, ...change.created]) {
      if (kept.has(child)) continue;
      const place = this.#placeOf(child);
      if (place === undefined || !store.has(place, Flag.ended)) continue;
      if (!store.has(place, Flag.busy)) this.release(place);
    }
  }

  /** Undefined for an actor whose storage was given back. */
  #placeOf(reference: ActorReference | undefined): number | undefined {
    if (reference === undefined) return undefined;
    const { place, generation } = reference as ActorHandle;
    return this.#host.store.wordOf(place, Word.generation) === generation ? place : undefined;
  }
}
