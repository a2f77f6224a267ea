/** Quantiles of one long run: coverage against theory, and refusals. */
import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../../../src/stats/normal.ts';
import { steadyStateQuantile } from '../../../src/stats/steady-state/steady-state-quantile.ts';
import { COVERAGE_TIMEOUT_MS, coverageBounds, coverageOf, IS_LONG } from '../series/coverage.ts';
import { autoregression, waitingTimes } from '../series/random-series.ts';

describe('steady-state quantile', { timeout: COVERAGE_TIMEOUT_MS }, () => {
  it.each([0.5, 0.9])('N18: covers the true quantile of an autoregression: q = %s', (q) => {
    const replications = IS_LONG ? 2_000 : 200;
    const truth = normalQuantile(q) / Math.sqrt(1 - 0.7 ** 2);
    const found = coverageOf(replications, truth, (r) =>
      steadyStateQuantile(autoregression(r, { n: 2_000, correlation: 0.7 }), q),
    );
    expect(found.intervals).toBeGreaterThan(0.9 * replications);
    const { low } = coverageBounds(0.94, found.intervals);
    expect(found.share).toBeGreaterThan(low);
  });

  it('N18: finds the p90 of waiting times', () => {
    const options = { n: 100_000, utilization: 0.5, start: 'steady' } as const;
    // P(wait > t) = ρ e^(−(1 − ρ)t).
    const truth = Math.log(0.5 / 0.1) / 0.5;
    // At this confidence the one interval misses once in 10,000 seeds.
    const series = waitingTimes(5, options);
    const { low, high, refusal, batches } = steadyStateQuantile(series, 0.9, 0.9999);
    expect(refusal).toBeNull();
    expect(batches).toBeGreaterThanOrEqual(20);
    expect(low).toBeLessThan(truth);
    expect(high).toBeGreaterThan(truth);
  });

  it('N22: has no bounds where too few values carry them', () => {
    const series = autoregression(6, { n: 2_000, correlation: 0.9 });
    const p99 = steadyStateQuantile(series, 0.99);
    expect(p99).toMatchObject({ low: null, high: null, refusal: { code: 'too-few-values' } });
    expect(p99.value).toBeGreaterThan(2);
    const drifting = Array.from({ length: 50_000 }, (_, i) => i);
    expect(steadyStateQuantile(drifting, 0.5).refusal).not.toBeNull();
    expect(() => steadyStateQuantile([1], 0)).toThrow(/q is 0/);
  });
});
