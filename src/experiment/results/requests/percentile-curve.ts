/** The distribution of page-load times as the points of a percentile curve. Source: Gil Tene,
 * HdrHistogram (its plots have the same axis). Spec: E505. */
import {
  countOf,
  type HistogramCounts,
  quantileOfCounts,
} from '../../../stats/histogram-counts.ts';

/** A point: `percentile` per cent of the pages took at most `ms`. */
export interface CurvePoint {
  readonly percentile: number;
  readonly ms: number;
}

const PERCENTILES = [
  0, 10, 25, 50, 60, 70, 75, 80, 85, 90, 92.5, 95, 97, 98, 99, 99.5, 99.7, 99.9, 99.95, 99.99,
];
/** Pages that must lie beyond a percentile for it to be told. */
const BEYOND_MIN = 1;
const US_PER_MS = 1_000;

/** The points, as far as there are pages beyond them; none without pages. */
export function percentileCurve(pageLoadTimeUs: HistogramCounts): readonly CurvePoint[] {
  const count = countOf(pageLoadTimeUs);
  return PERCENTILES.filter((one) => (1 - one / 100) * count > BEYOND_MIN - 1e-9).map(
    (percentile) => ({
      percentile,
      // A hair less, so that 99.9 % of a thousand are 999 and not one more by rounding.
      ms: quantileOfCounts(pageLoadTimeUs, Math.max(0, percentile / 100 - 1e-12)) / US_PER_MS,
    }),
  );
}
