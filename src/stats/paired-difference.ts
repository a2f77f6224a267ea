/** The mean difference of two lists whose i-th values met the same chance (common random numbers):
 * what is common cancels, and the interval says how much that helped. */
import { requireArgument } from './bad-argument.ts';
import { meanInterval } from './mean-interval.ts';
import { momentsOf } from './moments.ts';

/** The mean of a − b with its interval. */
export interface PairedDifference {
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
  /** Pearson's correlation of the two lists; null below two pairs or where one does not vary. */
  readonly correlation: number | null;
  /** (Var a + Var b) ÷ Var(a − b): 1 where pairing gains nothing, below 1 where it harms; null
   * below two pairs or where the difference does not vary. */
  readonly varianceReduction: number | null;
}

/** The paired-t interval of a − b.
 * @param confidence - Between 0 and 1; 0.95 unless given.
 * @throws EngineError `STATS_BAD_ARGUMENT` if the lists differ in length. */
export function pairedDifference(
  a: readonly number[],
  b: readonly number[],
  confidence = 0.95,
): PairedDifference {
  const rule = `as long as the first list, ${a.length}`;
  requireArgument(a.length === b.length, { argument: 'pairs', found: b.length, rule });
  const differences = a.map((value, i) => value - (b[i] ?? Number.NaN));
  const { mean, low, high } = meanInterval(differences, confidence);
  const ofDifference = momentsOf(differences).variance;
  const ofA = momentsOf(a).variance;
  const ofB = momentsOf(b).variance;
  const isSpread = a.length >= 2 && ofA > 0 && ofB > 0;
  const covariance = (ofA + ofB - ofDifference) / 2;
  const correlation = covariance / Math.sqrt(ofA * ofB);
  return {
    mean,
    low,
    high,
    correlation: isSpread ? Math.min(1, Math.max(-1, correlation)) : null,
    varianceReduction: ofDifference > 0 ? (ofA + ofB) / ofDifference : null,
  };
}
