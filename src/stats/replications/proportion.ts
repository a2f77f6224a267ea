/** A share of independent trials, such as failed campaigns of all campaigns, with an interval that
 * holds near 0 and 1 and says something when nothing was seen. */
import { requireArgument } from '../bad-argument.ts';
import type { Estimate } from '../mean-interval.ts';
import { normalQuantile } from '../normal.ts';

/** A share and how its interval was made. */
export interface Proportion extends Estimate {
  readonly method: 'wilson' | 'rule of three' | 'none';
  readonly trials: number;
}

/** The share of successes with Wilson's score interval; where none or all succeeded, one-sided by
 * the rule of three: the bound at which that would happen with probability 1 − confidence.
 * @param successes - A whole number 0 … trials. @param trials - Independent; bounds are null at 0.
 * @param confidence - Between 0 and 1; 0.95 unless given.
 * Source: Wilson 1927; Hanley and Lippman-Hand 1983. Spec: N24. */
export function proportionInterval(
  successes: number,
  trials: number,
  confidence = 0.95,
): Proportion {
  const isTrials = Number.isSafeInteger(trials) && trials >= 0;
  const countRule = 'a whole number, 0 or more';
  requireArgument(isTrials, { argument: 'trials', found: trials, rule: countRule });
  const isPart = Number.isSafeInteger(successes) && successes >= 0 && successes <= trials;
  const rule = `a whole number from 0 to ${trials}`;
  requireArgument(isPart, { argument: 'successes', found: successes, rule });
  if (trials === 0) return { value: Number.NaN, low: null, high: null, method: 'none', trials };
  const reach = ruleOfThree(trials, confidence);
  if (successes === 0) return { value: 0, low: 0, high: reach, method: 'rule of three', trials };
  if (successes === trials) {
    return { value: 1, low: 1 - reach, high: 1, method: 'rule of three', trials };
  }
  const value = successes / trials;
  const z = normalQuantile(1 - (1 - confidence) / 2);
  const weight = (z * z) / trials;
  const centre = (value + weight / 2) / (1 + weight);
  const spread = Math.sqrt((value * (1 - value)) / trials + weight / (4 * trials));
  const halfWidth = (z * spread) / (1 + weight);
  return { value, low: centre - halfWidth, high: centre + halfWidth, method: 'wilson', trials };
}

/** The largest share that leaves n trials without a success with probability 1 − confidence:
 * 1 − (1 − confidence)^(1/n), close to 3 ÷ n at 95 %.
 * @param trials - At least 1. Spec: N24. */
export function ruleOfThree(trials: number, confidence = 0.95): number {
  requireArgument(trials >= 1, { argument: 'trials', found: trials, rule: 'at least 1' });
  const isShare = confidence > 0 && confidence < 1;
  requireArgument(isShare, { argument: 'confidence', found: confidence, rule: 'between 0 and 1' });
  return -Math.expm1(Math.log1p(-confidence) / trials);
}
