/** Distributions: quantiles against closed forms, means against integration of the quantile
 * function, samples against the distribution function. */
import { describe, expect, it } from 'vitest';
import { createChance } from '../../../src/kernel/chance.ts';
import {
  type DistributionSpec,
  meanOf,
  quantileOf,
} from '../../../src/kernel/distributions/distribution.ts';
import { gammaFunction } from '../../../src/kernel/distributions/gamma-function.ts';
import { gammaCdf, gammaQuantile } from '../../../src/kernel/distributions/gamma-quantile.ts';
import { normalQuantile } from '../../../src/kernel/distributions/normal-quantile.ts';

const SPECS: readonly DistributionSpec[] = [
  { kind: 'deterministic', value: 5 },
  { kind: 'uniform', low: 2, high: 6 },
  { kind: 'exponential', mean: 3 },
  { kind: 'lognormal', median: 10, sigma: 0.5 },
  { kind: 'gamma', shape: 2.5, mean: 4 },
  { kind: 'gamma', shape: 0.4, mean: 4 },
  { kind: 'weibull', shape: 1.7, scale: 3 },
  { kind: 'pareto', minimum: 1, shape: 3 },
  {
    kind: 'empirical',
    points: [
      { value: 0, cumulative: 0 },
      { value: 1, cumulative: 0.5 },
      { value: 5, cumulative: 1 },
    ],
  },
];

describe('quantile functions', () => {
  it('C4: agree with closed forms', () => {
    const at = (spec: DistributionSpec, u: number) => quantileOf(spec)(u);
    expect(at({ kind: 'exponential', mean: 3 }, 1 - Math.exp(-2))).toBeCloseTo(6, 12);
    expect(at({ kind: 'lognormal', median: 10, sigma: 0.5 }, 0.5)).toBeCloseTo(10, 12);
    expect(at({ kind: 'weibull', shape: 1, scale: 2 }, 1 - Math.exp(-1))).toBeCloseTo(2, 12);
    expect(at({ kind: 'pareto', minimum: 2, shape: 2 }, 0.75)).toBeCloseTo(4, 12);
    expect(at({ kind: 'gamma', shape: 1, mean: 3 }, 0.9)).toBeCloseTo(3 * Math.log(10), 8);
    expect(at(SPECS.at(-1) as DistributionSpec, 0.75)).toBeCloseTo(3, 12);
  });

  it('the normal quantile agrees with tables', () => {
    // Φ⁻¹ from the NIST handbook and, in the tails, from R's qnorm.
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12);
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(1e-10)).toBeCloseTo(-6.361340902404056, 10);
    expect(normalQuantile(0.9) + normalQuantile(0.1)).toBeCloseTo(0, 12);
  });

  it('the gamma quantile inverts its distribution function', () => {
    let checked = 0;
    for (const shape of [0.05, 0.3, 1, 2.5, 30, 500]) {
      for (const u of [1e-6, 0.01, 0.3, 0.5, 0.9, 0.999, 1 - 1e-9]) {
        expect(gammaCdf(shape, gammaQuantile(shape, u))).toBeCloseTo(u, 7);
        checked += 1;
      }
    }
    expect(checked).toBe(42);
    expect(gammaFunction(5)).toBeCloseTo(24, 9);
    expect(gammaFunction(0.5)).toBeCloseTo(Math.sqrt(Math.PI), 10);
  });

  for (const spec of SPECS) {
    it(`C4: ${spec.kind} ascends and integrates to its mean`, () => {
      const quantile = quantileOf(spec);
      const cells = 200_000;
      let integral = 0;
      let previous = Number.NEGATIVE_INFINITY;
      let descents = 0;
      for (let i = 0; i < cells; i += 1) {
        const value = quantile((i + 0.5) / cells);
        if (!(value >= previous)) descents += 1;
        previous = value;
        integral += value / cells;
      }
      expect(descents).toBe(0);
      expect(Math.abs(integral / meanOf(spec) - 1)).toBeLessThan(2e-3);
    });
  }

  it('C4: samples follow the distribution function (Kolmogorov–Smirnov, 99.9 %)', () => {
    const draws = createChance({ seed: 5, replication: 0 }).draws('ks');
    const n = 20_000;
    const sample = Array.from({ length: n }, (_, i) =>
      quantileOf({ kind: 'gamma', shape: 2.5, mean: 2.5 })(draws.uniform(1, i)),
    ).sort((a, b) => a - b);
    const distance = sample.reduce((largest, x, i) => {
      const cdf = gammaCdf(2.5, x);
      return Math.max(largest, Math.abs(cdf - i / n), Math.abs(cdf - (i + 1) / n));
    }, 0);
    expect(distance).toBeLessThan(1.95 / Math.sqrt(n));
  });

  it('C5: says which parameter is wrong, and how to mend it', () => {
    const bad: readonly DistributionSpec[] = [
      { kind: 'deterministic', value: -1 },
      { kind: 'uniform', low: 3, high: 2 },
      { kind: 'exponential', mean: 0 },
      { kind: 'lognormal', median: 1, sigma: -0.1 },
      { kind: 'gamma', shape: Number.NaN, mean: 1 },
      { kind: 'weibull', shape: 1, scale: 0 },
      { kind: 'pareto', minimum: 1, shape: 0 },
      { kind: 'empirical', points: [{ value: 1, cumulative: 0 }] },
    ];
    for (const spec of bad) {
      expect(() => quantileOf(spec)).toThrow(
        expect.objectContaining({ code: 'CHANCE_BAD_PARAMETER' }),
      );
    }
  });

  it('knows a mean that does not exist', () => {
    expect(meanOf({ kind: 'pareto', minimum: 1, shape: 1 })).toBe(Number.POSITIVE_INFINITY);
  });
});
