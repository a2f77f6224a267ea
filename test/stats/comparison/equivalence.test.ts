/** Equivalence: verdicts, and the rate at which a difference of the margin is called none. */
import { describe, expect, it } from 'vitest';
import { equivalenceOf } from '../../../src/stats/comparison/equivalence.ts';
import { createNormalDraws } from '../normal-draws.ts';

const normal = createNormalDraws(94);

function pairs(e: number, of: { readonly n: number; readonly difference: number }) {
  const { n, difference } = of;
  const at = (list: number) =>
    Array.from({ length: n }, (_, i) => {
      return 50 + 3 * normal(3 * e, i) + normal(3 * e + list, i);
    });
  return { a: at(1).map((value) => value + difference), b: at(2) };
}

describe('equivalence', () => {
  it('N33: is shown, not assumed', () => {
    const verdict = (n: number, difference: number) => {
      const { a, b } = pairs(1, { n, difference });
      return equivalenceOf(a, b, { margin: 1 }).verdict;
    };
    expect(verdict(60, 0.1)).toBe('equivalent');
    expect(verdict(4, 0.1)).toBe('inconclusive');
    expect(verdict(1, 0)).toBe('inconclusive');
    expect(verdict(60, 3)).toBe('different');
    expect(verdict(60, -3)).toBe('different');
  });

  it('N33: decides by the interval of 1 − 2 · level', () => {
    const { a, b } = pairs(2, { n: 30, difference: 0 });
    const { difference } = equivalenceOf(a, b, { margin: 1 });
    const reach = Math.max(Math.abs(difference.low ?? 9), Math.abs(difference.high ?? 9));
    expect(equivalenceOf(a, b, { margin: reach * 1.001 }).verdict).toBe('equivalent');
    expect(equivalenceOf(a, b, { margin: reach * 0.999 }).verdict).toBe('inconclusive');
    expect(difference).toMatchObject({ method: 'paired', df: 29 });
  });

  it('N33: calls a difference of the margin equivalent at most as often as its level', () => {
    let wrong = 0;
    for (let e = 10; e < 410; e += 1) {
      const { a, b } = pairs(e, { n: 25, difference: 1 });
      if (equivalenceOf(a, b, { margin: 1 }).verdict === 'equivalent') wrong += 1;
    }
    expect(wrong).toBeLessThan(400 * (0.05 + 4 * Math.sqrt((0.05 * 0.95) / 400)));
    expect(wrong).toBeGreaterThan(0);
  });

  it('refuses an impossible margin or level', () => {
    expect(() => equivalenceOf([1], [1], { margin: 0 })).toThrow(/margin is 0/);
    expect(() => equivalenceOf([1], [1], { margin: 1, level: 0.5 })).toThrow(/level is 0.5/);
  });
});
