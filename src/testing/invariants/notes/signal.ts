/** News of one kind, told to whoever listens, in the order in which they began to. */

/** Where news of one kind are heard. */
export interface Signal<T> {
  /** From now on. */
  on(listener: (news: T) => void): void;
}

/** Where they are told. */
export class Teller<T> implements Signal<T> {
  readonly #listeners: ((news: T) => void)[] = [];

  get isHeard(): boolean {
    return this.#listeners.length > 0;
  }

  on(listener: (news: T) => void): void {
    this.#listeners.push(listener);
  }

  tell(news: T): void {
    for (const listener of this.#listeners) listener(news);
  }
}
