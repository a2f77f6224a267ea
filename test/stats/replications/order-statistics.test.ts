/** Order-statistic intervals: published ranks, coverage, refusals. */
import { describe, expect, it } from 'vitest';
import { orderStatisticInterval } from '../../../src/stats/replications/order-statistics.ts';
import {
  quantileRefusal,
  samplesForQuantile,
} from '../../../src/stats/replications/quantile-samples.ts';
import { COVERAGE_TIMEOUT_MS, coverageBounds, coverageOf, IS_LONG } from '../series/coverage.ts';
import { createExponentialDraws } from '../series/random-series.ts';

describe('order-statistic interval', { timeout: COVERAGE_TIMEOUT_MS }, () => {
  it.each([
    // Tables of ranks for the median at 95 %: Conover; Le Boudec, Performance Evaluation, app. A.
    { n: 20, ranks: [6, 15] },
    { n: 30, ranks: [10, 21] },
    { n: 50, ranks: [18, 33] },
    { n: 70, ranks: [27, 44] },
  ])('N23: takes the published ranks for the median of $n values', ({ n, ranks }) => {
    const values = Array.from({ length: n }, (_, i) => n - i);
    const found = orderStatisticInterval(values, 0.5);
    expect(found.ranks).toEqual(ranks);
    expect([found.low, found.high]).toEqual(ranks);
    expect(found.achievedConfidence).toBeGreaterThanOrEqual(0.95);
    expect(found.achievedConfidence).toBeLessThan(0.98);
  });

  it('N23: covers the true quantile at least as often as it says', () => {
    const replications = IS_LONG ? 10_000 : 300;
    const exponential = createExponentialDraws(82);
    let claimed = 0;
    const found = coverageOf(replications, -Math.log(0.1), (r) => {
      const values = Array.from({ length: 150 }, (_, i) => exponential(r, i));
      const interval = orderStatisticInterval(values, 0.9);
      claimed = interval.achievedConfidence ?? 0;
      return interval;
    });
    expect(found.intervals).toBe(replications);
    expect(claimed).toBeGreaterThanOrEqual(0.95);
    const { low, high } = coverageBounds(claimed, replications);
    expect(found.share).toBeGreaterThan(low);
    expect(found.share).toBeLessThan(high);
  });

  it('N22: refuses bounds below ten values beyond the quantile', () => {
    const values = Array.from({ length: 999 }, (_, i) => i);
    expect(orderStatisticInterval(values, 0.99)).toMatchObject({
      value: 989,
      low: null,
      ranks: null,
      refusal: { code: 'too-few-values' },
    });
    expect(orderStatisticInterval([...values, 999], 0.99).low).not.toBeNull();
    const strict = orderStatisticInterval(values.slice(0, 20), 0.5, 1 - 1e-9);
    expect(strict).toMatchObject({ low: null, refusal: { code: 'too-few-values' } });
    expect(() => orderStatisticInterval(values, 0.5, 1)).toThrow(/confidence is 1/);
  });
});

describe('samples for a quantile', { timeout: COVERAGE_TIMEOUT_MS }, () => {
  it('N22: are ten beyond it', () => {
    expect([0.5, 0.9, 0.95, 0.99, 0.999, 0.01].map(samplesForQuantile)).toEqual([
      20, 100, 200, 1_000, 10_000, 1_000,
    ]);
    expect(quantileRefusal(1_000, 0.99)).toBeNull();
    expect(quantileRefusal(999.5, 0.99)?.text).toBe(
      'the 0.99-quantile takes 1000 independent values, these are worth 999',
    );
    expect(() => samplesForQuantile(1)).toThrow(/q is 1/);
  });
});
