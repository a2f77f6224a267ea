/** Student's t distribution: the probability below a value, and its inverse for intervals. */
import { requireArgument } from './bad-argument.ts';
import { incompleteBeta } from './incomplete-beta.ts';

/** P(T ≤ t) with `df` > 0 degrees of freedom. Absolute error below 1e-12.
 * Source: Abramowitz and Stegun 26.7.1; the incomplete beta function by Lentz's fraction. */
export function studentTProbability(t: number, df: number): number {
  requireArgument(df > 0, { argument: 'df', found: df, rule: 'above 0' });
  const tail = incompleteBeta(df / (df + t * t), { a: df / 2, b: 0.5 }) / 2;
  return t > 0 ? 1 - tail : tail;
}

/** The value that T stays below with probability `p`, 0 < p < 1. Found by bisection to the last
 * bits: about 60 evaluations of {@link studentTProbability}, some 20 µs. */
export function studentTQuantile(p: number, df: number): number {
  requireArgument(p > 0 && p < 1, { argument: 'p', found: p, rule: 'between 0 and 1' });
  if (p === 0.5) return 0;
  if (p < 0.5) return -studentTQuantile(1 - p, df);
  let low = 0;
  let high = 1;
  while (studentTProbability(high, df) < p && high < 1e300) {
    low = high;
    high *= 2;
  }
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (studentTProbability(middle, df) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The factor of a two-sided interval: 2.262… for 10 values at 95 %.
 * @param confidence - Between 0 and 1. */
export function intervalFactor(confidence: number, df: number): number {
  const isShare = confidence > 0 && confidence < 1;
  requireArgument(isShare, { argument: 'confidence', found: confidence, rule: 'between 0 and 1' });
  return studentTQuantile(1 - (1 - confidence) / 2, df);
}
