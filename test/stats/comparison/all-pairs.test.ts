/** Several comparisons at once: Bonferroni, Holm, and the rate of false alarms of the family. */
import { describe, expect, it } from 'vitest';
import { allPairs } from '../../../src/stats/comparison/all-pairs.ts';
import { differenceOf } from '../../../src/stats/comparison/difference.ts';
import { holmAdjusted } from '../../../src/stats/comparison/holm.ts';
import { binomialBounds, createNormalDraws } from '../normal-draws.ts';

const normal = createNormalDraws(93);

function family(e: number, means: readonly number[]) {
  return means.map((mean, a) => ({
    name: `a${a}`,
    values: Array.from({ length: 12 }, (_, i) => {
      return mean + 0.6 * normal(10 * e, i) + 0.8 * normal(10 * e + a + 1, i);
    }),
  }));
}

describe('all pairs', () => {
  it('N32: are all pairs, each at its share of the risk', () => {
    const alternatives = family(0, [0, 0, 3, 3]);
    const pairs = allPairs(alternatives, 0.94);
    expect(pairs.map(({ first, second }) => `${first} ${second}`)).toEqual([
      'a0 a1',
      'a0 a2',
      'a0 a3',
      'a1 a2',
      'a1 a3',
      'a2 a3',
    ]);
    expect(pairs[0]?.confidence).toBeCloseTo(0.99, 12);
    const [a, b] = [alternatives[0]?.values ?? [], alternatives[2]?.values ?? []];
    expect(pairs[1]?.low).toBe(differenceOf(a, b, pairs[1]?.confidence).low);
    expect(pairs.map(({ verdict }) => verdict)).toEqual([
      'not shown to differ',
      'different',
      'different',
      'different',
      'different',
      'not shown to differ',
    ]);
  });

  it('N32: raise a false alarm in the family no more often than stated', () => {
    const experiments = 400;
    let alarms = 0;
    let misses = 0;
    for (let e = 1; e <= experiments; e += 1) {
      const pairs = allPairs(family(e, [5, 5, 5, 5]), 0.9);
      if (pairs.some(({ verdict }) => verdict === 'different')) alarms += 1;
      if (pairs.some(({ low, high }) => (low ?? 0) > 0 || (high ?? 0) < 0)) misses += 1;
    }
    const { high } = binomialBounds(experiments, 0.1);
    expect(alarms).toBeLessThan(high);
    expect(misses).toBeLessThan(high);
    expect(alarms).toBeGreaterThanOrEqual(misses);
    expect(alarms).toBeGreaterThan(0);
  });

  it('N32: bear what does not vary, and what is not there', () => {
    const constant = (name: string, value: number) => ({ name, values: [value, value, value] });
    const [same, far] = allPairs([constant('a', 1), constant('b', 1), constant('c', 2)]);
    expect(same).toMatchObject({ verdict: 'not shown to differ', adjustedPValue: 1 });
    expect(far).toMatchObject({ verdict: 'different', adjustedPValue: 0 });
    expect(allPairs([{ name: 'a', values: [1] }, constant('b', 1)])[0]).toMatchObject({
      verdict: 'unknown',
      adjustedPValue: null,
    });
    expect(allPairs([constant('a', 1)])).toEqual([]);
  });
});

describe("Holm's adjustment", () => {
  it('N32: equals the published example', () => {
    // Wright, Biometrics 48 (1992), and R's p.adjust: sorted 0.01, 0.02, 0.03, 0.04.
    expect(holmAdjusted([0.01, 0.04, 0.03, 0.02]).map((p) => Number(p.toFixed(9)))).toEqual([
      0.04, 0.06, 0.06, 0.06,
    ]);
    expect(holmAdjusted([0.6, 0.9])).toEqual([1, 1]);
    expect(holmAdjusted([])).toEqual([]);
    expect(() => holmAdjusted([1.1])).toThrow(/p is 1.1/);
  });
});
