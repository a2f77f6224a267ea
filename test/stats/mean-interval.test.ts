/** The t interval: by hand, and its coverage over 1,000 replications of normal data. */
import { describe, expect, it } from 'vitest';
import { meanInterval } from '../../src/stats/mean-interval.ts';
import { binomialBounds, createNormalDraws } from './normal-draws.ts';

describe('mean interval', () => {
  it('equals the textbook by hand', () => {
    const { mean, halfWidth, low, n } = meanInterval([2, 4, 4, 4, 5, 5, 7, 9]);
    expect(n).toBe(8);
    expect(mean).toBe(5);
    expect(halfWidth).toBeCloseTo(2.3646 * Math.sqrt(32 / 7 / 8), 3);
    expect(low).toBeCloseTo(mean - (halfWidth ?? 0), 12);
  });

  it('has no bounds below two values', () => {
    expect(meanInterval([4])).toEqual({ mean: 4, low: null, high: null, halfWidth: null, n: 1 });
    expect(meanInterval([]).mean).toBeNaN();
  });

  it.each([0.5, 0.9, 0.95])('covers the true mean as often as it says: %s', (confidence) => {
    const replications = 1_000;
    const normal = createNormalDraws(41);
    let covered = 0;
    for (let r = 0; r < replications; r += 1) {
      const values = Array.from({ length: 6 }, (_, i) => 100 + 15 * normal(r, i));
      const { low, high } = meanInterval(values, confidence);
      if (low !== null && high !== null && low <= 100 && high >= 100) covered += 1;
    }
    const bounds = binomialBounds(replications, confidence);
    expect(covered).toBeGreaterThan(bounds.low);
    expect(covered).toBeLessThan(bounds.high);
  });
});
