/** The mean of one long run: neighbours are gathered into batches that are long enough for their
 * means to be independent, and those carry the interval. Where no length will do, there is no
 * interval, and the run has to be longer. */
import { requireArgument } from '../bad-argument.ts';
import { type MeanInterval, meanInterval } from '../mean-interval.ts';
import { type Refusal, refusal } from '../refusal.ts';
import { type Batching, batchesOf } from './batches.ts';
import { effectiveSampleSize } from './effective-sample-size.ts';
import { overlappingBatchMeans } from './overlapping-batch-means.ts';
import { lagOneTest } from './von-neumann.ts';

/** The mean of a long run. Bounds are null where the refusal says why; `n` counts batches. */
export interface BatchMeans extends MeanInterval {
  readonly batchLength: number;
  /** Lag-1 autocorrelation of the batches' means, and P(as much | none); null where unknown. */
  readonly lagOneCorrelation: number | null;
  readonly pValue: number | null;
  /** Independent observations that the series is worth. */
  readonly effectiveCount: number;
  /** Half-width by overlapping batches of the same length: far from `halfWidth`, neither is to be
   * trusted. Null where that is. */
  readonly overlappingHalfWidth: number | null;
  readonly refusal: Refusal | null;
}

const BATCHES_MIN = 20;
const BATCHES_MAX = 30;
const LEVEL = 0.1;
/** Fewer independent values to a batch than this and even the test is blind: found by coverage. */
const EFFECTIVE_MIN = 3 * BATCHES_MIN;

/** The mean of a series with the interval of 20 to 30 batches.
 *
 * The batch length grows by half at a time until von Neumann's test no longer finds neighbouring
 * means alike (level 0.1, at 20 batches or more); the final length also leaves at most 30 batches.
 * Refused as `run-too-short` where no length passes or the series is worth fewer than 60
 * independent values. Warm-up must have been cut.
 * @param series - Observations of equal spacing in a steady state, finite.
 * @param confidence - Between 0 and 1; 0.95 unless given.
 * @throws EngineError `STATS_BAD_ARGUMENT`. Cost O(n · (log n + correlation time)).
 * Source: Fishman 1978; Law, Simulation Modeling and Analysis, 9.5.3; Schmeiser 1982 (10 to 30
 * batches are enough). Spec: N14–N17. */
export function batchMeans(series: readonly number[], confidence = 0.95): BatchMeans {
  const odd = series.find((value) => !Number.isFinite(value));
  requireArgument(odd === undefined, { argument: 'value', found: odd, rule: 'finite' });
  const effectiveCount = effectiveSampleSize(series).count;
  const batching = independentBatches(series);
  if (batching === null || effectiveCount < EFFECTIVE_MIN) {
    const worth = `${series.length} observations are worth ${Math.floor(effectiveCount)}`;
    const text = `${worth} independent ones, too few or too alike for batches: run longer`;
    return {
      mean: series.reduce((sum, value) => sum + value, 0) / series.length,
      low: null,
      high: null,
      halfWidth: null,
      n: 0,
      batchLength: 0,
      lagOneCorrelation: null,
      pValue: null,
      effectiveCount,
      overlappingHalfWidth: null,
      refusal: refusal('run-too-short', text),
    };
  }
  const { batchLength, means } = batching;
  const { correlation, pValue } = lagOneTest(means);
  const { halfWidth } = overlappingBatchMeans(series, { batchLength, confidence });
  return {
    ...meanInterval(means, confidence),
    batchLength,
    lagOneCorrelation: correlation,
    pValue,
    effectiveCount,
    overlappingHalfWidth: halfWidth,
    refusal: null,
  };
}

/** 20 to 30 batches whose means pass von Neumann's test; null where no length does. Spec: N14. */
export function independentBatches(series: readonly number[]): Batching | null {
  let batchLength = 1;
  while (true) {
    const { batches, means } = batchesOf(series, batchLength);
    if (batches < BATCHES_MIN) return null;
    if ((lagOneTest(means).pValue ?? 1) > LEVEL) break;
    batchLength = Math.max(batchLength + 1, Math.floor(batchLength * 1.5));
  }
  const lengthMin = Math.floor(series.length / (BATCHES_MAX + 1)) + 1;
  const batching = batchesOf(series, Math.max(batchLength, lengthMin));
  return batching.batches < BATCHES_MIN ? null : batching;
}
