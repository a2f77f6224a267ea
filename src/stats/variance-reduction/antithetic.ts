/** Antithetic replications: of each pair, one runs on the uniforms u and one on 1 − u. Where the
 * output grows with its uniforms the two balance each other. A disclosed option, off by default. */
import { type MeanInterval, meanInterval } from '../mean-interval.ts';
import { momentsOf } from '../moments.ts';

/** A mean made with fewer replications than it would have taken, and the word on how. */
export interface ReducedMean extends MeanInterval {
  /** One sentence for the report. */
  readonly method: string;
  /** Variance of the plain mean of as many replications ÷ the achieved one: above 1 where it
   * helped, below 1 where it harmed; null where it cannot be said. */
  readonly varianceRatio: number | null;
}

/** The mean of pairs' means: a pair is one observation, since its two runs depend on each other.
 * @param pairs - Outputs on u and on 1 − u. @param confidence - Between 0 and 1; 0.95 unless given.
 * @returns `n` counts pairs.
 * Source: Hammersley and Morton 1956; Law, Simulation Modeling and Analysis, 11.3. Spec: N40. */
export function antitheticMean(
  pairs: readonly (readonly [number, number])[],
  confidence = 0.95,
): ReducedMean {
  const means = pairs.map(([first, second]) => (first + second) / 2);
  const interval = meanInterval(means, confidence);
  const single = momentsOf(pairs.flat()).variance;
  const ofPairs = momentsOf(means).variance;
  return {
    ...interval,
    method: `antithetic pairs: ${pairs.length} pairs, each one observation`,
    varianceRatio: ofPairs > 0 ? single / 2 / ofPairs : null,
  };
}
