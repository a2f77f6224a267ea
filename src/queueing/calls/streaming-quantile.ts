/** A quantile of a stream of numbers without keeping them: the P² algorithm, five markers whose
 * heights are moved along parabolas. Deterministic, O(1) a sample, exact for up to five samples.
 * Source: Jain and Chlamtac, "The P² algorithm for dynamic calculation of quantiles and histograms
 * without storing observations", CACM 28 (1985). Spec: Q31. */

/** The five markers: plain data. */
export interface QuantileMarkers {
  readonly count: number;
  /** Heights in ascending order; fewer than five while there are fewer samples. */
  readonly heights: readonly number[];
  /** Ranks of the markers, 1-based. */
  readonly ranks: readonly number[];
}

/** No sample yet. */
export const NO_SAMPLES: QuantileMarkers = { count: 0, heights: [], ranks: [1, 2, 3, 4, 5] };

/** The markers after one more sample. @param q - The quantile looked for, in (0, 1); always the
 * same for one set of markers. */
export function withSample(markers: QuantileMarkers, q: number, sample: number): QuantileMarkers {
  const count = markers.count + 1;
  if (markers.count < 5) {
    const heights = [...markers.heights, sample].sort((a, b) => a - b);
    return { count, heights, ranks: markers.ranks };
  }
  const heights = [...markers.heights];
  heights[0] = Math.min(at(heights, 0), sample);
  heights[4] = Math.max(at(heights, 4), sample);
  const ranks = [...markers.ranks];
  // Marker i counts the samples up to its height: those above the sample's cell move on by one.
  for (let i = 1; i < 5; i += 1) {
    if (i === 4 || sample < at(heights, i)) ranks[i] = at(ranks, i) + 1;
  }
  const shares = [0, q / 2, q, (1 + q) / 2, 1];
  for (let i = 1; i <= 3; i += 1) {
    const desired = 1 + (count - 1) * at(shares, i);
    adjust(heights, ranks, { i, offBy: desired - at(ranks, i) });
  }
  return { count, heights, ranks };
}

/** The estimate; NaN without samples. */
export function quantileEstimate(markers: QuantileMarkers, q: number): number {
  const { count, heights } = markers;
  if (count === 0) return Number.NaN;
  if (count > 5) return at(heights, 2);
  return at(heights, Math.min(count - 1, Math.max(0, Math.ceil(q * count) - 1)));
}

function at(values: readonly number[], i: number): number {
  return values[i] ?? 0;
}

/** Moves marker i by one rank towards where it should be, if it is off by one or more and there is
 * room; its height follows the parabola, or the line where that would break the order. */
function adjust(
  heights: number[],
  ranks: number[],
  { i, offBy }: { readonly i: number; readonly offBy: number },
): void {
  const step = offBy >= 1 ? 1 : -1;
  const room = (at(ranks, i + step) - at(ranks, i)) * step;
  if (Math.abs(offBy) < 1 || room <= 1) return;
  const [below, here, above] = [at(ranks, i - 1), at(ranks, i), at(ranks, i + 1)];
  const rise = (at(heights, i + 1) - at(heights, i)) / (above - here);
  const fall = (at(heights, i) - at(heights, i - 1)) / (here - below);
  const slope = ((here - below + step) * rise + (above - here - step) * fall) / (above - below);
  const parabolic = at(heights, i) + step * slope;
  const isOrdered = at(heights, i - 1) < parabolic && parabolic < at(heights, i + 1);
  heights[i] = isOrdered ? parabolic : at(heights, i) + step * (step === 1 ? rise : fall);
  ranks[i] = here + step;
}
