/** Effective sample sizes against the theory of autoregressions. */
import { describe, expect, it } from 'vitest';
import { effectiveSampleSize } from '../../../src/stats/steady-state/effective-sample-size.ts';
import { autoregression } from '../series/random-series.ts';

describe('effective sample size', () => {
  it.each([0, 0.5, 0.8, 0.95])('is n(1 − φ) ÷ (1 + φ) for an autoregression: φ = %s', (phi) => {
    const n = 40_000;
    const { count } = effectiveSampleSize(autoregression(71, { n, correlation: phi }));
    const theory = (n * (1 - phi)) / (1 + phi);
    expect(count / theory).toBeGreaterThan(0.8);
    expect(count / theory).toBeLessThan(1.2);
  });

  it('N15: is never above the number of values', () => {
    const alternating = Array.from({ length: 100 }, (_, i) => i % 2);
    expect(effectiveSampleSize(alternating)).toEqual({ count: 100, correlationTime: 1 });
    expect(effectiveSampleSize([5, 5, 5, 5]).count).toBe(4);
    expect(effectiveSampleSize([]).count).toBe(0);
  });

  it('counts copies once', () => {
    const copied = autoregression(72, { n: 300, correlation: 0 }).flatMap((value) =>
      Array.from({ length: 10 }, () => value),
    );
    const { count } = effectiveSampleSize(copied);
    expect(count).toBeGreaterThan(200);
    expect(count).toBeLessThan(360);
  });
});
