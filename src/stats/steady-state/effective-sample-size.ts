/** What dependent observations are worth: the number of independent ones whose mean would vary as
 * much. */
import { type Moments, momentsOf } from '../moments.ts';
import { batchesOf } from './batches.ts';

/** How much a series repeats itself. */
export interface EffectiveSampleSize {
  /** n ÷ (1 + 2 Σ ρ_k), no more than n; n where nothing varies. */
  readonly count: number;
  /** 1 + 2 Σ ρ_k: observations to one independent value, at least 1. */
  readonly correlationTime: number;
}

/** More values than this are gathered into batches first, which bounds the cost. */
const VALUES_MAX = 4_096;

/** Geyer's initial positive, monotone sequence: autocorrelations are summed in pairs of lags, while
 * the pairs' sums are above 0, none counting for more than the one before it. Negative correlation
 * is not counted to the good. Of a long series the sum is made of batches' means, and what happens
 * within a batch shows in their variance.
 * @param series - Observations of equal spacing, in a steady state.
 * Cost O(n + 4,096 · correlation time in batches).
 * Source: Geyer, "Practical Markov chain Monte Carlo", Statistical Science 7, 1992. Spec: N15. */
export function effectiveSampleSize(series: readonly number[]): EffectiveSampleSize {
  const n = series.length;
  const { variance } = momentsOf(series);
  if (n < 3 || variance === 0) return { count: n, correlationTime: 1 };
  const { means } = batchesOf(series, Math.ceil(n / VALUES_MAX));
  const ofMeans = momentsOf(means);
  if (ofMeans.variance === 0) return { count: n, correlationTime: 1 };
  const time = correlationTimeOf(means, ofMeans);
  const varianceOfMean = (ofMeans.variance / means.length) * time;
  const count = Math.min(n, variance / varianceOfMean);
  return { count, correlationTime: n / count };
}

function correlationTimeOf(values: readonly number[], moments: Moments): number {
  const centred = Float64Array.from(values, (value) => value - moments.mean);
  let total = 0;
  let last = Infinity;
  for (let lag = 0; lag + 1 < centred.length; lag += 2) {
    const pair = productSum(centred, lag) + productSum(centred, lag + 1);
    if (pair <= 0) break;
    last = Math.min(last, pair / moments.squaredDeviations);
    total += last;
  }
  return Math.max(1, 2 * total - 1);
}

function productSum(centred: Float64Array, lag: number): number {
  let sum = 0;
  for (let i = lag; i < centred.length; i += 1) {
    sum += (centred[i] as number) * (centred[i - lag] as number);
  }
  return sum;
}
