/** Whether a series has stopped drifting: a look at what a cut has left. */
import { welchDifference } from '../comparison/welch-difference.ts';
import { momentsOf } from '../moments.ts';

const BATCHES_A_HALF = 20;
const LEVEL = 0.01;

/** Whether the two halves of a series have the same mean, as far as twenty batch means of each can
 * tell (Welch's test, level 1 %). False below forty values. A series whose memory is longer than a
 * fortieth of it is taken for drifting more often than that: it is too short to be judged.
 * @throws EngineError `STATS_BAD_ARGUMENT` on a value that is not finite. Cost O(n).
 * Source: Geweke 1992, with batch means in the place of spectra. Spec: E320. */
export function halvesAgree(series: readonly number[]): boolean {
  const length = Math.floor(series.length / (2 * BATCHES_A_HALF));
  if (length === 0) return false;
  const means = Array.from({ length: 2 * BATCHES_A_HALF }, (_, i) => {
    const end = series.length - (2 * BATCHES_A_HALF - 1 - i) * length;
    return momentsOf(series.slice(end - length, end)).mean;
  });
  const { mean, pValue } = welchDifference(
    means.slice(0, BATCHES_A_HALF),
    means.slice(BATCHES_A_HALF),
  );
  return pValue === null ? mean === 0 : pValue >= LEVEL;
}
