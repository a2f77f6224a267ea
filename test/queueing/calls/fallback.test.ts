/** Fallbacks: which one, for what, and that it shows. */
import { describe, expect, it } from 'vitest';
import { chooseFallback, type FallbackConfig } from '../../../src/queueing/calls/fallback.ts';

const FALLBACKS: readonly FallbackConfig[] = [
  { kind: 'stale-cache', maxStalenessUs: 100, on: ['timeout', 'breaker-open'] },
  { kind: 'default-value', on: ['breaker-open', 'overloaded'] },
];

describe('a fallback', () => {
  it('Q35: is the first that applies, and says that it is degraded', () => {
    const choose = (failure: 'timeout' | 'breaker-open' | 'overloaded' | 'error', age?: number) =>
      chooseFallback(FALLBACKS, {
        failure,
        nowUs: 1_000,
        cachedAtUs: age === undefined ? undefined : 1_000 - age,
      });
    const stale = { degraded: true, source: 'stale-cache', ageUs: 100 };
    const standard = { degraded: true, source: 'default-value', ageUs: 0 };
    expect(choose('timeout', 100)).toEqual(stale);
    expect(choose('timeout', 101)).toBeUndefined();
    expect(choose('timeout')).toBeUndefined();
    expect(choose('breaker-open', 100)).toEqual(stale);
    expect(choose('breaker-open', 101)).toEqual(standard);
    expect(choose('overloaded', 1)).toEqual(standard);
    expect(choose('error', 1)).toBeUndefined();
  });
});
