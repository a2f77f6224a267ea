/** Measures of accuracy, by hand, and where they cannot be. */
import { describe, expect, it } from 'vitest';
import { accuracyOf, naiveScale } from '../../../src/analytics/forecast/accuracy.ts';

const outcome = (actual: number, mean: number, quantiles: readonly number[] = []) => ({
  actual,
  mean,
  quantiles,
});

describe('accuracyOf', () => {
  it('M87: by hand', () => {
    const found = accuracyOf([outcome(10, 8), outcome(20, 25), outcome(40, 40)], {
      quantiles: [],
      scale: 2,
    });
    expect(found?.mape).toBeCloseTo((0.2 + 0.25 + 0) / 3, 12);
    expect(found?.wape).toBeCloseTo(7 / 70, 12);
    expect(found?.smape).toBeCloseTo((4 / 18 + 10 / 45) / 3, 12);
    expect(found?.rmse).toBeCloseTo(Math.sqrt(29 / 3), 12);
    expect(found?.mase).toBeCloseTo(7 / 3 / 2, 12);
    expect(found).toMatchObject({ forecasts: 3, zeros: 0, pinball: [], coverage: null });
  });

  it('M88: zeros are left out of MAPE and counted; what cannot be is null', () => {
    const some = accuracyOf([outcome(0, 1), outcome(10, 11)], { quantiles: [], scale: null });
    expect(some).toMatchObject({ zeros: 1, mase: null });
    expect(some?.mape).toBeCloseTo(0.1, 12);
    expect(some?.wape).toBeCloseTo(0.2, 12);
    const none = accuracyOf([outcome(0, 0), outcome(0, 2)], { quantiles: [], scale: 0 });
    expect(none).toMatchObject({ mape: null, wape: null, mase: null, smape: 1, zeros: 2 });
    expect(accuracyOf([], { quantiles: [], scale: 1 })).toBeNull();
  });

  it('M89: pinball loss and coverage', () => {
    const outcomes = [outcome(10, 9, [4, 12]), outcome(10, 9, [11, 13])];
    const found = accuracyOf(outcomes, { quantiles: [0.1, 0.9], scale: null });
    expect(found?.pinball[0]?.loss).toBeCloseTo((0.1 * 6 + 0.9 * 1) / 2, 12);
    expect(found?.pinball[1]?.loss).toBeCloseTo((0.1 * 2 + 0.1 * 3) / 2, 12);
    expect(found?.coverage?.promised).toBeCloseTo(0.8, 12);
    expect(found?.coverage?.found).toBe(0.5);
  });

  it('M87: the naive scale is of one season before, and none of a single season', () => {
    expect(naiveScale([1, 2, 4, 8], 2)).toBe(4.5);
    expect(naiveScale([1, 2], 2)).toBeNull();
  });
});
