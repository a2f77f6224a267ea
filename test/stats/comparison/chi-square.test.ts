/** The χ² tail against tables and against other distributions. */
import { describe, expect, it } from 'vitest';
import { chiSquareTail } from '../../../src/stats/comparison/chi-square.ts';
import { normalProbability } from '../../../src/stats/normal.ts';

describe('the χ² tail', () => {
  it('has the critical values of the tables', () => {
    for (const [x, df, p] of [
      [3.841458820694124, 1, 0.05],
      [5.991464547107979, 2, 0.05],
      [9.487729036781154, 4, 0.05],
      [23.209251158954356, 10, 0.01],
      [124.34211340400407, 100, 0.05],
    ] as const) {
      expect(chiSquareTail(x, df)).toBeCloseTo(p, 10);
    }
  });

  it('is exp(−x ÷ 2) with two degrees of freedom, far into the tail', () => {
    for (const x of [0.1, 1, 7, 60, 600]) {
      expect(chiSquareTail(x, 2) / Math.exp(-x / 2)).toBeCloseTo(1, 9);
    }
  });

  it('is that of a squared normal with one', () => {
    for (const z of [0.3, 1.7, 4, 7]) {
      expect(chiSquareTail(z * z, 1) / (2 * normalProbability(-z))).toBeCloseTo(1, 8);
    }
  });

  it('is 1 at 0 and refuses what is no distribution', () => {
    expect(chiSquareTail(0, 3)).toBe(1);
    expect(() => chiSquareTail(1, 0)).toThrow('STATS_BAD_ARGUMENT');
  });
});
