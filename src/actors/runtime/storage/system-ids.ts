/** Actors that a machine gave a system-wide id, by root actor: one XState system each. */
import type { ActorReference } from '../operations/operation.ts';

/** Registry of system ids. */
export class SystemIds {
  readonly #byRoot = new Map<number, Map<string, ActorReference>>();

  /** @throws Error when another actor has the id, in XState's words. */
  set(root: number, id: string | undefined, actor: ActorReference): void {
    if (id === undefined) return;
    let ids = this.#byRoot.get(root);
    if (ids === undefined) {
      ids = new Map();
      this.#byRoot.set(root, ids);
    }
    const existing = ids.get(id);
    if (existing !== undefined && existing !== actor) {
      throw new Error(`Actor with system ID '${id}' already exists.`);
    }
    ids.set(id, actor);
  }

  delete(root: number, id: string | undefined): void {
    if (id === undefined) return;
    const ids = this.#byRoot.get(root);
    ids?.delete(id);
    if (ids?.size === 0) this.#byRoot.delete(root);
  }

  get(root: number, id: string): ActorReference | undefined {
    return this.#byRoot.get(root)?.get(id);
  }

  /** All that is registered: root, id, actor. */
  entries(): readonly (readonly [root: number, id: string, actor: ActorReference])[] {
    return [...this.#byRoot].flatMap(([root, ids]) =>
      [...ids].map(([id, actor]) => [root, id, actor] as const),
    );
  }

  /** All ids of a root's system. */
  all(root: number): Readonly<Record<string, ActorReference>> {
    return Object.fromEntries(this.#byRoot.get(root) ?? []);
  }
}
