/** Pooled quantiles: coverage by both methods, refusals, and the canary: a mean of percentiles is
 * far from the truth where the pooled quantile is not. */
import { describe, expect, it } from 'vitest';
import { createHistogram } from '../../../src/stats/hdr-histogram.ts';
import type { HistogramCounts } from '../../../src/stats/histogram-counts.ts';
import { meanInterval } from '../../../src/stats/mean-interval.ts';
import { orderStatistic } from '../../../src/stats/quantile-interval.ts';
import { pooledQuantile } from '../../../src/stats/replications/pooled-quantile.ts';
import { COVERAGE_TIMEOUT_MS, coverageBounds, coverageOf, IS_LONG } from '../series/coverage.ts';
import { createExponentialDraws } from '../series/random-series.ts';

const exponential = createExponentialDraws(81);

/** Values of one replication: exponential with mean 1 s, in µs. */
function valuesOf(replication: number, n: number): number[] {
  return Array.from({ length: n }, (_, i) => 1e6 * exponential(replication, i));
}

function countsOf(values: readonly number[]): HistogramCounts {
  const histogram = createHistogram({ significantDigits: 3, maxValue: 1e8 });
  for (const value of values) histogram.record(value);
  return histogram.counts();
}

/** Histograms of one experiment, exact ones. */
function experiment(e: number, size: { readonly runs: number; readonly n: number }) {
  return Array.from({ length: size.runs }, (_, r) => {
    const values = valuesOf(e * size.runs + r, size.n).sort((a, b) => a - b);
    return { values, counts: values.map(() => 1) };
  });
}

describe('pooled quantile', { timeout: COVERAGE_TIMEOUT_MS }, () => {
  it.each([
    { q: 0.9, runs: 8, n: 100, method: 'sectioning' },
    { q: 0.95, runs: 20, n: 60, method: 'shares' },
  ])('N21: covers the true quantile by $method', ({ q, runs, n, method }) => {
    const replications = IS_LONG ? 10_000 : 200;
    const truth = -Math.log(1 - q) * 1e6;
    const found = coverageOf(replications, truth, (e) => {
      const quantile = pooledQuantile(experiment(e, { runs, n }), q);
      if (quantile.refusal === null) expect(quantile.method).toBe(method);
      return quantile;
    });
    expect(found.intervals).toBeGreaterThan(0.5 * replications);
    const { low, high } = IS_LONG
      ? { low: 0.93, high: 0.965 }
      : coverageBounds(0.94, found.intervals);
    expect(found.share).toBeGreaterThan(low);
    expect(found.share).toBeLessThan(high);
  });

  it('N20 canary: a mean of percentiles is caught, the pooled quantile is not', () => {
    const size = { runs: 400, n: 20 };
    const truth = -Math.log(0.05) * 1e6;
    const values = Array.from({ length: size.runs }, (_, r) => valuesOf(r, size.n));
    const percentiles = values.map((one) => orderStatistic(Float64Array.from(one).sort(), 0.95));
    const averaged = meanInterval(percentiles, 0.9999);
    expect(averaged.high).toBeLessThan(truth);
    const { low, high, value } = pooledQuantile(values.map(countsOf), 0.95, 0.9999);
    expect(low).toBeLessThan(truth);
    expect(high).toBeGreaterThan(truth);
    expect(Math.abs(value / truth - 1)).toBeLessThan(0.03);
    expect(averaged.mean / truth).toBeLessThan(0.9);
  });

  it('N20: weighs replications by their values', () => {
    const small = { values: [100], counts: [10] };
    const large = { values: [1, 2, 3], counts: [300, 300, 390] };
    expect(pooledQuantile([small, large], 0.5).value).toBe(2);
    expect(pooledQuantile([small, large], 0.985).value).toBe(3);
  });

  it('N21: widens where replications differ', () => {
    const width = (shift: number): number => {
      const runs = Array.from({ length: 10 }, (_, r) =>
        countsOf(valuesOf(900 + r, 200).map((value) => value * (1 + shift * (r % 2)))),
      );
      const { halfWidth } = pooledQuantile(runs, 0.5);
      return halfWidth ?? Number.NaN;
    };
    expect(width(0.5)).toBeGreaterThan(1.5 * width(0));
  });

  it('N22: has no bounds where too few values carry them', () => {
    const few = experiment(50, { runs: 5, n: 100 });
    expect(pooledQuantile(few, 0.99)).toMatchObject({
      low: null,
      halfWidth: null,
      refusal: { code: 'too-few-values' },
    });
    expect(pooledQuantile(few.slice(0, 1), 0.5).refusal?.code).toBe('too-few-replications');
    expect(pooledQuantile([], 0.5)).toMatchObject({ n: 0, effectiveCount: 0, low: null });
    expect(pooledQuantile([], 0.5).value).toBeNaN();
    expect(() => pooledQuantile(few, 1)).toThrow(/STATS_BAD_ARGUMENT: q is 1/);
  });

  it('N22: counts replications that are all of a piece for what they are worth', () => {
    const same = Array.from({ length: 10 }, (_, r) => ({ values: [r + 1], counts: [1_000] }));
    const { effectiveCount, refusal } = pooledQuantile(same, 0.5);
    expect(effectiveCount).toBeLessThan(11);
    expect(refusal?.code).toBe('too-few-values');
  });
});
