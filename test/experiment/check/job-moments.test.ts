/** Means and variances of worker times. */
import { describe, expect, it } from 'vitest';
import { momentsOfTime, sumOf, timesOf } from '../../../src/experiment/check/demand/job-moments.ts';
import {
  type DistributionSpec,
  quantileOf,
} from '../../../src/kernel/distributions/distribution.ts';

const SPECS: readonly DistributionSpec[] = [
  { kind: 'deterministic', value: 7 },
  { kind: 'uniform', low: 2, high: 6 },
  { kind: 'exponential', mean: 3 },
  { kind: 'lognormal', median: 5, sigma: 0.5 },
  { kind: 'gamma', shape: 2.5, mean: 4 },
  { kind: 'weibull', shape: 1.5, scale: 3 },
  { kind: 'pareto', minimum: 1, shape: 6 },
  {
    kind: 'empirical',
    points: [
      { value: 1, cumulative: 0 },
      { value: 2, cumulative: 0.7 },
      { value: 9, cumulative: 1 },
    ],
  },
];

/** Both moments by the quantile function, in strips of equal probability. */
function integrated(spec: DistributionSpec) {
  const strips = 200_000;
  const quantile = quantileOf(spec);
  let [sum, squares] = [0, 0];
  for (let i = 0; i < strips; i += 1) {
    const value = quantile((i + 0.5) / strips);
    sum += value;
    squares += value ** 2;
  }
  const mean = sum / strips;
  return { mean, variance: squares / strips - mean ** 2 };
}

describe('moments', () => {
  it.each(SPECS)('of $kind are those of its quantile function', (spec) => {
    const { meanUs, varianceUs2 } = momentsOfTime(spec);
    const { mean, variance } = integrated(spec);
    expect(Math.abs(meanUs - mean)).toBeLessThan(1e-3 * mean);
    expect(Math.abs(varianceUs2 - variance)).toBeLessThan(1e-2 * variance + 1e-9);
  });

  it('of heavy tails are infinite where they are', () => {
    const infinite = momentsOfTime({ kind: 'pareto', minimum: 1, shape: 1.5 });
    expect(infinite).toEqual({ meanUs: 3, varianceUs2: Number.POSITIVE_INFINITY });
    const none = momentsOfTime({ kind: 'pareto', minimum: 1, shape: 1 });
    // ∫ 1 ÷ (1 − u) up to 0.999 is ln 1,000.
    expect(none.meanUs).toBeCloseTo(Math.log(1_000), 1);
  });

  it('of sums add up', () => {
    const one = momentsOfTime({ kind: 'exponential', mean: 3 });
    expect(timesOf(one, 4)).toEqual(sumOf(one, one, one, one));
  });
});
