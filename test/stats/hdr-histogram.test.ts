/** The histogram against exact order statistics: its stated error bound holds at every quantile. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createHistogram } from '../../src/stats/hdr-histogram.ts';
import { orderStatistic } from '../../src/stats/quantile-interval.ts';

const MAX_VALUE = 3_600_000_000;
const VALUES = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 5_000 }),
    fc.integer({ min: 0, max: MAX_VALUE }),
    fc.integer({ min: 0, max: 31 }).map((bits) => Math.min(MAX_VALUE, 2 ** bits)),
  ),
  { minLength: 1, maxLength: 80 },
);

function filled(values: readonly number[], significantDigits: number) {
  const histogram = createHistogram({ significantDigits, maxValue: MAX_VALUE });
  for (const value of values) histogram.record(value);
  return histogram;
}

describe('histogram', () => {
  test.prop([VALUES, fc.integer({ min: 1, max: 5 }), fc.double({ min: 0, max: 1, noNaN: true })], {
    seed: 21,
    numRuns: 500,
  })('keeps the stated relative error', (values, digits, q) => {
    const histogram = filled(values, digits);
    const exact = orderStatistic(Float64Array.from(values).sort(), q);
    const error = Math.abs(histogram.quantile(q) - exact);
    expect(histogram.relativeErrorMax).toBeLessThanOrEqual(0.5 * 10 ** -digits);
    expect(error).toBeLessThanOrEqual(exact * histogram.relativeErrorMax);
  });

  test.prop([VALUES, VALUES], { seed: 22, numRuns: 200 })('merges without loss', (a, b) => {
    const merged = filled(a, 3);
    merged.merge(filled(b, 3));
    const whole = filled([...a, ...b], 3);
    expect(merged.buckets()).toEqual(whole.buckets());
    expect([merged.count, merged.min, merged.max]).toEqual([whole.count, whole.min, whole.max]);
    expect(merged.mean).toBeCloseTo(whole.mean, 3);
  });

  it('is exact for small whole numbers', () => {
    const histogram = filled([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 3);
    expect([0, 0.5, 0.91, 1].map((q) => histogram.quantile(q))).toEqual([1, 5, 10, 10]);
    expect(histogram.mean).toBe(5.5);
  });

  it('counts many values at once', () => {
    const histogram = createHistogram({ significantDigits: 3, maxValue: 1_000 });
    histogram.record(7, 1_000_000);
    histogram.record(900);
    expect(histogram.count).toBe(1_000_001);
    expect(histogram.quantile(0.999)).toBe(7);
  });

  it('says when values were above its range', () => {
    const histogram = createHistogram({ significantDigits: 2, maxValue: 1_000 });
    histogram.record(50);
    histogram.record(5_000);
    expect([histogram.clampedCount, histogram.max]).toEqual([1, 5_000]);
    expect(histogram.quantile(1)).toBeLessThanOrEqual(1_005);
  });

  it('is NaN while empty and refuses bad values and unlike histograms', () => {
    const histogram = createHistogram({ significantDigits: 3, maxValue: 1_000 });
    expect([histogram.quantile(0.5), histogram.mean, histogram.max]).toEqual([NaN, NaN, NaN]);
    expect(() => histogram.record(-1)).toThrow(/STATS_BAD_ARGUMENT: value is -1/);
    expect(() => histogram.record(1, 0)).toThrow(/count is 0/);
    expect(() => histogram.quantile(1.5)).toThrow(/q is 1.5/);
    const other = createHistogram({ significantDigits: 2, maxValue: 1_000 });
    expect(() => histogram.merge(other)).toThrow(/other is 2 digits up to 1000/);
    expect(() => createHistogram({ significantDigits: 9, maxValue: 9 })).toThrow(/Digits is 9/);
    expect(() => createHistogram({ significantDigits: 3, maxValue: 0.5 })).toThrow(/maxValue/);
  });
});
