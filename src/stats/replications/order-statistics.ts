/** A quantile of independent values between two order statistics: no shape of the distribution is
 * assumed. Values of one run depend on each other: use sections or replications there. */
import { requireArgument } from '../bad-argument.ts';
import { binomialProbability } from '../incomplete-beta.ts';
import type { Estimate } from '../mean-interval.ts';
import { orderStatistic } from '../quantile-interval.ts';
import type { Refusal } from '../refusal.ts';
import { quantileRefusal } from './quantile-samples.ts';

/** A quantile between two values of the sample. */
export interface OrderStatisticInterval extends Estimate {
  /** Ranks of the bounds, from 1; null without bounds. */
  readonly ranks: readonly [number, number] | null;
  /** P(the bounds hold the quantile), at least what was asked; null without bounds. */
  readonly achievedConfidence: number | null;
  readonly n: number;
  readonly refusal: Refusal | null;
}

/** The q-quantile with its binomial interval: the narrowest ranks l < u that leave at most half of
 * the risk on either side, P(B < l) ≤ α/2 and P(B ≥ u) ≤ α/2 for B binomial (n, q). Refused below
 * 10 ÷ min(q, 1 − q) values.
 * @param values - Independent, in any order. @param q - Between 0 and 1.
 * @param confidence - Between 0 and 1; 0.95 unless given. Cost O(n log n).
 * Source: Conover, Practical Nonparametric Statistics, 3.2. Spec: N23. */
export function orderStatisticInterval(
  values: readonly number[],
  q: number,
  confidence = 0.95,
): OrderStatisticInterval {
  const isShare = confidence > 0 && confidence < 1;
  requireArgument(isShare, { argument: 'confidence', found: confidence, rule: 'between 0 and 1' });
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  const tooFew = quantileRefusal(n, q);
  const value = orderStatistic(sorted, q);
  const none = { value, low: null, high: null, ranks: null, achievedConfidence: null, n };
  if (tooFew !== null) return { ...none, refusal: tooFew };
  const tail = (1 - confidence) / 2;
  const below = (k: number): number => binomialProbability(k, { n, p: q });
  // The largest l with P(B ≤ l − 1) ≤ tail, and the smallest u with P(B ≤ u − 1) ≥ 1 − tail.
  const lower = firstWhere(n + 1, (k) => below(k) > tail);
  const upper = firstWhere(n + 1, (k) => below(k) >= 1 - tail) + 1;
  if (lower < 1 || upper > n) {
    const text = { code: 'too-few-values' as const, text: `${n} values do not reach so far` };
    return { ...none, refusal: text };
  }
  return {
    value,
    low: sorted[lower - 1] ?? null,
    high: sorted[upper - 1] ?? null,
    ranks: [lower, upper],
    achievedConfidence: below(upper - 1) - below(lower - 1),
    n,
    refusal: null,
  };
}

/** The smallest k of 0 … end − 1 for which the growing condition holds; `end` where none does. */
function firstWhere(end: number, holds: (k: number) => boolean): number {
  let low = 0;
  let high = end;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
