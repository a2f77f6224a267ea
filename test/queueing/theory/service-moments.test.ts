/** Moments of service times beside sums over quantiles. */
import { expect, it } from 'vitest';
import {
  type DistributionSpec,
  quantileOf,
} from '../../../src/kernel/distributions/distribution.ts';
import { momentsOfSum, serviceMoments } from '../../../src/queueing/theory/service-moments.ts';

const SPECS: readonly DistributionSpec[] = [
  { kind: 'deterministic', value: 7 },
  { kind: 'uniform', low: 1, high: 4 },
  { kind: 'exponential', mean: 3 },
  { kind: 'lognormal', median: 2, sigma: 0.4 },
  { kind: 'gamma', shape: 2.5, mean: 4 },
  { kind: 'weibull', shape: 1.5, scale: 2 },
  { kind: 'pareto', minimum: 1, shape: 8 },
  {
    kind: 'empirical',
    points: [
      { value: 1, cumulative: 0 },
      { value: 2, cumulative: 0.7 },
      { value: 9, cumulative: 1 },
    ],
  },
];

it.each(SPECS)('Q105: moments of $kind are those of its quantile function', (spec) => {
  const quantile = quantileOf(spec);
  const n = 400_000;
  const sums = [0, 0, 0];
  for (let i = 0; i < n; i += 1) {
    const x = quantile((i + 0.5) / n);
    for (const k of [0, 1, 2]) sums[k] = (sums[k] ?? 0) + x ** (k + 1) / n;
  }
  const { meanUs, scv, thirdMoment } = serviceMoments(spec);
  expect(meanUs / (sums[0] ?? 0)).toBeCloseTo(1, 3);
  expect(scv).toBeCloseTo((sums[1] ?? 0) / (sums[0] ?? 1) ** 2 - 1, 3);
  expect(thirdMoment / (sums[2] ?? 0)).toBeCloseTo(1, 2);
});

it('Q105: independent times add up: n exponential ones are Erlang’s', () => {
  const one = serviceMoments({ kind: 'exponential', mean: 2 });
  const erlang = serviceMoments({ kind: 'gamma', shape: 3, mean: 6 });
  const sum = momentsOfSum([one, one, one]);
  expect(sum.meanUs).toBeCloseTo(erlang.meanUs, 12);
  expect(sum.scv).toBeCloseTo(erlang.scv, 12);
  expect(sum.thirdMoment).toBeCloseTo(erlang.thirdMoment, 9);
});

it('Q105: a tail too heavy has no variance', () => {
  expect(serviceMoments({ kind: 'pareto', minimum: 1, shape: 2 }).scv).toBe(Infinity);
  expect(serviceMoments({ kind: 'pareto', minimum: 1, shape: 1 }).scv).toBe(Infinity);
});
