/** Mean and variability of service times that are given as distributions. Spec: Q105. */
import { type DistributionSpec, meanOf } from '../../kernel/distributions/distribution.ts';
import { gammaFunction } from '../../kernel/distributions/gamma-function.ts';

/** The first three moments; Infinity where a heavy tail has none. */
export interface ServiceMoments {
  readonly meanUs: number;
  /** Variance ÷ mean squared. */
  readonly scv: number;
  /** E[S³]. */
  readonly thirdMoment: number;
}

/** Moments of one distribution. Cost O(1); empirical O(points). */
export function serviceMoments(spec: DistributionSpec): ServiceMoments {
  const meanUs = meanOf(spec);
  const [second, third] = rawMoments(spec);
  const scv = meanUs === 0 ? 0 : Math.max(0, second / meanUs ** 2 - 1);
  return { meanUs, scv: Number.isNaN(scv) ? Number.POSITIVE_INFINITY : scv, thirdMoment: third };
}

/** Moments of the sum of independent times: means, variances and third central moments add. */
export function momentsOfSum(parts: readonly ServiceMoments[]): ServiceMoments {
  let mean = 0;
  let variance = 0;
  let skew = 0;
  for (const { meanUs, scv, thirdMoment } of parts) {
    const own = scv * meanUs ** 2;
    mean += meanUs;
    variance += own;
    skew += thirdMoment - 3 * meanUs * own - meanUs ** 3;
  }
  const thirdMoment = skew + 3 * mean * variance + mean ** 3;
  return { meanUs: mean, scv: mean === 0 ? 0 : variance / mean ** 2, thirdMoment };
}

/** E[S²] and E[S³]. */
function rawMoments(spec: DistributionSpec): readonly [second: number, third: number] {
  switch (spec.kind) {
    case 'deterministic':
      return [spec.value ** 2, spec.value ** 3];
    case 'uniform':
      return [powerMean(spec.low, spec.high, 2), powerMean(spec.low, spec.high, 3)];
    case 'exponential':
      return [2 * spec.mean ** 2, 6 * spec.mean ** 3];
    case 'lognormal': {
      const { median, sigma } = spec;
      return [median ** 2 * Math.exp(2 * sigma ** 2), median ** 3 * Math.exp(4.5 * sigma ** 2)];
    }
    case 'gamma': {
      const { mean, shape } = spec;
      const second = mean ** 2 * (1 + 1 / shape);
      return [second, second * mean * (1 + 2 / shape)];
    }
    case 'weibull': {
      const { scale, shape } = spec;
      return [scale ** 2 * gammaFunction(1 + 2 / shape), scale ** 3 * gammaFunction(1 + 3 / shape)];
    }
    case 'pareto':
      return [paretoMoment(spec, 2), paretoMoment(spec, 3)];
    case 'empirical':
      return [empiricalMoment(spec.points, 2), empiricalMoment(spec.points, 3)];
  }
}

/** The mean of xᵏ between two values, each as likely: Σ lowⁱ·highᵏ⁻ⁱ ÷ (k + 1). */
function powerMean(low: number, high: number, k: number): number {
  let sum = 0;
  for (let i = 0; i <= k; i += 1) sum += low ** i * high ** (k - i);
  return sum / (k + 1);
}

function paretoMoment({ minimum, shape }: { minimum: number; shape: number }, k: number): number {
  return shape <= k ? Number.POSITIVE_INFINITY : (shape * minimum ** k) / (shape - k);
}

function empiricalMoment(
  points: readonly { readonly value: number; readonly cumulative: number }[],
  k: number,
): number {
  return points.slice(1).reduce((sum, point, i) => {
    const before = points[i] ?? point;
    const share = point.cumulative - before.cumulative;
    return sum + share * powerMean(before.value, point.value, k);
  }, 0);
}
