/** Moments against the plain formulas, and the time-weighted mean against areas done by hand. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createMoments, createTimeWeightedMean, momentsOf } from '../../src/stats/moments.ts';

const VALUES = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
  minLength: 2,
  maxLength: 60,
});

function plainVariance(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}

describe('moments', () => {
  test.prop([VALUES], { seed: 11, numRuns: 200 })('equal the two-pass formulas', (values) => {
    const moments = momentsOf(values);
    const variance = plainVariance(values);
    expect(moments.count).toBe(values.length);
    expect(Math.abs(moments.variance - variance)).toBeLessThanOrEqual(1e-9 * (variance + 1));
  });

  test.prop([VALUES, VALUES], { seed: 12, numRuns: 200 })('N2: merge as if added', (a, b) => {
    const merged = momentsOf(a);
    merged.merge(momentsOf(b));
    const whole = momentsOf([...a, ...b]);
    expect(merged.count).toBe(whole.count);
    expect([merged.min, merged.max]).toEqual([whole.min, whole.max]);
    expect(Math.abs(merged.mean - whole.mean)).toBeLessThanOrEqual(1e-6);
    const rounding = 1e-9 * (whole.variance + 1);
    expect(Math.abs(merged.variance - whole.variance)).toBeLessThanOrEqual(rounding);
  });

  it('keep their digits on a large offset', () => {
    expect(momentsOf([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]).variance).toBe(30);
  });

  it('say NaN where there is nothing to say, and refuse what is no number', () => {
    expect(createMoments().mean).toBeNaN();
    expect(momentsOf([3]).variance).toBeNaN();
    expect(() => momentsOf([Number.NaN])).toThrow(/STATS_BAD_ARGUMENT: value is NaN/);
    expect(createMoments().min).toBeNaN();
    expect([momentsOf([3, -2, 7]).min, momentsOf([3, -2, 7]).max]).toEqual([-2, 7]);
    const empty = createMoments();
    empty.merge(createMoments());
    expect(empty.count).toBe(0);
  });
});

describe('time-weighted mean', () => {
  it('N3: weighs each level with the time it lasted', () => {
    const busy = createTimeWeightedMean(100, 0);
    busy.set(110, 2);
    busy.set(110, 3);
    busy.set(130, 1);
    expect(busy.areaUntil(140)).toBe(70);
    expect(busy.meanUntil(200)).toBe((20 * 3 + 70 * 1) / 100);
  });

  it('is the level itself while no time has passed, and refuses to run backwards', () => {
    const busy = createTimeWeightedMean(5, 4);
    expect(busy.meanUntil(5)).toBe(4);
    busy.set(9, 1);
    expect(() => busy.set(8, 1)).toThrow(/STATS_BAD_ARGUMENT: time is 8/);
  });

  it('N3: knows variance and extremes of levels that lasted', () => {
    const busy = createTimeWeightedMean(100, 0);
    busy.set(110, 2);
    busy.set(110, 3);
    busy.set(130, 1);
    // 10 µs at 0, 20 at 3, 70 at 1: mean 1.3, mean square (180 + 70) ÷ 100.
    expect(busy.varianceUntil(200)).toBeCloseTo(2.5 - 1.3 ** 2, 12);
    expect([busy.min, busy.max]).toEqual([0, 3]);
    expect(busy.varianceUntil(130)).toBeCloseTo(6 - 2 ** 2, 12);
    busy.set(200, 9);
    expect(busy.max).toBe(9);
    expect(() => busy.varianceUntil(199)).toThrow(/time is 199/);
    expect(createTimeWeightedMean(5, 4).varianceUntil(5)).toBe(0);
  });

  const STEPS = fc.array(fc.record({ gap: fc.nat(20), level: fc.integer({ min: 0, max: 50 }) }));
  test.prop([STEPS, fc.constantFrom(0, 1e9)], { seed: 13, numRuns: 200 })(
    'N3: equals the moments of one value a µs, on a large offset too',
    (steps, offset) => {
      const busy = createTimeWeightedMean(0, offset);
      const values: number[] = [];
      let [atUs, current] = [0, offset];
      for (const { gap, level } of [...steps, { gap: 3, level: 0 }]) {
        values.push(...new Array<number>(gap).fill(current));
        atUs += gap;
        current = offset + level;
        busy.set(atUs, current);
      }
      const moments = momentsOf(values);
      const variance = moments.squaredDeviations / values.length;
      expect(busy.varianceUntil(atUs)).toBeCloseTo(variance, 5);
      expect(busy.min).toBe(Math.min(moments.min, current));
      expect(busy.max).toBe(Math.max(moments.max, current));
    },
  );
});
