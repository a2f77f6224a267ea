/** A quantile of values that come in sections: within a section values may depend on one another
 * (page loads of one group of viewers), sections do not. The spread between sections gives the
 * interval, so that dependence widens it as it should. */
import { requireArgument } from './bad-argument.ts';
import type { Estimate } from './mean-interval.ts';
import { intervalFactor } from './student-t.ts';

/** The pooled q-quantile with its interval.
 *
 * The share of values at or below the pooled quantile differs from section to section; that spread
 * gives the standard error of the share, and the pooled values at the shares q ± t · error are the
 * bounds. Unlike quantiles taken section by section it stays right where a section holds fewer than
 * 1 ÷ (1 − q) values. Source: Woodruff 1952, with the ratio estimator of cluster sampling.
 *
 * Bounds are null below two sections, and where the effective number of values (the independent
 * values that would give the same error) is below 10 ÷ min(q, 1 − q). Value NaN without values.
 * @param q - Between 0 and 1. @param confidence - Between 0 and 1; 0.95 unless given.
 * Cost O(n log n). */
export function sectionedQuantile(
  sections: readonly (readonly number[])[],
  q: number,
  confidence = 0.95,
): Estimate {
  requireArgument(q > 0 && q < 1, { argument: 'q', found: q, rule: 'between 0 and 1' });
  const filled = sections.filter((section) => section.length > 0);
  const pooled = pool(filled);
  const value = orderStatistic(pooled, q);
  const none = { value, low: null, high: null };
  if (filled.length < 2) return none;
  const error = shareError(filled, value);
  if (effectiveCount(pooled.length, { q, error }) < 10 / Math.min(q, 1 - q)) return none;
  const reach = intervalFactor(confidence, filled.length - 1) * error;
  if (q - reach <= 0 || q + reach >= 1) return none;
  return {
    value,
    low: orderStatistic(pooled, q - reach),
    high: orderStatistic(pooled, q + reach),
  };
}

/** The q-quantile of ascending values: the ⌈q·n⌉-th smallest; NaN without values. */
export function orderStatistic(sorted: ArrayLike<number>, q: number): number {
  const rank = Math.min(sorted.length, Math.max(1, Math.ceil(q * sorted.length)));
  return sorted[rank - 1] ?? Number.NaN;
}

function pool(sections: readonly (readonly number[])[]): Float64Array {
  const pooled = new Float64Array(sections.reduce((sum, section) => sum + section.length, 0));
  let offset = 0;
  for (const section of sections) {
    pooled.set(section, offset);
    offset += section.length;
  }
  return pooled.sort();
}

/** Standard error of the pooled share of values at or below `value`. */
function shareError(sections: readonly (readonly number[])[], value: number): number {
  const counted = sections.map((section) => ({
    size: section.length,
    below: section.reduce((sum, one) => (one <= value ? sum + 1 : sum), 0),
  }));
  const size = counted.reduce((sum, section) => sum + section.size, 0);
  const share = counted.reduce((sum, section) => sum + section.below, 0) / size;
  const squares = counted.reduce((sum, one) => sum + (one.below - share * one.size) ** 2, 0);
  const k = sections.length;
  return Math.sqrt((k / (k - 1)) * squares) / size;
}

/** Independent values that would give the same error: q(1 − q) ÷ error², but no more than there
 * are. */
function effectiveCount(
  count: number,
  { q, error }: { readonly q: number; readonly error: number },
): number {
  return error === 0 ? count : Math.min(count, (q * (1 - q)) / error ** 2);
}
