/** How many values a quantile takes: with fewer than ten beyond it, it is little more than the
 * extreme of the sample. */
import { requireArgument } from '../bad-argument.ts';
import { type Refusal, refusal } from '../refusal.ts';

/** Independent values that the q-quantile takes: ⌈10 ÷ min(q, 1 − q)⌉; 1,000 for p99.
 * @param q - Between 0 and 1. Spec: N22. */
export function samplesForQuantile(q: number): number {
  requireArgument(q > 0 && q < 1, { argument: 'q', found: q, rule: 'between 0 and 1' });
  // 10 ÷ (1 − 0.9) is a hair above 100 in binary: digits past the ninth are rounding.
  return Math.ceil(Number((10 / Math.min(q, 1 - q)).toPrecision(9)));
}

/** Why `effectiveCount` values do not bear a q-quantile; null where they do. */
export function quantileRefusal(effectiveCount: number, q: number): Refusal | null {
  const needed = samplesForQuantile(q);
  if (effectiveCount >= needed) return null;
  const found = Math.floor(effectiveCount);
  const text = `the ${q}-quantile takes ${needed} independent values, these are worth ${found}`;
  return refusal('too-few-values', text);
}
