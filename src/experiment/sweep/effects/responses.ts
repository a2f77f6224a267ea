/** A metric over the points of one subject: one row a point, one column a replication that every
 * point has. Whole columns keep what is compared on common random numbers. Centres are those of all
 * page loads together where the metric is a percentile; only widths come from the replications'
 * own, because percentiles are not averaged. */
import { meanInterval } from '../../../stats/mean-interval.ts';
import { momentsOf } from '../../../stats/moments.ts';
import type { Estimate } from '../../result.ts';
import type { SweepEffect, SweepFactor, SweepPoint } from '../sweep-document.ts';

/** What effects are made from. */
export interface Responses {
  readonly points: readonly SweepPoint[];
  readonly factors: readonly SweepFactor[];
  /** `[point][replication]`. */
  readonly values: readonly (readonly number[])[];
  /** The metric of each point over these replications together. */
  readonly centres: readonly number[];
  readonly confidence: number;
}

/** The metric of a point over some replications together, by their positions. */
export type PooledMetric = (point: SweepPoint, replications: readonly number[]) => number;

/** Relative error of a sum of a few thousand numbers, generously. */
const ROUNDING = 1e-12;

/** The metric's values at all points, where every point has them.
 * @returns `values` with no column where no replication is whole. */
export function responsesOf(
  metric: string,
  of: Pick<Responses, 'points' | 'factors' | 'confidence'> & { readonly pooled: PooledMetric },
): Responses {
  const { pooled, ...rest } = of;
  const rows = of.points.map(({ metrics }) => metrics[metric]?.values ?? []);
  const count = rows.length === 0 ? 0 : Math.min(...rows.map((row) => row.length));
  const whole = Array.from({ length: count }, (_, i) => i).filter((i) =>
    rows.every((row) => typeof row[i] === 'number'),
  );
  const values = rows.map((row) => whole.map((i) => row[i] as number));
  const centres = whole.length === 0 ? [] : of.points.map((point) => pooled(point, whole));
  return { ...rest, values, centres };
}

/** Replications that every point has. */
export function replicationsOf({ values }: Responses): number {
  return values[0]?.length ?? 0;
}

/** Σ weight · metric, with its interval over replications. @param weights - One a point. */
export function contrastOf(
  { values, centres, confidence }: Pick<Responses, 'values' | 'centres' | 'confidence'>,
  weights: readonly number[],
): Estimate {
  const sum = (of: (point: number) => number) =>
    weights.reduce((total, weight, i) => (weight === 0 ? total : total + weight * of(i)), 0);
  // What is left where equal values cancel is the rounding of their sum.
  const size = sum((i) => Math.abs(centres[i] ?? 0) * Math.sign(weights[i] ?? 0));
  const exact = (value: number) => (Math.abs(value) <= ROUNDING * Math.abs(size) ? 0 : value);
  const observations = (values[0] ?? []).map((_, r) =>
    exact(sum((i) => values[i]?.[r] ?? Number.NaN)),
  );
  const value = exact(sum((i) => centres[i] ?? Number.NaN));
  return around(value, meanInterval(observations, confidence).halfWidth);
}

/** A value and as much to either side. */
export function around(value: number, halfWidth: number | null): Estimate {
  if (halfWidth === null) return { value, low: null, high: null };
  return { value, low: value - halfWidth, high: value + halfWidth };
}

/** Weights of the mean over some points. */
export function meanWeights(
  points: readonly SweepPoint[],
  isAmong: (point: SweepPoint) => boolean,
): readonly number[] {
  const count = points.filter(isAmong).length;
  return points.map((point) => (isAmong(point) ? 1 / count : 0));
}

/** Standard deviation of the points. */
export function spreadOf({ centres }: Responses): number {
  return centres.length < 2 ? 0 : Math.sqrt(momentsOf(centres).variance);
}

/** An effect with what follows from its interval. */
export function effectWith(
  told: Pick<SweepEffect, 'name' | 'paths'> &
    Partial<Pick<SweepEffect, 'aliases' | 'reason'>> & { readonly estimate: Estimate | null },
  spread: number,
): SweepEffect {
  const { name, paths, estimate, aliases = [], reason = null } = told;
  const { low = null, high = null } = estimate ?? {};
  return {
    name,
    paths,
    effect: estimate?.value ?? null,
    low,
    high,
    standardised: estimate === null || spread === 0 ? null : estimate.value / spread,
    isClear: low === null || high === null ? null : low > 0 || high < 0,
    aliases,
    reason,
  };
}
