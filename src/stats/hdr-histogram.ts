/** A histogram of whole numbers from 0 to `maxValue` whose buckets widen with the value, so that
 * the relative error stays below a stated bound at every quantile. Histograms merge without loss;
 * percentiles must never be averaged. Source: Gil Tene, HdrHistogram (own layout, same idea). */
import { requireArgument } from './bad-argument.ts';
import type { HistogramCounts } from './histogram-counts.ts';

/** Counts of recorded values. All histograms of one configuration can be merged. */
export interface Histogram {
  /** Counts a value ≥ 0, rounded to a whole number. Values above `maxValue` are counted in the
   * last bucket and in `clampedCount`. Cost O(1), no allocation. */
  record(value: number, count?: number): void;
  /** The q-quantile, 0 ≤ q ≤ 1: the middle of the bucket that holds the ⌈q·n⌉-th smallest value,
   * never outside [min, max]. NaN while empty. Cost O(buckets). */
  quantile(q: number): number;
  /** Adds all counts of `other`, which must have the same configuration. */
  merge(other: Histogram): void;
  /** Values in ascending order of buckets: the middle of each used bucket and its count. */
  buckets(): readonly { readonly value: number; readonly count: number }[];
  /** The same as plain data, which {@link histogramFromCounts} reads. */
  counts(): HistogramCounts;
  readonly count: number;
  /** Exact mean while the sum stays below 2⁵³; NaN while empty. */
  readonly mean: number;
  /** Exact smallest and largest recorded values; NaN while empty. */
  readonly min: number;
  readonly max: number;
  /** Values above `maxValue`: if it is not 0, upper quantiles are too low. */
  readonly clampedCount: number;
  /** Largest |quantile − true quantile| ÷ true quantile. */
  readonly relativeErrorMax: number;
  readonly significantDigits: number;
  readonly maxValue: number;
}

/** How precise and how far. Memory: 8 bytes · 10^digits · log₂(maxValue ÷ 10^digits), roughly. */
export interface HistogramOptions {
  /** 1 … 5 decimal digits that a quantile keeps. */
  readonly significantDigits: number;
  /** Largest value told apart, a whole number up to 2⁵³ − 1. */
  readonly maxValue: number;
}

interface Layout {
  readonly halfBits: number;
  readonly bucketCount: number;
}

interface Totals {
  count: number;
  sum: number;
  min: number;
  max: number;
  clampedCount: number;
}

/** An empty histogram.
 * @throws EngineError `STATS_BAD_ARGUMENT` on an impossible configuration or value. */
export function createHistogram(options: HistogramOptions): Histogram {
  const { significantDigits, maxValue } = options;
  const layout = layoutOf(options);
  const counts = new Float64Array(layout.bucketCount);
  const totals: Totals = { count: 0, sum: 0, min: Infinity, max: -Infinity, clampedCount: 0 };
  const orNaN = (value: number): number => (totals.count === 0 ? Number.NaN : value);
  const usedBuckets = () => {
    const used: { value: number; count: number }[] = [];
    counts.forEach((count, index) => {
      if (count > 0) used.push({ value: middleOf(index, layout), count });
    });
    return used;
  };
  return {
    record(value, count = 1) {
      const whole = wholeValue(value, count);
      const index = indexOf(Math.min(whole, maxValue), layout);
      counts[index] = (counts[index] ?? 0) + count;
      addTotals(totals, whole, { count, isClamped: whole > maxValue });
    },
    quantile(q) {
      requireArgument(q >= 0 && q <= 1, { argument: 'q', found: q, rule: 'from 0 to 1' });
      if (totals.count === 0) return Number.NaN;
      const rank = Math.max(1, Math.ceil(q * totals.count));
      const middle = middleOf(indexAtRank(counts, rank), layout);
      return Math.min(Math.max(middle, totals.min), totals.max);
    },
    merge(other) {
      const isSame = other.significantDigits === significantDigits && other.maxValue === maxValue;
      const found = `${other.significantDigits} digits up to ${other.maxValue}`;
      const rule = `of ${significantDigits} digits up to ${maxValue}`;
      requireArgument(isSame, { argument: 'other', found, rule });
      for (const { value, count } of other.buckets()) {
        const index = indexOf(Math.min(Math.floor(value), maxValue), layout);
        counts[index] = (counts[index] ?? 0) + count;
      }
      mergeTotals(totals, other);
    },
    buckets: usedBuckets,
    counts() {
      const used = usedBuckets();
      return { values: used.map(({ value }) => value), counts: used.map(({ count }) => count) };
    },
    get count() {
      return totals.count;
    },
    get mean() {
      return orNaN(totals.sum / totals.count);
    },
    get min() {
      return orNaN(totals.min);
    },
    get max() {
      return orNaN(totals.max);
    },
    get clampedCount() {
      return totals.clampedCount;
    },
    relativeErrorMax: 1 / 2 ** (layout.halfBits + 1),
    significantDigits,
    maxValue,
  };
}

/** A histogram of plain data. Buckets are those that the data came from, if the options are the
 * same; mean, min and max are then those of the buckets' middles.
 * @throws EngineError `STATS_BAD_ARGUMENT` on an impossible configuration, value or count. */
export function histogramFromCounts(
  { values, counts }: HistogramCounts,
  options: HistogramOptions,
): Histogram {
  const histogram = createHistogram(options);
  const rule = `${values.length}, one a value`;
  const isPaired = counts.length === values.length;
  requireArgument(isPaired, { argument: 'number of counts', found: counts.length, rule });
  values.forEach((value, i) => {
    histogram.record(value, counts[i]);
  });
  return histogram;
}

/** Values below 2^(halfBits + 1) have a bucket of their own; above, each doubling of the value is
 * cut into 2^halfBits buckets, so that a bucket is at most 2^−halfBits of its values wide. */
function layoutOf({ significantDigits, maxValue }: HistogramOptions): Layout {
  const isDigits = Number.isInteger(significantDigits) && significantDigits >= 1;
  requireArgument(isDigits && significantDigits <= 5, {
    argument: 'significantDigits',
    found: significantDigits,
    rule: 'a whole number from 1 to 5',
  });
  requireArgument(Number.isSafeInteger(maxValue) && maxValue >= 2, {
    argument: 'maxValue',
    found: maxValue,
    rule: 'a whole number from 2 to 2^53 - 1',
  });
  const halfBits = bitLength(10 ** significantDigits - 1);
  const layout = { halfBits, bucketCount: 0 };
  return { halfBits, bucketCount: indexOf(maxValue, layout) + 1 };
}

function indexOf(value: number, { halfBits }: Layout): number {
  const shift = Math.max(0, bitLength(value) - halfBits - 1);
  return shift * 2 ** halfBits + Math.floor(value / 2 ** shift);
}

function middleOf(index: number, { halfBits }: Layout): number {
  const half = 2 ** halfBits;
  const shift = Math.max(0, Math.floor(index / half) - 1);
  const width = 2 ** shift;
  return (index - shift * half) * width + (width - 1) / 2;
}

/** Number of bits of a whole number, without logarithms, which differ between platforms. */
function bitLength(value: number): number {
  const high = Math.floor(value / 2 ** 32);
  return high > 0 ? 64 - Math.clz32(high) : 32 - Math.clz32(value);
}

function indexAtRank(counts: Float64Array, rank: number): number {
  let seen = 0;
  for (let index = 0; index < counts.length; index += 1) {
    seen += counts[index] ?? 0;
    if (seen >= rank) return index;
  }
  return counts.length - 1;
}

function wholeValue(value: number, count: number): number {
  const isValue = Number.isFinite(value) && value >= 0;
  requireArgument(isValue, { argument: 'value', found: value, rule: 'finite and at least 0' });
  const isCount = Number.isSafeInteger(count) && count >= 1;
  requireArgument(isCount, { argument: 'count', found: count, rule: 'a whole number above 0' });
  return Math.round(value);
}

function addTotals(
  totals: Totals,
  value: number,
  { count, isClamped }: { readonly count: number; readonly isClamped: boolean },
): void {
  totals.count += count;
  totals.sum += value * count;
  totals.min = Math.min(totals.min, value);
  totals.max = Math.max(totals.max, value);
  if (isClamped) totals.clampedCount += count;
}

function mergeTotals(totals: Totals, other: Histogram): void {
  if (other.count === 0) return;
  totals.count += other.count;
  totals.sum += other.mean * other.count;
  totals.min = Math.min(totals.min, other.min);
  totals.max = Math.max(totals.max, other.max);
  totals.clampedCount += other.clampedCount;
}
