/** Averages of a level over slices: by hand, against a fine sampling, and as they fill. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createLevelAverages, levelAverages } from '../../../src/stats/warm-up/level-averages.ts';

describe('level averages', () => {
  it('N10: weigh each level with its time', () => {
    const changes = [
      { atUs: 0, level: 2 },
      { atUs: 5, level: 4 },
      { atUs: 12, level: 0 },
      { atUs: 35, level: 6 },
    ];
    const averages = levelAverages(changes, { startUs: 0, endUs: 40, slices: 4 });
    expect(averages).toEqual([3, 0.8, 0, 3]);
  });

  it('N10: see a peak between two samples of a counter', () => {
    const peak = [
      { atUs: 0, level: 0 },
      { atUs: 11, level: 100 },
      { atUs: 19, level: 0 },
    ];
    expect(levelAverages(peak, { startUs: 0, endUs: 30, slices: 3 })).toEqual([0, 80, 0]);
  });

  it('start with the level that stands, and ignore what lies outside', () => {
    const changes = [
      { atUs: 2, level: 7 },
      { atUs: 9, level: 1 },
      { atUs: 90, level: 50 },
    ];
    expect(levelAverages(changes, { startUs: 4, endUs: 14, slices: 2 })).toEqual([7, 1]);
    expect(levelAverages([], { startUs: 0, endUs: 3, slices: 3 })).toEqual([0, 0, 0]);
  });

  it('fill as time passes, without the started slice', () => {
    const averages = createLevelAverages({ startUs: 0, level: 1, sliceUs: 10 });
    averages.set(5, 3);
    expect(averages.until(19)).toEqual([2]);
    averages.set(25, 0);
    expect(averages.until(30)).toEqual([2, 3, 1.5]);
    expect(() => averages.set(29, 1)).toThrow(/STATS_BAD_ARGUMENT: time is 29/);
    expect(() => averages.set(40, Number.NaN)).toThrow(/level is NaN/);
    expect(() => createLevelAverages({ startUs: 0, level: 0, sliceUs: 0 })).toThrow(/sliceUs/);
  });

  const STEPS = fc.array(fc.record({ gap: fc.nat(40), level: fc.nat(9) }), { maxLength: 40 });
  test.prop([STEPS, fc.integer({ min: 1, max: 23 })], { seed: 61, numRuns: 200 })(
    'keep the area, however it is sliced',
    (steps, slices) => {
      let atUs = 0;
      const changes = steps.map(({ gap, level }) => {
        atUs += gap;
        return { atUs, level };
      });
      const endUs = atUs + 17;
      const whole = levelAverages(changes, { startUs: 0, endUs, slices: 1 })[0] ?? 0;
      const sliced = levelAverages(changes, { startUs: 0, endUs, slices });
      expect(sliced.length).toBe(slices);
      expect(sliced.reduce((sum, value) => sum + value, 0) / slices).toBeCloseTo(whole, 9);
    },
  );
});
