/** Batch means: coverage on series whose mean is known, refusals, and the second opinion of
 * overlapping batches. */
import { describe, expect, it } from 'vitest';
import { meanInterval } from '../../../src/stats/mean-interval.ts';
import { batchMeans, independentBatches } from '../../../src/stats/steady-state/batch-means.ts';
import { overlappingBatchMeans } from '../../../src/stats/steady-state/overlapping-batch-means.ts';
import { COVERAGE_TIMEOUT_MS, coverageBounds, coverageOf, IS_LONG } from '../series/coverage.ts';
import { autoregression, waitingTimes } from '../series/random-series.ts';

describe('batch means', { timeout: COVERAGE_TIMEOUT_MS }, () => {
  it.each([
    [0, 500],
    [0.6, 2_000],
    [0.9, 2_500],
  ])('N14: cover the mean of an autoregression: φ = %s, n = %s', (correlation, n) => {
    const replications = IS_LONG ? 10_000 : 200;
    const found = coverageOf(replications, 0, (r) =>
      batchMeans(autoregression(r, { n, correlation })),
    );
    expect(found.intervals).toBeGreaterThan(0.9 * replications);
    const { low, high } = IS_LONG ? { low: 0.935, high: 0.965 } : coverageBounds(0.945, 200);
    expect(found.share).toBeGreaterThan(low);
    expect(found.share).toBeLessThan(high);
  });

  it('N14: are needed: values taken as independent miss the mean', () => {
    const found = coverageOf(200, 0, (r) =>
      meanInterval(autoregression(r, { n: 2_000, correlation: 0.9 })),
    );
    expect(found.share).toBeLessThan(0.5);
  });

  it('N14: cover the mean wait of a queue, whose values are skewed and long correlated', () => {
    const replications = IS_LONG ? 1_000 : 40;
    const options = { n: 12_000, utilization: 0.5, start: 'steady' } as const;
    const found = coverageOf(replications, 1, (r) => batchMeans(waitingTimes(r, options)));
    expect(found.intervals).toBeGreaterThan(0.95 * replications);
    expect(found.share).toBeGreaterThan(coverageBounds(0.93, replications).low);
  });

  it('N14: are 20 to 30, and what fills no batch is left out at the start', () => {
    for (const n of [62, 93, 150, 1_000, 4_321]) {
      const batching = independentBatches(autoregression(n, { n, correlation: 0 }));
      expect(batching?.batches).toBeGreaterThanOrEqual(20);
      expect(batching?.batches).toBeLessThanOrEqual(30);
    }
    const series = [1e6, ...autoregression(3, { n: 120, correlation: 0 })];
    expect(Math.max(...(independentBatches(series)?.means ?? [1e9]))).toBeLessThan(10);
  });

  it('N17: refuse a series that is worth too little', () => {
    const short = batchMeans(autoregression(4, { n: 400, correlation: 0.95 }));
    expect(short).toMatchObject({ low: null, halfWidth: null, refusal: { code: 'run-too-short' } });
    expect(short.mean).not.toBeNaN();
    expect(short.effectiveCount).toBeLessThan(60);
    const drifting = batchMeans(Array.from({ length: 5_000 }, (_, i) => i));
    expect(drifting.refusal).toMatchObject({ code: 'run-too-short' });
    expect(batchMeans([]).refusal).not.toBeNull();
    expect(() => batchMeans([Number.NaN])).toThrow(/STATS_BAD_ARGUMENT/);
  });

  it('bear a constant', () => {
    const constant = Array.from({ length: 100 }, () => 4);
    expect(batchMeans(constant)).toMatchObject({ mean: 4, low: 4, high: 4, pValue: null });
  });
});

describe('overlapping batch means', { timeout: COVERAGE_TIMEOUT_MS }, () => {
  it('N16: equal the formula by hand', () => {
    // Means of neighbours 2, 4, 4, 4 around 3.6; variance 5·2 ÷ (4·3) · (2.56 + 3 · 0.16).
    const { mean, halfWidth } = overlappingBatchMeans([1, 3, 5, 3, 5], { batchLength: 2 });
    expect(mean).toBeCloseTo(3.4, 12);
    const squares = [2, 4, 4, 4].reduce((sum, value) => sum + (value - 3.4) ** 2, 0);
    const variance = ((10 / 12) * squares) / 5;
    // t(2.25) at 97.5 %.
    expect((halfWidth ?? 0) / Math.sqrt(variance)).toBeCloseTo(3.877, 2);
  });

  it('N16: agree with batches side by side on what can be batched', () => {
    const ratios = Array.from({ length: 40 }, (_, r) => {
      const found = batchMeans(autoregression(r, { n: 4_000, correlation: 0.7 }));
      return (found.overlappingHalfWidth ?? Number.NaN) / (found.halfWidth ?? Number.NaN);
    });
    const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
    expect(mean).toBeGreaterThan(0.9);
    expect(mean).toBeLessThan(1.1);
  });

  it('refuse an impossible length', () => {
    expect(() => overlappingBatchMeans([1, 2, 3], { batchLength: 2 })).toThrow(/batchLength is 2/);
  });
});
