/** Overlapping batch means: every run of b neighbours is a batch. A second opinion on the interval
 * of a long run, with half as many degrees of freedom again as batches side by side. */
import { requireArgument } from '../bad-argument.ts';
import type { MeanInterval } from '../mean-interval.ts';
import { intervalFactor } from '../student-t.ts';

/** The mean with the interval of overlapping batches of `batchLength`:
 * s² = n·b ÷ ((n − b + 1)(n − b)) · Σ (Ȳ_j(b) − Ȳ)², t with 1.5 · (n ÷ b − 1) degrees of freedom.
 * @param series - Observations of equal spacing, in a steady state.
 * @param options.batchLength - A whole number from 1 to half of the series.
 * @param options.confidence - Between 0 and 1; 0.95 unless given.
 * @throws EngineError `STATS_BAD_ARGUMENT`. Cost O(n).
 * Source: Meketon and Schmeiser, WSC 1984. Spec: N16. */
export function overlappingBatchMeans(
  series: readonly number[],
  {
    batchLength,
    confidence = 0.95,
  }: { readonly batchLength: number; readonly confidence?: number },
): MeanInterval {
  const n = series.length;
  const isLength = Number.isInteger(batchLength) && batchLength >= 1 && batchLength <= n / 2;
  const rule = `a whole number from 1 to ${Math.floor(n / 2)}, half of the series`;
  requireArgument(isLength, { argument: 'batchLength', found: batchLength, rule });
  const mean = series.reduce((sum, value) => sum + value, 0) / n;
  // Deviations instead of values: their running sum loses no digits to a large mean.
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < n; i += 1) {
    sum += (series[i] ?? 0) - mean;
    if (i >= batchLength) sum -= (series[i - batchLength] ?? 0) - mean;
    if (i >= batchLength - 1) squares += (sum / batchLength) ** 2;
  }
  const variance = (n * batchLength * squares) / ((n - batchLength + 1) * (n - batchLength));
  const df = 1.5 * (n / batchLength - 1);
  const halfWidth = intervalFactor(confidence, df) * Math.sqrt(variance / n);
  return { mean, low: mean - halfWidth, high: mean + halfWidth, halfWidth, n };
}
