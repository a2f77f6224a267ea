/** A bounded memory: what was unused for longest goes first. */

/** Characters of the longest text that {@link createTextCache} remembers. Servers take texts of
 * 1 MiB from anybody and a thousand are kept: without a bound they fill the memory. Operations that
 * people write are shorter. */
export const MAX_REMEMBERED_TEXT_LENGTH = 8_192;

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

/** An empty cache of what texts from outside became: long ones are not kept.
 * @param capacity - Values kept; 0 keeps none. */
export function createTextCache<V>(capacity: number): LruCache<V> {
  const cache = createLruCache<V>(capacity);
  return {
    get size() {
      return cache.size;
    },
    get: cache.get,
    set(key, value) {
      if (key.length <= MAX_REMEMBERED_TEXT_LENGTH) cache.set(key, value);
    },
    clear: cache.clear,
  };
}
