/** Shares: published intervals, coverage by summing the binomial distribution, and nothing seen. */
import { describe, expect, it } from 'vitest';
import { binomialProbability } from '../../../src/stats/incomplete-beta.ts';
import { proportionInterval, ruleOfThree } from '../../../src/stats/replications/proportion.ts';

describe('share', () => {
  it.each([
    // Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    { successes: 81, trials: 263, bounds: [0.2553, 0.3662] },
    { successes: 15, trials: 148, bounds: [0.0624, 0.1605] },
    { successes: 1, trials: 29, bounds: [0.0061, 0.1718] },
  ])(
    'N24: has the published Wilson interval: $successes of $trials',
    ({ successes, trials, bounds }) => {
      const found = proportionInterval(successes, trials);
      expect(found.method).toBe('wilson');
      expect(found.low).toBeCloseTo(bounds[0] ?? Number.NaN, 4);
      expect(found.high).toBeCloseTo(bounds[1] ?? Number.NaN, 4);
    },
  );

  it('N24: covers on average as often as it says, and never much less', () => {
    const trials = 60;
    const shares = Array.from({ length: 97 }, (_, i) => (i + 2) / 100);
    const coverage = shares.map((p) => {
      let sum = 0;
      for (let k = 0; k <= trials; k += 1) {
        const { low, high } = proportionInterval(k, trials);
        const isIn = low !== null && high !== null && low <= p && p <= high;
        const of = { n: trials, p };
        if (isIn) sum += binomialProbability(k, of) - binomialProbability(k - 1, of);
      }
      return sum;
    });
    const mean = coverage.reduce((sum, one) => sum + one, 0) / coverage.length;
    expect(mean).toBeGreaterThan(0.945);
    expect(mean).toBeLessThan(0.96);
    expect(Math.min(...coverage)).toBeGreaterThan(0.9);
  });

  it('N24: bounds what was never or always seen by the rule of three', () => {
    expect(ruleOfThree(1_000)).toBeCloseTo(0.003, 4);
    expect((1 - ruleOfThree(50, 0.99)) ** 50).toBeCloseTo(0.01, 12);
    expect(proportionInterval(0, 1_000)).toMatchObject({ value: 0, low: 0 });
    expect(proportionInterval(0, 1_000).high).toBe(ruleOfThree(1_000));
    expect(proportionInterval(7, 7)).toMatchObject({ method: 'rule of three', high: 1 });
  });

  it('N1: has no bounds without trials', () => {
    expect(proportionInterval(0, 0)).toMatchObject({ low: null, method: 'none' });
    expect(() => proportionInterval(3, 2)).toThrow(/STATS_BAD_ARGUMENT: successes is 3/);
    expect(() => proportionInterval(0, 1.5)).toThrow(/trials is 1.5/);
    expect(() => ruleOfThree(0)).toThrow(/trials is 0/);
    expect(() => ruleOfThree(5, 1)).toThrow(/confidence is 1/);
  });
});
