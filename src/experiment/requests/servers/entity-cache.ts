/** A service's cache of entities. Whoever misses a key fetches it; with coalescing, whoever comes
 * while it is fetched waits for that instead of asking the database too. */
import type { Cache } from '../../../queueing/caches/cache.ts';
import type { Attempt, ServerFailure } from '../calls/call.ts';

/** The cache as a service uses it. */
export interface EntityCache {
  /** Worker time of a hit in µs. */
  readonly hitUs: number;
  /** Looks keys up for a try and notes on it what it must fetch and wait for. @returns hits. */
  look(keys: readonly string[], attempt: Attempt): number;
  /** A try has fetched its keys, or will not: then why. @returns tries that wait for nothing more:
   * those that this was the last key of, those that a key of is lost for. */
  filled(attempt: Attempt, failure: ServerFailure | undefined): readonly Attempt[];
  /** Share of look-ups that hit; undefined before the first. */
  readonly hitShare: number | undefined;
  /** Entries are lost; fetches under way go on, and are waited for. */
  flush(): void;
  /** A restart: everything is forgotten. */
  clear(): void;
}

const NOBODY: readonly Attempt[] = [];
const NO_KEYS: readonly string[] = [];

/** Makes the cache of one service. */
export function createEntityCache(options: {
  readonly cache: Cache<string>;
  readonly hitUs: number;
  /** The server's own: read once a look and once a fetch. */
  readonly clock: { readonly nowUs: number };
}): EntityCache {
  const { cache, hitUs, clock } = options;
  const waiting = new Map<string, Attempt[]>();
  return {
    hitUs,
    look(keys, attempt) {
      const fetches: string[] = [];
      let hits = 0;
      const { nowUs } = clock;
      for (const key of keys) {
        const found = cache.lookup(key, nowUs);
        if (found === 'hit') hits += 1;
        else if (found === 'coalesced') {
          attempt.awaitedKeys += 1;
          const line = waiting.get(key);
          if (line === undefined) waiting.set(key, [attempt]);
          else line.push(attempt);
        } else fetches.push(key);
      }
      attempt.fetches = fetches;
      return hits;
    },
    filled(attempt, failure) {
      const { fetches } = attempt;
      if (fetches.length === 0) return NOBODY;
      attempt.fetches = NO_KEYS;
      const woken: Attempt[] = [];
      const { nowUs } = clock;
      for (const key of fetches) {
        if (failure === undefined) cache.filled(key, nowUs);
        else cache.failed(key);
        for (const other of waiting.get(key) ?? []) {
          other.awaitedKeys -= 1;
          other.lostKeyTo ??= failure;
          if (other.awaitedKeys === 0 || failure !== undefined) woken.push(other);
        }
        waiting.delete(key);
      }
      return woken;
    },
    get hitShare() {
      const { hit, stale, miss, coalesced } = cache.counts;
      const all = hit + stale + miss + coalesced;
      return all === 0 ? undefined : hit / all;
    },
    flush: () => cache.flush(),
    clear() {
      cache.clear();
      waiting.clear();
    },
  };
}
