/** A cache of answers: LRU with a TTL, and request coalescing. It knows keys and times, no values:
 * those are with the caller. A lookup that is no hit makes the caller fetch (or wait for who does);
 * the fetch ends in `filled` or `failed`. Spec: Q73–Q75. */
import { checkArguments } from '../bad-argument.ts';

/** What a cache is like. */
export interface CacheConfig {
  /** How long an entry is fresh; Infinity for ever. */
  readonly ttlUs: number;
  /** Entries it holds; Infinity for no limit. */
  readonly maxEntries: number;
  /** Whether a lookup of a key that is being fetched waits for that fetch. */
  readonly coalesce: boolean;
}

/** `hit`: fresh. `miss`: not here, fetch it. `stale`: past its TTL, fetch it; if that fails,
 * {@link Cache.peekStale} may help. `coalesced`: somebody fetches it already, wait for that. */
export type CacheVerdict = 'hit' | 'stale' | 'miss' | 'coalesced';

/** Counts since the cache was made. */
export interface CacheCounts {
  readonly hit: number;
  readonly stale: number;
  readonly miss: number;
  readonly coalesced: number;
  readonly filled: number;
  readonly failed: number;
  /** Entries that made room for others. */
  readonly evicted: number;
  /** Entries now. */
  readonly size: number;
}

/** A cache by keys of one kind. */
export interface Cache<K extends string | number> {
  /** Looks a key up. Unless it is a hit or coalesced, the caller now fetches it and must say
   * `filled` or `failed`. Cost O(1). */
  lookup(key: K, nowUs: number): CacheVerdict;
  /** A fetch brought the value: it is fresh from now on. Cost O(1). */
  filled(key: K, nowUs: number): void;
  /** A fetch failed: what is here stays, the next lookup fetches again. */
  failed(key: K): void;
  /** Whether a value is here that is past its TTL by at most `maxStalenessUs`, or fresh. Changes
   * nothing. */
  peekStale(key: K, nowUs: number, maxStalenessUs: number): boolean;
  /** Loses all entries; fetches under way go on. */
  flush(): void;
  /** Loses all entries and fetches under way (a cold start); counts stay. */
  clear(): void;
  readonly counts: CacheCounts;
}

/** Makes an empty cache.
 * @throws EngineError `QUEUEING_BAD_ARGUMENT`. */
export function createCache<K extends string | number>(config: CacheConfig): Cache<K> {
  const { ttlUs, maxEntries } = config;
  checkArguments([
    ['ttlUs', ttlUs, ttlUs >= 0, 'give µs ≥ 0, or Infinity'],
    ['maxEntries', maxEntries, maxEntries >= 1, 'give a number ≥ 1, or Infinity'],
  ]);
  return new LruCache(config);
}

/** The head of the ring of entries: the newest follows it, the oldest precedes it. */
const HEAD = 0;

class LruCache<K extends string | number> implements Cache<K> {
  readonly #ttlUs: number;
  readonly #maxEntries: number;
  readonly #coalesces: boolean;
  readonly #slots = new Map<K, number>();
  readonly #fetching = new Set<K>();
  readonly #keys: (K | undefined)[] = [undefined];
  readonly #filledUs: number[] = [0];
  readonly #next: number[] = [HEAD];
  readonly #previous: number[] = [HEAD];
  #hit = 0;
  #stale = 0;
  #miss = 0;
  #coalesced = 0;
  #filled = 0;
  #failed = 0;
  #evicted = 0;

  constructor({ ttlUs, maxEntries, coalesce }: CacheConfig) {
    this.#ttlUs = ttlUs;
    this.#maxEntries = maxEntries;
    this.#coalesces = coalesce;
  }

  lookup(key: K, nowUs: number): CacheVerdict {
    const slot = this.#slots.get(key);
    if (slot !== undefined && nowUs - (this.#filledUs[slot] as number) < this.#ttlUs) {
      this.#hit += 1;
      this.#unlink(slot);
      this.#linkAsNewest(slot);
      return 'hit';
    }
    if (this.#coalesces) {
      if (this.#fetching.has(key)) {
        this.#coalesced += 1;
        return 'coalesced';
      }
      this.#fetching.add(key);
    }
    if (slot === undefined) {
      this.#miss += 1;
      return 'miss';
    }
    this.#stale += 1;
    return 'stale';
  }

  filled(key: K, nowUs: number): void {
    this.#filled += 1;
    this.#fetching.delete(key);
    let slot = this.#slots.get(key);
    if (slot === undefined) slot = this.#takeSlot(key);
    else this.#unlink(slot);
    this.#filledUs[slot] = nowUs;
    this.#linkAsNewest(slot);
  }

  failed(key: K): void {
    this.#failed += 1;
    this.#fetching.delete(key);
  }

  peekStale(key: K, nowUs: number, maxStalenessUs: number): boolean {
    const slot = this.#slots.get(key);
    if (slot === undefined) return false;
    return nowUs - (this.#filledUs[slot] as number) <= this.#ttlUs + maxStalenessUs;
  }

  clear(): void {
    this.flush();
    this.#fetching.clear();
  }

  flush(): void {
    this.#slots.clear();
    this.#keys.length = 1;
    this.#filledUs.length = 1;
    this.#next.length = 1;
    this.#previous.length = 1;
    this.#next[HEAD] = HEAD;
    this.#previous[HEAD] = HEAD;
  }

  get counts(): CacheCounts {
    return {
      hit: this.#hit,
      stale: this.#stale,
      miss: this.#miss,
      coalesced: this.#coalesced,
      filled: this.#filled,
      failed: this.#failed,
      evicted: this.#evicted,
      size: this.#slots.size,
    };
  }

  /** A slot for a new key: the oldest entry's where the cache is full. */
  #takeSlot(key: K): number {
    let slot = this.#keys.length;
    if (this.#slots.size >= this.#maxEntries) {
      slot = this.#previous[HEAD] as number;
      this.#evicted += 1;
      this.#slots.delete(this.#keys[slot] as K);
      this.#unlink(slot);
    }
    this.#keys[slot] = key;
    this.#slots.set(key, slot);
    return slot;
  }

  #unlink(slot: number): void {
    const following = this.#next[slot] as number;
    const preceding = this.#previous[slot] as number;
    this.#next[preceding] = following;
    this.#previous[following] = preceding;
  }

  #linkAsNewest(slot: number): void {
    const second = this.#next[HEAD] as number;
    this.#next[HEAD] = slot;
    this.#previous[slot] = HEAD;
    this.#next[slot] = second;
    this.#previous[second] = slot;
  }
}
