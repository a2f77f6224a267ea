/** The search: within bounds, the same to the bit, and about as good as a dense grid. */
import { describe, expect, it } from 'vitest';
import { fitParameters } from '../../../src/analytics/forecast/fit-parameters.ts';
import {
  firstState,
  type SmoothingShape,
  smooth,
} from '../../../src/analytics/forecast/smoothing.ts';
import { createChance } from '../../../src/kernel/chance.ts';
import { normalQuantile } from '../../../src/stats/normal.ts';

const shape: SmoothingShape = { seasonality: 'additive', trend: 'none', seasonLength: 6 };
const draws = createChance({ seed: 80, replication: 0 }).draws('noise');
const noisy = Array.from({ length: 120 }, (_, t) => {
  const level = 50 + 10 * Math.sin(t / 25);
  return level + ([8, 3, -5, -9, 1, 2][t % 6] as number) + 2 * normalQuantile(draws.uniform(0, t));
});

describe('fitParameters', () => {
  it('M82: finds what a dense grid finds, or better', () => {
    const found = fitParameters(noisy, shape);
    const start = firstState(noisy, shape);
    let best = Number.POSITIVE_INFINITY;
    for (let a = 1; a < 40; a += 1) {
      for (let g = 0; g <= 40 - a; g += 1) {
        const parameters = { alpha: a / 40, beta: 0, gamma: g / 40, phi: 1 };
        best = Math.min(best, smooth(noisy, { shape, parameters, start }).squaredError);
      }
    }
    expect(found.squaredError).toBeLessThan(best * 1.001);
    expect(found.evaluations).toBeLessThan(400);
  });

  it('M82: stays within its bounds, and gives the same to the bit', () => {
    for (const trend of ['none', 'linear', 'damped'] as const) {
      const one = fitParameters(noisy, { ...shape, trend });
      expect(fitParameters(noisy, { ...shape, trend })).toEqual(one);
      const { alpha, beta, gamma, phi } = one.parameters;
      expect(alpha).toBeGreaterThan(0);
      expect(alpha + gamma).toBeLessThanOrEqual(1.0002);
      expect(beta === 0).toBe(trend === 'none');
      expect(phi).toBeGreaterThanOrEqual(trend === 'damped' ? 0.8 : 1);
      expect(phi).toBeLessThanOrEqual(trend === 'damped' ? 0.98 : 1);
    }
  });
});
