/** MSER-5: where to cut the start of a series so that the mean of the rest is known best. Cutting
 * more removes bias of the start, cutting less keeps data; the rule takes the smallest squared
 * standard error of what is left. */
import { requireArgument } from '../bad-argument.ts';
import { type Refusal, refusal } from '../refusal.ts';

/** Where the start ends. */
export interface WarmUpCut {
  /** Observations to leave out, a multiple of the batch; null where the refusal says why. */
  readonly observations: number | null;
  /** Batches of the series, and where the smallest statistic lies, even where it is refused. */
  readonly batches: number;
  readonly cutBatches: number;
  readonly refusal: Refusal | null;
}

/** Which cuts are looked at. */
export type MserSearch = 'whole' | 'first-half';

const BATCH = 5;
const BATCHES_MIN = 10;

/** The cut of a series of observations of equal spacing: time averages of a level, or successive
 * waiting times. With several replications give their average, observation by observation.
 *
 * Batches of five are averaged to Y₁ … Y_k; the cut d minimises Σ_{i>d} (Y_i − mean_d)² ÷ (k − d)²,
 * d up to k − 5 (the last few are too few to judge by). Refused where d lies in the second half,
 * which says that the run is too short to tell where its start ends, and below 10 batches.
 * @param search - `first-half`: only d up to k ÷ 2 are looked at, and the run is too short where
 *   the statistic still falls there. The last batches of one correlated series are often as good as
 *   equal by chance, which a search of the whole takes for the steady part.
 * @throws EngineError `STATS_BAD_ARGUMENT` on a value that is not finite. Cost O(n).
 * Source: White 1997; Franklin and White, "Stationarity tests and MSER-5", WSC 2008. Spec: N11. */
export function mser5(series: readonly number[], search: MserSearch = 'whole'): WarmUpCut {
  const odd = series.find((value) => !Number.isFinite(value));
  requireArgument(odd === undefined, { argument: 'value', found: odd, rule: 'finite' });
  const means = batchMeansOf(series);
  const batches = means.length;
  if (batches < BATCHES_MIN) {
    const text = `warm-up takes ${BATCHES_MIN * BATCH} observations, there are ${series.length}`;
    const tooFew = refusal('too-few-values', text);
    return { observations: null, batches, cutBatches: 0, refusal: tooFew };
  }
  const half = Math.floor(batches / 2);
  const cutBatches = smallestError(means, search === 'whole' ? batches : half);
  if (cutBatches > batches / 2 || (search === 'first-half' && cutBatches === half)) {
    const text = `the series still settles at ${cutBatches} of ${batches} batches: run longer`;
    return { observations: null, batches, cutBatches, refusal: refusal('run-too-short', text) };
  }
  return { observations: cutBatches * BATCH, batches, cutBatches, refusal: null };
}

function batchMeansOf(series: readonly number[]): number[] {
  const means: number[] = [];
  for (let at = 0; at + BATCH <= series.length; at += BATCH) {
    let sum = 0;
    for (let i = at; i < at + BATCH; i += 1) sum += series[i] ?? 0;
    means.push(sum / BATCH);
  }
  return means;
}

/** d with the smallest squared standard error of Y_{d+1} … Y_k, the first of several, `cutMax` at
 * most. Moments grow from the end backwards, so that each d costs one step. */
function smallestError(means: readonly number[], cutMax: number): number {
  let mean = 0;
  let squares = 0;
  let best = 0;
  let smallest = Infinity;
  for (let count = 1; count <= means.length; count += 1) {
    const cut = means.length - count;
    const delta = (means[cut] ?? 0) - mean;
    mean += delta / count;
    squares += delta * ((means[cut] ?? 0) - mean);
    const error = squares / count ** 2;
    if (count < BATCH || cut > cutMax || error > smallest) continue;
    smallest = error;
    best = cut;
  }
  return best;
}
