/** Constructors of the plain data that scenarios are made of, so that a scenario file reads like
 * what it means: `lognormal(ms(35), 0.5)`. */
import type { DistributionSpec } from '../../kernel/distributions/distribution.ts';
import type { DurationUs } from '../../kernel/time.ts';

/** Always the same duration. */
export function fixed(value: DurationUs): DistributionSpec {
  return { kind: 'deterministic', value };
}

/** Uniform between two durations. */
export function uniform(low: DurationUs, high: DurationUs): DistributionSpec {
  return { kind: 'uniform', low, high };
}

/** Exponential with this mean. */
export function exponential(mean: DurationUs): DistributionSpec {
  return { kind: 'exponential', mean };
}

/** Log-normal with this median; `sigma` is the standard deviation of the logarithm. */
export function lognormal(median: DurationUs, sigma: number): DistributionSpec {
  return { kind: 'lognormal', median, sigma };
}

/** Pareto from this minimum on; tails are heavier the smaller `shape` (> 0) is. */
export function pareto(minimum: DurationUs, shape: number): DistributionSpec {
  return { kind: 'pareto', minimum, shape };
}
