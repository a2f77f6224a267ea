/** What data say of a condition: a value, one-sided bounds, and a decision. */

/** A decision with what it rests on. */
export interface Finding {
  readonly value: number | null;
  /** Each bound is one-sided at the objective's confidence; null where the data bear none. */
  readonly low: number | null;
  readonly high: number | null;
  readonly decision: 'met' | 'missed' | 'open';
  /** About how many more replications would decide; null where no number would be enough. */
  readonly more: number | null;
}

/** More than so many replications are no advice. */
const MORE_MAX = 100_000;

/** Replications that bring `reach` below `gap`, when reach shrinks with the root of their
 * number. */
export function moreFor(
  n: number,
  { reach, gap }: { readonly reach: number; readonly gap: number },
) {
  if (!(gap > 0) || !Number.isFinite(reach)) return null;
  const more = Math.max(1, Math.ceil(n * (reach / gap) ** 2) - n);
  return more <= MORE_MAX ? more : null;
}
