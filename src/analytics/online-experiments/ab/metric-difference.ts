/** The difference of two arms in one metric: as it is (Welch; the delta method for ratios), and
 * with what viewers did before the experiment taken out of it (CUPED). Spec: M143–M145. */
import { tInterval } from '../../../stats/comparison/welch-difference.ts';
import { type Refusal, refusal } from '../../../stats/refusal.ts';
import type { ArmMetric } from './arm-moments.ts';

/** Treatment minus control. */
export interface ArmDifference {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly standardError: number;
  /** Null where nothing varies. */
  readonly pValue: number | null;
}

/** A difference, or why there is none. */
export type ArmDifferenceOrRefusal =
  | { readonly difference: ArmDifference; readonly refusal: null }
  | { readonly difference: null; readonly refusal: Refusal };

/** Welch's interval of b − a over viewers. Refused below two viewers on either side, and where a
 * ratio saw no weight. */
export function differenceOfArms(
  a: ArmMetric,
  b: ArmMetric,
  confidence: number,
): ArmDifferenceOrRefusal {
  const fewest = Math.min(a.viewers, b.viewers);
  if (fewest < 2) return refused(`a difference takes 2 viewers in either arm, one has ${fewest}`);
  if (!Number.isFinite(a.mean) || !Number.isFinite(b.mean)) {
    return refused('an arm has no weight at all, so that its ratio is 0 ÷ 0');
  }
  return { difference: welch(a, b, { value: b.mean - a.mean, confidence }), refusal: null };
}

/** The same with CUPED. */
export interface CupedDifference extends ArmDifference {
  /** θ: what a unit of the pre-period value foretells of the metric. */
  readonly slope: number;
  /** Variance of the plain difference ÷ that of the adjusted one: how many times more viewers the
   * plain one would take. */
  readonly varianceReduction: number | null;
}

/** CUPED: each viewer's part less θ · (pre-period value − its mean), θ by least squares within the
 * arms, pooled. The treatment cannot have changed the pre-period, so the difference stays unbiased.
 * Refused where the pre-period value does not vary. Source: Deng, Xu, Kohavi and Walker 2013. */
export function cupedDifference(
  a: ArmMetric,
  b: ArmMetric,
  confidence: number,
):
  | { readonly difference: CupedDifference; readonly refusal: null }
  | { readonly difference: null; readonly refusal: Refusal } {
  const plain = differenceOfArms(a, b, confidence);
  if (plain.difference === null) return plain;
  const squares = a.squaresBefore + b.squaresBefore;
  if (!(squares > 0)) {
    const why = 'the pre-period value does not vary, so it foretells nothing; not adjusted';
    return { difference: null, refusal: refusal('no-spread', why) };
  }
  const slope = (a.crossBefore + b.crossBefore) / squares;
  const value = plain.difference.value - slope * (b.meanBefore - a.meanBefore);
  const difference = welch(adjusted(a, slope), adjusted(b, slope), { value, confidence });
  const gained = (plain.difference.standardError / difference.standardError) ** 2;
  const varianceReduction = difference.standardError > 0 ? gained : null;
  return { difference: { ...difference, slope, varianceReduction }, refusal: null };
}

/** Variance over viewers of the metric less θ · before. */
export function adjusted(arm: ArmMetric, slope: number): Pick<ArmMetric, 'viewers' | 'variance'> {
  const free = Math.max(1, arm.viewers - 1);
  const removed = (2 * slope * arm.crossBefore - slope * slope * arm.squaresBefore) / free;
  return { viewers: arm.viewers, variance: Math.max(0, arm.variance - removed) };
}

function refused(text: string): { readonly difference: null; readonly refusal: Refusal } {
  return { difference: null, refusal: refusal('too-few-values', text) };
}

type Spread = Pick<ArmMetric, 'viewers' | 'variance'>;

function welch(
  a: Spread,
  b: Spread,
  of: { readonly value: number; readonly confidence: number },
): ArmDifference {
  const { value, confidence } = of;
  const partA = a.variance / a.viewers;
  const partB = b.variance / b.viewers;
  const squares = partA ** 2 / (a.viewers - 1) + partB ** 2 / (b.viewers - 1);
  const standardError = Math.sqrt(partA + partB);
  const df = squares > 0 ? (partA + partB) ** 2 / squares : a.viewers + b.viewers - 2;
  const { low, high, pValue } = tInterval(value, { error: standardError, df, confidence });
  return { value, low: low ?? value, high: high ?? value, standardError, pValue };
}
