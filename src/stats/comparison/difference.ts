/** The difference of two alternatives: paired by replication where that narrows the interval, by
 * Welch's test where it does not, and always saying which. */

import { momentsOf } from '../moments.ts';
import { pairedDifference } from '../paired-difference.ts';
import { type Refusal, refusal } from '../refusal.ts';
import {
  type MeanDifference,
  tInterval,
  welchDifference,
  withoutInterval,
} from './welch-difference.ts';

/** The mean of a − b and how it was found. */
export interface Difference extends MeanDifference {
  readonly method: 'paired' | 'welch';
  /** One sentence for the reader. */
  readonly text: string;
  /** Of the pairs; null where there are none, or one list does not vary. */
  readonly correlation: number | null;
  /** (Var a + Var b) ÷ Var(a − b); null as above, and where the difference does not vary. */
  readonly varianceReduction: number | null;
  readonly refusal: Refusal | null;
}

const WITHOUT_GAIN = 'pairs do not correlate above 0, and the larger error of the two counts';

/** Paired t where the lists are as long as each other and correlate above 0; Welch's t otherwise.
 * A correlation at or below 0 makes pairs worth no more than independent values, at half the
 * degrees of freedom. Equally long lists may oppose each other in truth, though, and of two errors
 * the choice would always fall on the smaller one: so Welch's interval of such lists takes the
 * pairs' error where that is larger. Without this, 95 % intervals of ten uncorrelated pairs cover
 * 94.0 % and of pairs at −0.5 89.8 %; with it 94.9 % and 94.1 % (8,000 experiments).
 * @param a - One value a replication. @param b - The same replications in the same order if paired.
 * @param confidence - Between 0 and 1; 0.95 unless given.
 * Source: Law, Simulation Modeling and Analysis, 10.2. Spec: N31. */
export function differenceOf(
  a: readonly number[],
  b: readonly number[],
  confidence = 0.95,
): Difference {
  const canPair = a.length === b.length;
  const pairs = canPair ? pairedDifference(a, b, confidence) : null;
  const correlation = pairs?.correlation ?? null;
  const varianceReduction = pairs?.varianceReduction ?? null;
  const isPaired = correlation !== null && correlation > 0;
  const found = isPaired ? pairedT(a, b, confidence) : unpairedT(a, b, confidence);
  const n = Math.min(a.length, b.length);
  const text = isPaired
    ? `paired over ${n} replications, correlation ${correlation.toFixed(2)}`
    : `Welch's t: ${canPair ? WITHOUT_GAIN : 'the lists are not paired'}`;
  const tooFew = `a difference takes 2 replications on either side, there are ${n}`;
  return {
    ...found,
    method: isPaired ? 'paired' : 'welch',
    text,
    correlation,
    varianceReduction,
    refusal: n < 2 ? refusal('too-few-replications', tooFew) : null,
  };
}

function unpairedT(a: readonly number[], b: readonly number[], confidence: number): MeanDifference {
  const welch = welchDifference(a, b, confidence);
  if (a.length !== b.length || welch.df === null) return welch;
  const { variance, count } = momentsOf(a.map((value, i) => value - (b[i] ?? Number.NaN)));
  const ofBoth = momentsOf(a).variance + momentsOf(b).variance;
  const error = Math.sqrt(Math.max(variance, ofBoth) / count);
  return tInterval(welch.mean, { error, df: welch.df, confidence });
}

function pairedT(a: readonly number[], b: readonly number[], confidence: number): MeanDifference {
  const { mean, variance, count } = momentsOf(a.map((value, i) => value - (b[i] ?? Number.NaN)));
  if (count < 2) return withoutInterval(mean);
  return tInterval(mean, { error: Math.sqrt(variance / count), df: count - 1, confidence });
}
