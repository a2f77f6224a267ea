/** Remembers what follows from results. Services that answer the same question with the same frozen
 * object let a plan run reuse whatever was computed from it: a chain of weak maps keyed by the
 * results' identities, so that nothing outlives the answers it was made from. */

/** A place for what follows from one list of results. */
export interface Slot<V> {
  value: V | undefined;
}

interface Link<V> extends Slot<V> {
  readonly next: WeakMap<object, Link<V>>;
}

/** Slots by lists of results. */
export class KnownResults<V> {
  readonly #root: Link<V> = { value: undefined, next: new WeakMap() };

  /** The slot of these results; a fresh one every time where a result is not frozen and could
   * change under our hands. Cost O(results). */
  slot(results: readonly object[]): Slot<V> {
    let link = this.#root;
    for (const result of results) {
      if (!Object.isFrozen(result)) return { value: undefined };
      let next = link.next.get(result);
      if (next === undefined) {
        next = { value: undefined, next: new WeakMap() };
        link.next.set(result, next);
      }
      link = next;
    }
    return link;
  }
}
