/** A quantile of one long run, whose values depend on each other: batches long enough to forget one
 * another are the sections of `sectionedQuantile`. */
import { requireArgument } from '../bad-argument.ts';
import type { Estimate } from '../mean-interval.ts';
import { orderStatistic, sectionedQuantile } from '../quantile-interval.ts';
import { type Refusal, refusal } from '../refusal.ts';
import { quantileRefusal } from '../replications/quantile-samples.ts';
import { independentBatches } from './batch-means.ts';
import { effectiveSampleSize } from './effective-sample-size.ts';

/** A quantile of a run; bounds are null where the refusal says why. */
export interface SteadyStateQuantile extends Estimate {
  readonly batches: number;
  /** Independent values that would place the quantile as precisely. */
  readonly effectiveCount: number;
  readonly refusal: Refusal | null;
}

/** The q-quantile of a series with its interval. What has to be independent is whether values lie
 * below the quantile, so the batch length is grown on that series of zeros and ones.
 * @param series - Observations in order, in a steady state. @param q - Between 0 and 1.
 * @param confidence - Between 0 and 1; 0.95 unless given.
 * @throws EngineError `STATS_BAD_ARGUMENT`. Cost O(n log n).
 * Source: batching as in `batchMeans`; Woodruff 1952. Spec: N18. */
export function steadyStateQuantile(
  series: readonly number[],
  q: number,
  confidence = 0.95,
): SteadyStateQuantile {
  requireArgument(q > 0 && q < 1, { argument: 'q', found: q, rule: 'between 0 and 1' });
  const value = orderStatistic(Float64Array.from(series).sort(), q);
  const isBelow = series.map((one) => (one <= value ? 1 : 0));
  const effectiveCount = effectiveSampleSize(isBelow).count;
  const none = { value, low: null, high: null, batches: 0, effectiveCount };
  const tooFew = quantileRefusal(effectiveCount, q);
  if (tooFew !== null) return { ...none, refusal: tooFew };
  const batching = independentBatches(isBelow);
  if (batching === null) {
    const text = `${series.length} values are too alike for batches: run longer`;
    return { ...none, refusal: refusal('run-too-short', text) };
  }
  const { batchLength, batches } = batching;
  const start = series.length - batches * batchLength;
  const sections = Array.from({ length: batches }, (_, b) =>
    series.slice(start + b * batchLength, start + (b + 1) * batchLength),
  );
  const { low, high } = sectionedQuantile(sections, q, confidence);
  const text = 'batches differ too much for an interval: run longer';
  const why = low === null ? refusal('run-too-short', text) : null;
  return { value, low, high, batches, effectiveCount, refusal: why };
}
