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

  test.prop([VALUES, VALUES], { seed: 12, numRuns: 200 })('merge as if added', (a, b) => {
    const merged = momentsOf(a);
    merged.merge(momentsOf(b));
    const whole = momentsOf([...a, ...b]);
    expect(merged.count).toBe(whole.count);
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
    const empty = createMoments();
    empty.merge(createMoments());
    expect(empty.count).toBe(0);
  });
});

describe('time-weighted mean', () => {
  it('weighs each level with the time it lasted', () => {
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
});
