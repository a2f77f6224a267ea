/** Several tests at once: the chance of even one false alarm stays below the level. */
import { requireArgument } from '../bad-argument.ts';

/** Holm's adjusted p-values, in the order given: reject where the adjusted value is at or below the
 * level. Never weaker than Bonferroni's correction, under any dependence.
 * @param pValues - Each from 0 to 1. Source: Holm 1979. Spec: N32. */
export function holmAdjusted(pValues: readonly number[]): number[] {
  const odd = pValues.find((p) => !(p >= 0 && p <= 1));
  requireArgument(odd === undefined, { argument: 'p', found: odd, rule: 'from 0 to 1' });
  const order = pValues.map((p, i) => ({ p, i })).sort((a, b) => a.p - b.p || a.i - b.i);
  const adjusted = new Array<number>(pValues.length).fill(1);
  let highest = 0;
  for (const [rank, { p, i }] of order.entries()) {
    highest = Math.max(highest, Math.min(1, (pValues.length - rank) * p));
    adjusted[i] = highest;
  }
  return adjusted;
}
