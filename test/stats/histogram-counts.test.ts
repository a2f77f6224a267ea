/** Histograms as plain data: merging, quantiles and refusals. */
import { describe, expect, it } from 'vitest';
import {
  countOf,
  countUpTo,
  mergedCounts,
  quantileOfCounts,
} from '../../src/stats/histogram-counts.ts';

describe('histogram counts', () => {
  const a = { values: [1, 5, 9], counts: [2, 1, 1] };
  const b = { values: [5, 7], counts: [3, 2] };

  it('N20: merge to the counts of all values', () => {
    const merged = mergedCounts([b, a]);
    expect(merged).toEqual({ values: [1, 5, 7, 9], counts: [2, 4, 2, 1] });
    expect(countOf(merged)).toBe(9);
    expect(mergedCounts([])).toEqual({ values: [], counts: [] });
  });

  it('give the ⌈q·n⌉-th smallest value', () => {
    expect([0, 0.25, 0.5, 0.51, 0.75, 1].map((q) => quantileOfCounts(a, q))).toEqual([
      1, 1, 1, 5, 5, 9,
    ]);
    expect(quantileOfCounts({ values: [], counts: [] }, 0.5)).toBeNaN();
    expect([0, 1, 6, 9].map((limit) => countUpTo(a, limit))).toEqual([0, 2, 3, 4]);
  });

  it('refuse what is no histogram', () => {
    expect(() => mergedCounts([{ values: [1, 2], counts: [1] }])).toThrow(/number of counts is 1/);
    expect(() => mergedCounts([{ values: [1], counts: [0] }])).toThrow(/count is 0/);
    expect(() => quantileOfCounts(a, 2)).toThrow(/q is 2/);
  });
});
