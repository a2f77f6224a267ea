/** Distributions as plain data, and their quantile functions: each variate takes one uniform, by
 * inversion, so that common random numbers stay in step. `Math.log` and its like are left to the
 * engine by ECMAScript: a digest therefore names its Node major. Spec: C4, C5. */
import { EngineError } from '../errors.ts';
import { gammaFunction } from './gamma-function.ts';
import { gammaQuantile } from './gamma-quantile.ts';
import { normalQuantile } from './normal-quantile.ts';

/** A distribution of non-negative numbers; the unit is the user's (scenarios: µs). */
export type DistributionSpec =
  | { readonly kind: 'deterministic'; readonly value: number }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'exponential'; readonly mean: number }
  | { readonly kind: 'lognormal'; readonly median: number; readonly sigma: number }
  | { readonly kind: 'gamma'; readonly shape: number; readonly mean: number }
  | { readonly kind: 'weibull'; readonly shape: number; readonly scale: number }
  | { readonly kind: 'pareto'; readonly minimum: number; readonly shape: number }
  | { readonly kind: 'empirical'; readonly points: readonly EmpiricalPoint[] };

/** A point of an empirical distribution function; linear in between. */
export interface EmpiricalPoint {
  readonly value: number;
  /** Share of values ≤ `value`: ascending, the first 0, the last 1. */
  readonly cumulative: number;
}

/** The quantile function of a distribution: from u in (0, 1) to the value.
 * @throws EngineError `CHANCE_BAD_PARAMETER`. Cost of a call O(1); empirical O(log points). */
export function quantileOf(spec: DistributionSpec): (u: number) => number {
  checkSpec(spec);
  switch (spec.kind) {
    case 'deterministic':
      return () => spec.value;
    case 'uniform':
      return (u) => spec.low + u * (spec.high - spec.low);
    case 'exponential':
      return (u) => -spec.mean * Math.log1p(-u);
    case 'lognormal':
      return (u) => spec.median * Math.exp(spec.sigma * normalQuantile(u));
    case 'gamma':
      return (u) => (spec.mean / spec.shape) * gammaQuantile(spec.shape, u);
    case 'weibull':
      return (u) => spec.scale * (-Math.log1p(-u)) ** (1 / spec.shape);
    case 'pareto':
      return (u) => spec.minimum * (1 - u) ** (-1 / spec.shape);
    case 'empirical':
      return (u) => empiricalQuantile(spec.points, u);
  }
}

/** The mean of a distribution; Infinity where it has none (Pareto with shape ≤ 1). */
export function meanOf(spec: DistributionSpec): number {
  switch (spec.kind) {
    case 'deterministic':
      return spec.value;
    case 'uniform':
      return (spec.low + spec.high) / 2;
    case 'exponential':
    case 'gamma':
      return spec.mean;
    case 'lognormal':
      return spec.median * Math.exp(spec.sigma ** 2 / 2);
    case 'weibull':
      return spec.scale * gammaFunction(1 + 1 / spec.shape);
    case 'pareto':
      return spec.shape <= 1
        ? Number.POSITIVE_INFINITY
        : (spec.shape * spec.minimum) / (spec.shape - 1);
    case 'empirical':
      return spec.points.slice(1).reduce((mean, point, i) => {
        const before = spec.points[i] ?? point;
        return mean + ((point.value + before.value) / 2) * (point.cumulative - before.cumulative);
      }, 0);
  }
}

function empiricalQuantile(points: readonly EmpiricalPoint[], u: number): number {
  let low = 0;
  let high = points.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.cumulative ?? 1) <= u) low = middle;
    else high = middle;
  }
  const from = points[low];
  const to = points[high];
  if (from === undefined || to === undefined) return 0;
  const width = to.cumulative - from.cumulative;
  const share = width === 0 ? 0 : (u - from.cumulative) / width;
  return from.value + share * (to.value - from.value);
}

function checkSpec(spec: DistributionSpec): void {
  const demands: Readonly<Record<string, readonly [number, boolean]>> = parameterDemands(spec);
  for (const [parameter, [found, isValid]] of Object.entries(demands)) {
    if (isValid && Number.isFinite(found)) continue;
    throw new EngineError(
      'CHANCE_BAD_PARAMETER',
      `${spec.kind} distribution: ${parameter} is ${found}; ${RULES[spec.kind]}`,
      { parameter, found },
    );
  }
}

const RULES: Readonly<Record<DistributionSpec['kind'], string>> = {
  deterministic: 'give a value ≥ 0',
  uniform: 'give 0 ≤ low ≤ high',
  exponential: 'give a mean > 0',
  lognormal: 'give a median > 0 and sigma ≥ 0',
  gamma: 'give a shape > 0 and a mean > 0',
  weibull: 'give a shape > 0 and a scale > 0',
  pareto: 'give a minimum > 0 and a shape > 0',
  empirical: 'give ≥ 2 points with ascending values and shares from 0 to 1',
};

function parameterDemands(spec: DistributionSpec): Record<string, readonly [number, boolean]> {
  switch (spec.kind) {
    case 'deterministic':
      return { value: [spec.value, spec.value >= 0] };
    case 'uniform':
      return { low: [spec.low, spec.low >= 0], high: [spec.high, spec.high >= spec.low] };
    case 'exponential':
      return { mean: [spec.mean, spec.mean > 0] };
    case 'lognormal':
      return { median: [spec.median, spec.median > 0], sigma: [spec.sigma, spec.sigma >= 0] };
    case 'gamma':
      return { shape: [spec.shape, spec.shape > 0], mean: [spec.mean, spec.mean > 0] };
    case 'weibull':
      return { shape: [spec.shape, spec.shape > 0], scale: [spec.scale, spec.scale > 0] };
    case 'pareto':
      return { minimum: [spec.minimum, spec.minimum > 0], shape: [spec.shape, spec.shape > 0] };
    case 'empirical':
      return { points: [spec.points.length, isDistributionFunction(spec.points)] };
  }
}

function isDistributionFunction(points: readonly EmpiricalPoint[]): boolean {
  const ascends = points.every((point, i) => {
    const before = points[i - 1];
    return (
      before === undefined || (point.value >= before.value && point.cumulative >= before.cumulative)
    );
  });
  return (
    points.length >= 2 && ascends && points[0]?.cumulative === 0 && points.at(-1)?.cumulative === 1
  );
}
