/** Caches: freshness, eviction, coalescing, stale reads; beside a naive model and closed forms. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createChance } from '../../../src/kernel/chance.ts';
import { createZipf } from '../../../src/kernel/distributions/zipf.ts';
import { type CacheConfig, createCache } from '../../../src/queueing/caches/cache.ts';

const FOREVER = Number.POSITIVE_INFINITY;
const draws = createChance({ seed: 20_261_125, replication: 0 }).draws('cache.test');

describe('a cache', () => {
  it('Q73: hits while fresh, is stale at its TTL, and forgets on a cold start', () => {
    const cache = createCache<string>({ ttlUs: 100, maxEntries: 9, coalesce: false });
    expect(cache.lookup('a', 0)).toBe('miss');
    cache.filled('a', 10);
    expect([cache.lookup('a', 10), cache.lookup('a', 109)]).toEqual(['hit', 'hit']);
    expect(cache.lookup('a', 110)).toBe('stale');
    cache.filled('a', 120);
    expect(cache.lookup('a', 219)).toBe('hit');
    cache.clear();
    expect(cache.lookup('a', 219)).toBe('miss');
    expect(cache.counts).toEqual({
      hit: 3,
      stale: 1,
      miss: 2,
      coalesced: 0,
      filled: 2,
      failed: 0,
      evicted: 0,
      size: 0,
    });
  });

  it('Q73: evicts the entry not read for longest', () => {
    const cache = createCache<number>({ ttlUs: FOREVER, maxEntries: 2, coalesce: false });
    cache.filled(1, 0);
    cache.filled(2, 0);
    cache.lookup(1, 1);
    cache.filled(3, 2);
    expect([1, 2, 3].map((key) => cache.lookup(key, 3))).toEqual(['hit', 'miss', 'hit']);
    expect(cache.counts).toMatchObject({ evicted: 1, size: 2 });
  });

  it('Q74: coalesces lookups of a key under way, and lets the next try after a failure', () => {
    const cache = createCache<string>({ ttlUs: 100, maxEntries: 9, coalesce: true });
    expect(['a', 'a', 'b'].map((key) => cache.lookup(key, 0))).toEqual([
      'miss',
      'coalesced',
      'miss',
    ]);
    cache.failed('a');
    expect(cache.lookup('a', 1)).toBe('miss');
    cache.filled('a', 2);
    expect(cache.lookup('a', 3)).toBe('hit');
    expect([cache.lookup('a', 200), cache.lookup('a', 200)]).toEqual(['stale', 'coalesced']);
  });

  it('Q75: lends what is stale to a fallback, within the staleness it names', () => {
    const cache = createCache<string>({ ttlUs: 100, maxEntries: 9, coalesce: true });
    expect(cache.peekStale('a', 0, FOREVER)).toBe(false);
    cache.filled('a', 0);
    cache.lookup('a', 150);
    cache.failed('a');
    expect([50, 49].map((staleness) => cache.peekStale('a', 150, staleness))).toEqual([
      true,
      false,
    ]);
  });

  it('refuses a cache of no entries', () => {
    const config = { ttlUs: 1, maxEntries: 0, coalesce: false };
    expect(() => createCache(config)).toThrow('QUEUEING_BAD_ARGUMENT: maxEntries is 0');
  });
});

/** The same by a walk over an array, newest first. */
function createNaiveCache({ ttlUs, maxEntries, coalesce }: CacheConfig) {
  let entries: { key: number; filledUs: number }[] = [];
  const fetching: number[] = [];
  return {
    lookup(key: number, nowUs: number): string {
      const found = entries.find((entry) => entry.key === key);
      if (found !== undefined && nowUs - found.filledUs < ttlUs) {
        entries = [found, ...entries.filter((entry) => entry !== found)];
        return 'hit';
      }
      if (coalesce && fetching.includes(key)) return 'coalesced';
      fetching.push(key);
      return found === undefined ? 'miss' : 'stale';
    },
    ended(key: number, nowUs: number | undefined): void {
      while (fetching.includes(key)) fetching.splice(fetching.indexOf(key), 1);
      if (nowUs === undefined) return;
      const others = entries.filter((entry) => entry.key !== key);
      entries = [{ key, filledUs: nowUs }, ...others].slice(0, maxEntries);
    },
  };
}

describe('under any schedule', () => {
  const config = fc.record({
    ttlUs: fc.oneof(fc.nat(30), fc.constant(FOREVER)),
    maxEntries: fc.integer({ min: 1, max: 5 }),
    coalesce: fc.boolean(),
  });
  const step = fc.record({
    kind: fc.constantFrom('lookup', 'filled', 'failed', 'wait'),
    key: fc.nat(7),
  });
  test.prop([config, fc.array(step, { maxLength: 120 })], { numRuns: 300, seed: 20261125 })(
    'Q73, Q74: answers like a walk over an array',
    (setting, steps) => {
      const cache = createCache<number>(setting);
      const naive = createNaiveCache(setting);
      let nowUs = 0;
      for (const { kind, key } of steps) {
        if (kind === 'wait') nowUs += key;
        else if (kind === 'lookup') expect(cache.lookup(key, nowUs)).toBe(naive.lookup(key, nowUs));
        else if (kind === 'filled') {
          cache.filled(key, nowUs);
          naive.ended(key, nowUs);
        } else {
          cache.failed(key);
          naive.ended(key, undefined);
        }
        expect(cache.counts.size).toBeLessThanOrEqual(setting.maxEntries);
      }
    },
  );
});

/** Hit ratio of an LRU cache by Che's approximation: an entry stays for the time T in which
 * `maxEntries` different keys are asked for. */
function cheHitRatio(probabilities: readonly number[], maxEntries: number): number {
  const filledBy = (time: number) =>
    probabilities.reduce((sum, p) => sum - Math.expm1(-p * time), 0);
  let low = 0;
  let high = 1e9;
  for (let i = 0; i < 200; i += 1) {
    const middle = (low + high) / 2;
    if (filledBy(middle) < maxEntries) low = middle;
    else high = middle;
  }
  return probabilities.reduce((sum, p) => sum - p * Math.expm1(-p * low), 0);
}

describe('hit ratios', () => {
  it.each([
    [0.6, 100],
    [0.9, 50],
    [0.9, 300],
    [1.2, 20],
  ])('LRU under Zipf %f with %i entries follows Che', (exponent, maxEntries) => {
    const n = 1_000;
    const zipf = createZipf({ n, exponent });
    const cache = createCache<number>({ ttlUs: FOREVER, maxEntries, coalesce: false });
    const lookups = 200_000;
    let hits = 0;
    for (let i = 0; i < lookups; i += 1) {
      const key = zipf.rank(draws.uniform(maxEntries, i));
      const isHit = cache.lookup(key, i) === 'hit';
      if (!isHit) cache.filled(key, i);
      if (i >= lookups / 10 && isHit) hits += 1;
    }
    const probabilities = Array.from({ length: n }, (_, i) => zipf.probability(i + 1));
    const theory = cheHitRatio(probabilities, maxEntries);
    expect(theory).toBeGreaterThan(0.1);
    expect(hits / (lookups * 0.9)).toBeCloseTo(theory, 2);
  });

  it.each([0.5, 2, 10])('a TTL cache of λT = %f hits λT/(1+λT)', (lookupsPerTtl) => {
    const ttlUs = 1e6;
    const cache = createCache<string>({ ttlUs, maxEntries: 1, coalesce: false });
    let nowUs = 0;
    for (let i = 0; i < 100_000; i += 1) {
      nowUs += (-Math.log(draws.uniform(7, i)) * ttlUs) / lookupsPerTtl;
      if (cache.lookup('a', nowUs) !== 'hit') cache.filled('a', nowUs);
    }
    expect(cache.counts.hit / 100_000).toBeCloseTo(lookupsPerTtl / (1 + lookupsPerTtl), 2);
  });

  it.each([
    [true, 0],
    [false, 20],
  ])('a stampede: with coalescing %s, %f more fetches an expiry', (coalesce, more) => {
    const fetchTimeUs = 20;
    const cache = createCache<string>({ ttlUs: 1_000, maxEntries: 1, coalesce });
    const underWay: number[] = [];
    let fetches = 0;
    let expiries = 0;
    for (let nowUs = 0; nowUs < 500_000; nowUs += 1) {
      while ((underWay[0] ?? FOREVER) <= nowUs) cache.filled('a', underWay.shift() ?? nowUs);
      // One lookup a µs on average: the number of lookups in a fetch is Poisson of mean 20.
      for (let u = draws.uniform(9, nowUs), k = 0, p = Math.exp(-1); u > p; k += 1) {
        u -= p;
        p /= k + 1;
        const verdict = cache.lookup('a', nowUs);
        if (verdict === 'hit' || verdict === 'coalesced') continue;
        if (underWay.length === 0) expiries += 1;
        fetches += 1;
        underWay.push(nowUs + fetchTimeUs);
      }
    }
    expect(expiries).toBeGreaterThan(450);
    expect(fetches / expiries - 1).toBeGreaterThan(more * 0.95 - 0.01);
    expect(fetches / expiries - 1).toBeLessThan(more * 1.05 + 0.01);
  });
});
