/** Differences: a published example, both methods, coverage, and which one is taken. */
import { describe, expect, it } from 'vitest';
import { differenceOf } from '../../../src/stats/comparison/difference.ts';
import { welchDifference } from '../../../src/stats/comparison/welch-difference.ts';
import { pairedDifference } from '../../../src/stats/paired-difference.ts';
import { createNormalDraws } from '../normal-draws.ts';
import { COVERAGE_TIMEOUT_MS, coverageBounds, coverageOf, IS_LONG } from '../series/coverage.ts';

const normal = createNormalDraws(91);

/** n values of mean `mean`; those of lists with the same `e` share `common` of their variance. */
function list(
  e: number,
  of: { readonly n: number; readonly mean: number; readonly spread: number; common?: number },
): number[] {
  const { n, mean, spread, common = 0 } = of;
  const entity = 100 * e + Math.round(mean);
  return Array.from({ length: n }, (_, i) => {
    const own = Math.sqrt(1 - Math.abs(common)) * normal(entity, i);
    const shared = Math.sign(common) * Math.sqrt(Math.abs(common)) * normal(100 * e + 99, i);
    return mean + spread * (own + shared);
  });
}

describe("Welch's difference", { timeout: COVERAGE_TIMEOUT_MS }, () => {
  it('N31: has the degrees of freedom and the p-value of the published example', () => {
    // Example 1 of "Welch's t-test" in Wikipedia, after Ruxton 2006.
    const a = [
      27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4,
    ];
    const b = [
      27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 20.5, 24.4,
    ];
    const { mean, df, pValue } = welchDifference(a, b);
    expect(mean).toBeCloseTo(20.82 - 22.98667, 4);
    expect(df).toBeCloseTo(24.99, 1);
    expect(pValue).toBeCloseTo(0.021, 3);
  });

  it.each([
    { ofA: { n: 5, spread: 1 }, ofB: { n: 20, spread: 6 } },
    { ofA: { n: 20, spread: 1 }, ofB: { n: 6, spread: 6 } },
  ])('N31: covers the true difference whatever sizes and spreads: $ofA $ofB', ({ ofA, ofB }) => {
    const replications = IS_LONG ? 10_000 : 400;
    const found = coverageOf(replications, -2, (e) =>
      welchDifference(list(e, { ...ofA, mean: 3 }), list(e, { ...ofB, mean: 5 })),
    );
    const { low, high } = IS_LONG ? { low: 0.94, high: 0.96 } : coverageBounds(0.95, 400);
    expect(found.share).toBeGreaterThan(low);
    expect(found.share).toBeLessThan(high);
  });

  it('N1: has no bounds below two values on a side', () => {
    expect(welchDifference([3], [1, 2])).toMatchObject({ mean: 1.5, low: null, df: null });
    expect(welchDifference([3, 3], [1, 1])).toMatchObject({ low: 2, high: 2, pValue: null });
  });
});

describe('difference', { timeout: COVERAGE_TIMEOUT_MS }, () => {
  it('N31: pairs what correlates, and is the paired-t interval', () => {
    const a = list(1, { n: 20, mean: 7, spread: 2, common: 0.9 });
    const b = list(1, { n: 20, mean: 5, spread: 2, common: 0.9 });
    const found = differenceOf(a, b);
    const { low, high, varianceReduction } = pairedDifference(a, b);
    expect(found).toMatchObject({ method: 'paired', df: 19, varianceReduction });
    expect(found.text).toMatch(/^paired over 20 replications, correlation 0\.\d\d$/);
    expect(found.low).toBeCloseTo(low ?? Number.NaN, 10);
    expect(found.high).toBeCloseTo(high ?? Number.NaN, 10);
    const welch = welchDifference(a, b).halfWidth ?? 0;
    expect(found.halfWidth).toBeLessThan(welch / 2);
    expect(found.pValue).toBeLessThan(1e-4);
  });

  it('N31: falls back to Welch where pairs do not correlate or are none', () => {
    const a = list(2, { n: 20, mean: 7, spread: 2, common: 0.9 });
    const opposed = list(2, { n: 20, mean: 5, spread: 2, common: -0.9 });
    const found = differenceOf(a, opposed);
    expect(found).toMatchObject({ method: 'welch' });
    expect(found.correlation).toBeLessThan(0);
    expect(found.text).toContain('do not correlate');
    expect(found.halfWidth).toBeGreaterThan(welchDifference(a, opposed).halfWidth ?? 0);
    const unequal = differenceOf(a, opposed.slice(1));
    expect(unequal).toMatchObject({ method: 'welch', correlation: null });
    expect(unequal.text).toContain('not paired');
    expect(differenceOf([4], [1])).toMatchObject({
      mean: 3,
      low: null,
      refusal: { code: 'too-few-replications' },
    });
  });

  it.each([0, 0.3, 0.9, -0.5])('N31: covers whichever is taken: shared %s', (common) => {
    const replications = IS_LONG ? 10_000 : 200;
    const found = coverageOf(replications, 2, (e) =>
      differenceOf(
        list(e, { n: 10, mean: 7, spread: 2, common: Math.abs(common) }),
        list(e, { n: 10, mean: 5, spread: 2, common }),
      ),
    );
    // The choice itself costs up to a point.
    const expected = common < 0 ? 0.935 : 0.95;
    const { low } = coverageBounds(expected, replications);
    expect(found.share).toBeGreaterThan(IS_LONG ? expected - 0.01 : low);
  });
});
