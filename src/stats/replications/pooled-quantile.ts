/** A quantile over replications, each given as a histogram. The estimate is the quantile of all
 * values together; the interval comes from how replications differ. A mean of the replications'
 * percentiles is not made here: it is biased, and worse the fewer values a replication has. */
import { requireArgument } from '../bad-argument.ts';
import {
  countOf,
  countUpTo,
  type HistogramCounts,
  mergedCounts,
  quantileOfCounts,
} from '../histogram-counts.ts';
import type { Estimate } from '../mean-interval.ts';
import { type Refusal, refusal } from '../refusal.ts';
import { intervalFactor } from '../student-t.ts';
import { quantileRefusal, samplesForQuantile } from './quantile-samples.ts';

/** A pooled quantile; bounds are null where the refusal says why. */
export interface PooledQuantile extends Estimate {
  /** Half the width of the interval; null without one. */
  readonly halfWidth: number | null;
  /** Replications that have values. */
  readonly n: number;
  /** Independent values that would place the quantile as precisely. */
  readonly effectiveCount: number;
  /** Spread of the replications' quantiles around the pooled one (sectioning), or of their shares
   * below it (Woodruff), taken where a replication is too small for a quantile of its own. */
  readonly method: 'sectioning' | 'shares';
  readonly refusal: Refusal | null;
}

/** The pooled q-quantile with its interval.
 *
 * Sectioning: q̂ ± t(R − 1) · √(R ÷ (R − 1) · Σ w²(q_r − q̂)²), where w is a replication's share of
 * all values. Shares: see `sectionedQuantile`. Refused below two replications, and where all values
 * are worth fewer than 10 ÷ min(q, 1 − q) independent ones.
 * @param histograms - One a replication. @param q - Between 0 and 1.
 * @param confidence - Between 0 and 1; 0.95 unless given.
 * @throws EngineError `STATS_BAD_ARGUMENT`. Cost O(all buckets · log).
 * Source: Asmussen and Glynn, Stochastic Simulation, III.5; Woodruff 1952. Spec: N20–N22. */
export function pooledQuantile(
  histograms: readonly HistogramCounts[],
  q: number,
  confidence = 0.95,
): PooledQuantile {
  requireArgument(q > 0 && q < 1, { argument: 'q', found: q, rule: 'between 0 and 1' });
  const filled = histograms.filter((histogram) => histogram.counts.length > 0);
  const pooled = mergedCounts(filled);
  const value = quantileOfCounts(pooled, q);
  const sizes = filled.map(countOf);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const n = filled.length;
  const error = n < 2 ? Number.NaN : shareError(filled, { value, total });
  const effectiveCount = error > 0 ? Math.min(total, (q * (1 - q)) / error ** 2) : total;
  const isLarge = Math.min(...sizes) >= samplesForQuantile(q);
  const method = isLarge ? ('sectioning' as const) : ('shares' as const);
  const common = { value, n, effectiveCount, method };
  const refuse = (why: Refusal) => {
    return { ...common, low: null, high: null, halfWidth: null, refusal: why };
  };
  if (n < 2) {
    return refuse(refusal('too-few-replications', `an interval takes 2 replications, not ${n}`));
  }
  const tooFew = quantileRefusal(effectiveCount, q);
  if (tooFew !== null) return refuse(tooFew);
  const factor = intervalFactor(confidence, n - 1);
  if (method === 'sectioning') {
    const squares = filled.reduce((sum, histogram, r) => {
      const weight = (sizes[r] ?? 0) / total;
      return sum + (weight * (quantileOfCounts(histogram, q) - value)) ** 2;
    }, 0);
    const halfWidth = factor * Math.sqrt((n / (n - 1)) * squares);
    return { ...common, low: value - halfWidth, high: value + halfWidth, halfWidth, refusal: null };
  }
  const reach = factor * error;
  if (q - reach <= 0 || q + reach >= 1) {
    const text = 'the interval reaches beyond all values: add replications';
    return refuse(refusal('too-few-replications', text));
  }
  const low = quantileOfCounts(pooled, q - reach);
  const high = quantileOfCounts(pooled, q + reach);
  return { ...common, low, high, halfWidth: (high - low) / 2, refusal: null };
}

/** Standard error of the pooled share of values at or below `value` (ratio estimator). */
function shareError(
  histograms: readonly HistogramCounts[],
  { value, total }: { readonly value: number; readonly total: number },
): number {
  const belows = histograms.map((histogram) => countUpTo(histogram, value));
  const share = belows.reduce((sum, below) => sum + below, 0) / total;
  const squares = histograms.reduce((sum, histogram, r) => {
    return sum + ((belows[r] ?? 0) - share * countOf(histogram)) ** 2;
  }, 0);
  const n = histograms.length;
  return Math.sqrt((n / (n - 1)) * squares) / total;
}
