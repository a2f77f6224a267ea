/** The normal distribution against published values and its own inverse. */
import { describe, expect, it } from 'vitest';
import { normalProbability, normalQuantile } from '../../src/stats/normal.ts';

describe('normal distribution', () => {
  it.each([
    [0, 0.5],
    [1, 0.8413447460685429],
    [1.959963984540054, 0.975],
    [-3, 0.0013498980316300945],
    [-6, 9.865876450376981e-10],
    [-10, 7.619853024160525e-24],
    [3, 0.9986501019683699],
  ])('Φ(%s) = %s', (z, p) => {
    expect(Math.abs(normalProbability(z) / p - 1)).toBeLessThan(1e-12);
  });

  it.each([
    [0.975, 1.959963984540054],
    [0.995, 2.5758293035489004],
    [1e-10, -6.361340902404056],
    [0.5, 0],
  ])('its inverse at %s is %s', (p, z) => {
    expect(Math.abs(normalQuantile(p) - z)).toBeLessThan(1e-12);
  });

  it('is inverted over 30 orders of magnitude, and symmetric', () => {
    for (let exponent = 1; exponent <= 30; exponent += 1) {
      const p = 0.7 * 10 ** -exponent;
      expect(Math.abs(normalProbability(normalQuantile(p)) / p - 1)).toBeLessThan(1e-10);
    }
    expect(normalQuantile(0.9)).toBeCloseTo(-normalQuantile(0.1), 13);
    expect(normalProbability(Number.NaN)).toBeNaN();
    expect(() => normalQuantile(1)).toThrow(/STATS_BAD_ARGUMENT: p is 1/);
  });

  it('joins its two formulas without a step', () => {
    for (const z of [-3, 3]) {
      const step = normalProbability(z + 1e-9) - normalProbability(z - 1e-9);
      expect(step).toBeGreaterThan(0);
      expect(step).toBeLessThan(2e-11);
    }
  });
});
