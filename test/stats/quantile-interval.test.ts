/** Quantiles over sections: coverage on independent and on dependent values, and the refusals. */
import { describe, expect, it } from 'vitest';
import { orderStatistic, sectionedQuantile } from '../../src/stats/quantile-interval.ts';
import { binomialBounds, createNormalDraws } from './normal-draws.ts';

const Z95 = 1.6448536269514722;

/** Twenty sections of page loads: each viewer has a level of its own (a slow network), shared by
 * all of his loads; `shared` is its part of the variance. */
function sections(seed: number, { perSection, shared }: { perSection: number; shared: number }) {
  const normal = createNormalDraws(seed);
  const loadsPerViewer = 10;
  return Array.from({ length: 20 }, (_, section) =>
    Array.from({ length: perSection }, (_, i) => {
      const viewer = Math.floor(i / loadsPerViewer);
      const level = normal(section, 1_000_000 + viewer);
      return Math.sqrt(shared) * level + Math.sqrt(1 - shared) * normal(section, i);
    }),
  );
}

describe('sectioned quantile', () => {
  it.each([
    { q: 0.5, truth: 0, shared: 0 },
    { q: 0.95, truth: Z95, shared: 0 },
    { q: 0.95, truth: Z95, shared: 0.5 },
  ])('covers the true quantile: $q with $shared of the variance shared', (given) => {
    const replications = 300;
    let covered = 0;
    for (let r = 0; r < replications; r += 1) {
      const data = sections(1_000 + r, { perSection: 50, shared: given.shared });
      const { low, high } = sectionedQuantile(data, given.q);
      if (low !== null && high !== null && low <= given.truth && high >= given.truth) covered += 1;
    }
    const bounds = binomialBounds(replications, 0.95);
    expect(covered).toBeGreaterThan(bounds.low);
    expect(covered).toBeLessThanOrEqual(replications);
  });

  it('is wider where values depend on one another', () => {
    const width = (shared: number): number => {
      const data = sections(5, { perSection: 100, shared });
      const { low, high } = sectionedQuantile(data, 0.9);
      return (high ?? Number.NaN) - (low ?? Number.NaN);
    };
    expect(width(0.8)).toBeGreaterThan(1.4 * width(0));
  });

  it('gives the pooled quantile, not a mean of quantiles', () => {
    const data = [[1, 2, 3], [4], [5, 6, 7, 8, 9, 10]];
    expect(sectionedQuantile(data, 0.5).value).toBe(5);
    expect(sectionedQuantile(data, 0.9).value).toBe(9);
  });

  it('refuses bounds where too few values carry them', () => {
    const few = sections(6, { perSection: 40, shared: 0 });
    expect(sectionedQuantile(few, 0.95).low).not.toBeNull();
    expect(sectionedQuantile(few, 0.99).low).toBeNull();
    expect(sectionedQuantile([[1, 2, 3]], 0.5)).toEqual({ value: 2, low: null, high: null });
  });

  it('counts dependent values for what they are worth', () => {
    const copied = sections(7, { perSection: 6, shared: 0 }).map((section) =>
      section.flatMap((value) => Array.from({ length: 20 }, () => value)),
    );
    expect(copied.flat().length).toBe(2_400);
    expect(sectionedQuantile(copied, 0.99).low).toBeNull();
  });

  it('bears equal values, empty sections and no value at all', () => {
    const equal = Array.from({ length: 20 }, () => Array.from({ length: 10 }, () => 7));
    expect(sectionedQuantile(equal, 0.5)).toEqual({ value: 7, low: 7, high: 7 });
    expect(sectionedQuantile([...equal, []], 0.5).value).toBe(7);
    expect(sectionedQuantile([], 0.5).value).toBeNaN();
    expect(() => sectionedQuantile(equal, 1)).toThrow(/STATS_BAD_ARGUMENT: q is 1/);
  });
});

describe('order statistic', () => {
  it('is the value of rank ⌈q·n⌉', () => {
    const sorted = [10, 20, 30, 40];
    expect([0, 0.25, 0.26, 0.75, 1].map((q) => orderStatistic(sorted, q))).toEqual([
      10, 10, 20, 30, 40,
    ]);
  });
});
