/** What a campaign wants to know precisely enough: a mean or a pooled quantile over replications,
 * as something that gives its interval at any confidence. */
import type { HistogramCounts } from '../histogram-counts.ts';
import { meanInterval } from '../mean-interval.ts';
import type { Refusal } from '../refusal.ts';
import { pooledQuantile } from './pooled-quantile.ts';
import { samplesForQuantile } from './quantile-samples.ts';

/** An estimate at some confidence. */
export interface PrecisionEstimate {
  /** NaN without a value. */
  readonly value: number;
  /** Null where the data cannot bear an interval. */
  readonly halfWidth: number | null;
  /** Replications behind it. */
  readonly n: number;
  /** Where there is no half-width: replications at which there would be one, as far as known. */
  readonly replicationsForInterval?: number | undefined;
  /** Why no number of replications will do; undefined where some would. */
  readonly refusal?: Refusal | undefined;
}

/** A metric of a campaign. */
export interface StoppingMetric {
  readonly name: string;
  /** The estimate so far. @param confidence - Between 0 and 1. */
  estimate(confidence: number): PrecisionEstimate;
  /** A half-width that is good enough whatever the mean, in the metric's unit: for metrics whose
   * mean may be 0, such as shares of errors. */
  readonly absoluteHalfWidth?: number | undefined;
}

/** Further wishes. */
export interface StoppingMetricOptions {
  readonly absoluteHalfWidth?: number | undefined;
}

/** The mean of one value a replication. Not for percentiles: see {@link quantileMetric}. */
export function meanMetric(
  name: string,
  values: readonly number[],
  { absoluteHalfWidth }: StoppingMetricOptions = {},
): StoppingMetric {
  return {
    name,
    absoluteHalfWidth,
    estimate(confidence) {
      const { mean, halfWidth, n } = meanInterval(values, confidence);
      return { value: mean, halfWidth, n };
    },
  };
}

/** The q-quantile of all replications' values together. */
export function quantileMetric(
  name: string,
  { histograms, q }: { readonly histograms: readonly HistogramCounts[]; readonly q: number },
  { absoluteHalfWidth }: StoppingMetricOptions = {},
): StoppingMetric {
  return {
    name,
    absoluteHalfWidth,
    estimate(confidence) {
      const { value, halfWidth, n, effectiveCount } = pooledQuantile(histograms, q, confidence);
      if (halfWidth !== null || effectiveCount === 0) return { value, halfWidth, n };
      const wanted = Math.ceil((samplesForQuantile(q) / effectiveCount) * n);
      return { value, halfWidth, n, replicationsForInterval: Math.max(2, n + 1, wanted) };
    },
  };
}
