/** Paired differences: by hand, what common chance gains, and coverage. */
import { describe, expect, it } from 'vitest';
import { pairedDifference } from '../../src/stats/paired-difference.ts';
import { binomialBounds, createNormalDraws } from './normal-draws.ts';

/** Two lists with a common part: correlation 0.8, so that Var a + Var b is 5 times Var(a − b). */
function pairs(replication: number, n: number): { a: number[]; b: number[] } {
  const normal = createNormalDraws(51);
  const at = (list: number, i: number): number => normal(3 * replication + list, i);
  const common = Array.from({ length: n }, (_, i) => Math.sqrt(0.8) * at(0, i));
  return {
    a: common.map((value, i) => 12 + value + Math.sqrt(0.2) * at(1, i)),
    b: common.map((value, i) => 10 + value + Math.sqrt(0.2) * at(2, i)),
  };
}

describe('paired difference', () => {
  it('is the t interval of the differences', () => {
    const { mean, low, high } = pairedDifference([5, 7, 9], [4, 5, 6]);
    expect(mean).toBe(2);
    expect(low).toBeCloseTo(2 - 4.3027 / Math.sqrt(3), 3);
    expect(high).toBeCloseTo(2 + 4.3027 / Math.sqrt(3), 3);
  });

  it('says how much common chance gained', () => {
    const { a, b } = pairs(0, 4_000);
    const { correlation, varianceReduction } = pairedDifference(a, b);
    expect(correlation).toBeGreaterThan(0.77);
    expect(correlation).toBeLessThan(0.83);
    expect(varianceReduction).toBeGreaterThan(4.3);
    expect(varianceReduction).toBeLessThan(5.7);
  });

  it('covers the true difference as often as it says', () => {
    const replications = 500;
    let covered = 0;
    for (let r = 0; r < replications; r += 1) {
      const { a, b } = pairs(r, 8);
      const { low, high } = pairedDifference(a, b, 0.9);
      if (low !== null && high !== null && low <= 2 && high >= 2) covered += 1;
    }
    const bounds = binomialBounds(replications, 0.9);
    expect(covered).toBeGreaterThan(bounds.low);
    expect(covered).toBeLessThan(bounds.high);
  });

  it('claims nothing where nothing varies', () => {
    expect(pairedDifference([3, 3], [1, 1])).toEqual({
      mean: 2,
      low: 2,
      high: 2,
      correlation: null,
      varianceReduction: null,
    });
    expect(pairedDifference([3], [1])).toMatchObject({ low: null, varianceReduction: null });
    expect(() => pairedDifference([1, 2], [1])).toThrow(/STATS_BAD_ARGUMENT: pairs is 1/);
  });
});
