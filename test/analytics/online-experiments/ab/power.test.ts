/** Viewers that an effect takes, against tables and against drawn experiments. */
import { describe, expect, it } from 'vitest';
import {
  minimumDetectableEffect,
  viewersFor,
} from '../../../../src/analytics/online-experiments/ab/power.ts';
import { createChance } from '../../../../src/kernel/chance.ts';
import { welchDifference } from '../../../../src/stats/comparison/welch-difference.ts';
import { normalQuantile } from '../../../../src/stats/normal.ts';

const HALVES = { variance: 1, shares: [0.5, 0.5] } as const;

describe('power', () => {
  it('M149: half a standard deviation takes 63 viewers an arm, as tables say', () => {
    expect(viewersFor(0.5, HALVES)).toBe(126);
  });

  it('M149: viewers and the least effect are inverse to each other', () => {
    const plan = { ...HALVES, shares: [0.8, 0.1] as const, power: 0.9 };
    expect(viewersFor(minimumDetectableEffect(10_000, plan), plan)).toBe(10_000);
  });

  it('M149: an effect is seen about as often as planned', () => {
    const draws = createChance({ seed: 3, replication: 0 }).draws('test.power');
    const per = viewersFor(0.5, HALVES) / 2;
    const RUNS = 400;
    let seen = 0;
    for (let run = 0; run < RUNS; run += 1) {
      const sample = (arm: number) =>
        Array.from(
          { length: per },
          (_, i) => normalQuantile(draws.uniform(run * 2 + arm, i)) + 0.5 * arm,
        );
      seen += Number((welchDifference(sample(1), sample(0)).pValue ?? 1) < 0.05);
    }
    expect(Math.abs(seen / RUNS - 0.8)).toBeLessThan(0.06);
  });

  it('refuses what cannot be planned', () => {
    expect(() => viewersFor(0, HALVES)).toThrow('effect is 0');
    expect(() => viewersFor(1, { variance: 0, shares: [0.5, 0.5] })).toThrow('variance is 0');
    expect(() => viewersFor(1, { variance: 1, shares: [0.9, 0.2] })).toThrow(
      'shares is 0.9 and 0.2',
    );
  });
});
