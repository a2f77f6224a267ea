/** A histogram as plain data: used values and how often each occurred. What crosses threads, lies
 * in files, and is merged without loss. */
import { requireArgument } from './bad-argument.ts';

/** Values, ascending and each once, and their counts, above 0; of the same length. */
export interface HistogramCounts {
  readonly values: readonly number[];
  readonly counts: readonly number[];
}

/** The union: as if all values had gone into one histogram. Cost O(buckets · log buckets).
 * @throws EngineError `STATS_BAD_ARGUMENT` where lengths differ or a count is not above 0.
 * Spec: N20. */
export function mergedCounts(histograms: readonly HistogramCounts[]): HistogramCounts {
  const merged = new Map<number, number>();
  for (const histogram of histograms) {
    requireCounts(histogram);
    histogram.values.forEach((value, i) => {
      merged.set(value, (merged.get(value) ?? 0) + (histogram.counts[i] ?? 0));
    });
  }
  const used = [...merged].sort(([a], [b]) => a - b);
  return { values: used.map(([value]) => value), counts: used.map(([, count]) => count) };
}

/** How many values there are. */
export function countOf({ counts }: HistogramCounts): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** The ⌈q·n⌉-th smallest value; NaN without values. @param q - From 0 to 1. Cost O(buckets). */
export function quantileOfCounts(histogram: HistogramCounts, q: number): number {
  requireArgument(q >= 0 && q <= 1, { argument: 'q', found: q, rule: 'from 0 to 1' });
  const rank = Math.max(1, Math.ceil(q * countOf(histogram)));
  let seen = 0;
  for (const [i, count] of histogram.counts.entries()) {
    seen += count;
    if (seen >= rank) return histogram.values[i] ?? Number.NaN;
  }
  return Number.NaN;
}

/** How many values are at or below `limit`. */
export function countUpTo({ values, counts }: HistogramCounts, limit: number): number {
  let sum = 0;
  for (const [i, value] of values.entries()) {
    if (value > limit) break;
    sum += counts[i] ?? 0;
  }
  return sum;
}

function requireCounts({ values, counts }: HistogramCounts): void {
  const rule = `${values.length}, one a value`;
  const isPaired = counts.length === values.length;
  requireArgument(isPaired, { argument: 'number of counts', found: counts.length, rule });
  const odd = counts.find((count) => !(count > 0));
  requireArgument(odd === undefined, { argument: 'count', found: odd, rule: 'above 0' });
}
