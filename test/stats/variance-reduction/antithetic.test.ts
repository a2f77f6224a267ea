/** Antithetic pairs: the gain that theory knows, coverage, and what a pair counts for. */
import { describe, expect, it } from 'vitest';
import { createChance } from '../../../src/kernel/chance.ts';
import { meanInterval } from '../../../src/stats/mean-interval.ts';
import { antitheticMean } from '../../../src/stats/variance-reduction/antithetic.ts';
import { COVERAGE_TIMEOUT_MS, coverageBounds, coverageOf, IS_LONG } from '../series/coverage.ts';

const draws = createChance({ seed: 101, replication: 0 }).draws('test.antithetic');

/** Exponential variates of mean 1 by inversion, on u and on 1 − u. */
function pairsOf(e: number, n: number): [number, number][] {
  return Array.from({ length: n }, (_, i) => {
    const u = draws.uniform(e, i);
    return [-Math.log(u), -Math.log1p(-u)];
  });
}

describe('antithetic pairs', { timeout: COVERAGE_TIMEOUT_MS }, () => {
  it('N40: gain what theory says: Var ratio ½ ÷ (½(2 − π²/6))', () => {
    const { varianceRatio, method, n } = antitheticMean(pairsOf(0, 20_000));
    // Cov(−ln u, −ln(1 − u)) = 1 − π²/6.
    const theory = 0.5 / ((1 + 1 - Math.PI ** 2 / 6) / 2);
    expect((varianceRatio ?? 0) / theory).toBeGreaterThan(0.93);
    expect((varianceRatio ?? 0) / theory).toBeLessThan(1.07);
    expect(n).toBe(20_000);
    expect(method).toContain('20000 pairs, each one observation');
  });

  it('N40: cover the mean as pairs, and too often if taken one by one', () => {
    const replications = IS_LONG ? 10_000 : 300;
    const paired = coverageOf(replications, 1, (e) => antitheticMean(pairsOf(e, 60)));
    const { low, high } = coverageBounds(0.94, replications);
    expect(paired.share).toBeGreaterThan(low);
    expect(paired.share).toBeLessThan(high);
    const single = coverageOf(replications, 1, (e) => meanInterval(pairsOf(e, 60).flat()));
    expect(single.share).toBeGreaterThan(0.98);
  });

  it('N40: say when they harm, and bear little data', () => {
    const alike = pairsOf(1, 100).map(([first]): [number, number] => [first, first]);
    expect(antitheticMean(alike).varianceRatio).toBeCloseTo(0.5, 1);
    expect(antitheticMean([[1, 2]])).toMatchObject({ mean: 1.5, low: null, varianceRatio: null });
    expect(antitheticMean([]).mean).toBeNaN();
  });
});
