/** Whether two alternatives really met the same chance: their replications are then correlated.
 * Common random numbers that fall out of step leave every figure plausible, and only this one
 * low. */
import { requireArgument } from '../bad-argument.ts';
import { normalQuantile } from '../normal.ts';
import { pairedDifference } from '../paired-difference.ts';
import { type Refusal, refusal } from '../refusal.ts';

/** How well pairs hold together. */
export interface PairingReport {
  readonly n: number;
  /** Pearson's correlation with its interval; null where the refusal says why. */
  readonly correlation: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** (Var a + Var b) ÷ Var(a − b): replications that pairing saves, as a factor. */
  readonly varianceReduction: number | null;
  /** `lost` where the interval of the correlation does not lie above 0. */
  readonly state: 'paired' | 'lost' | 'unknown';
  readonly refusal: Refusal | null;
}

/** Judges the pairing of a and b, whose i-th values come from replication i.
 * @param confidence - Of the correlation's interval; 0.95 unless given.
 * @throws EngineError `STATS_BAD_ARGUMENT` if the lists differ in length.
 * Source: Fisher's z transform (1915), error 1 ÷ √(n − 3). Spec: N30. */
export function pairingOf(
  a: readonly number[],
  b: readonly number[],
  confidence = 0.95,
): PairingReport {
  const isShare = confidence > 0 && confidence < 1;
  requireArgument(isShare, { argument: 'confidence', found: confidence, rule: 'between 0 and 1' });
  const { correlation, varianceReduction } = pairedDifference(a, b);
  const n = a.length;
  const unknown = { n, correlation, low: null, high: null, varianceReduction, state: 'unknown' };
  const refuse = (why: Refusal): PairingReport => ({ ...unknown, state: 'unknown', refusal: why });
  if (n < 4) {
    return refuse(refusal('too-few-replications', `a correlation takes 4 pairs, there are ${n}`));
  }
  if (correlation === null) {
    return refuse(refusal('no-spread', 'one of the two does not vary between replications'));
  }
  const reach = normalQuantile(1 - (1 - confidence) / 2) / Math.sqrt(n - 3);
  const low = Math.tanh(Math.atanh(correlation) - reach);
  const high = Math.tanh(Math.atanh(correlation) + reach);
  const state = low > 0 ? 'paired' : 'lost';
  return { n, correlation, low, high, varianceReduction, state, refusal: null };
}
