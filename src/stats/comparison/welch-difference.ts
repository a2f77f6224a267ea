/** The difference of two means whose values have nothing to do with each other, of unequal spread
 * and number. */

import { momentsOf } from '../moments.ts';
import { intervalFactor, studentTProbability } from '../student-t.ts';

/** The mean of a minus that of b. */
export interface MeanDifference {
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly halfWidth: number | null;
  /** Degrees of freedom, not always whole; null without an interval. */
  readonly df: number | null;
  /** P(a difference at least as far from 0 | the means are equal), two-sided; null without an
   * interval, and where nothing varies. */
  readonly pValue: number | null;
}

/** Welch's interval; bounds are null below two values on either side.
 * @param confidence - Between 0 and 1; 0.95 unless given.
 * Source: Welch 1947; degrees of freedom by Satterthwaite 1946. Spec: N31. */
export function welchDifference(
  a: readonly number[],
  b: readonly number[],
  confidence = 0.95,
): MeanDifference {
  const ofA = momentsOf(a);
  const ofB = momentsOf(b);
  const mean = ofA.mean - ofB.mean;
  if (a.length < 2 || b.length < 2) return withoutInterval(mean);
  const partA = ofA.variance / a.length;
  const partB = ofB.variance / b.length;
  const squares = partA ** 2 / (a.length - 1) + partB ** 2 / (b.length - 1);
  const error = Math.sqrt(partA + partB);
  const df = squares > 0 ? (partA + partB) ** 2 / squares : a.length + b.length - 2;
  return tInterval(mean, { error, df, confidence });
}

/** mean ± t(df) · error, and the probability of the data under a mean of 0. */
export function tInterval(
  mean: number,
  of: { readonly error: number; readonly df: number; readonly confidence: number },
): MeanDifference {
  const { error, df, confidence } = of;
  const halfWidth = intervalFactor(confidence, df) * error;
  const pValue = error > 0 ? 2 * studentTProbability(-Math.abs(mean / error), df) : null;
  return { mean, low: mean - halfWidth, high: mean + halfWidth, halfWidth, df, pValue };
}

/** A difference that has no interval. */
export function withoutInterval(mean: number): MeanDifference {
  return { mean, low: null, high: null, halfWidth: null, df: null, pValue: null };
}
