/** A bounded memory: what was unused for longest goes first. */

/** Values by text. */
export interface LruCache<V> {
  readonly size: number;
  /** The value, which counts as use. */
  get(key: string): V | undefined;
  set(key: string, value: V): void;
  clear(): void;
}

/** Makes an empty cache. Get and set are O(1).
 * @param capacity - Values kept; 0 keeps none. */
export function createLruCache<V>(capacity: number): LruCache<V> {
  const values = new Map<string, V>();
  return {
    get size() {
      return values.size;
    },
    get(key) {
      const value = values.get(key);
      if (value === undefined) return undefined;
      // As long as there is much room nobody is near to going, whatever the order.
      if (2 * values.size > capacity) {
        values.delete(key);
        values.set(key, value);
      }
      return value;
    },
    set(key, value) {
      values.delete(key);
      values.set(key, value);
      if (values.size <= capacity) return;
      const [oldest] = values.keys();
      if (oldest !== undefined) values.delete(oldest);
    },
    clear: () => values.clear(),
  };
}
