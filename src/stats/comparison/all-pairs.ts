/** All alternatives against each other, with the confidence of all statements together. */
import { type Difference, differenceOf } from './difference.ts';
import { holmAdjusted } from './holm.ts';

/** An alternative and one value a replication. */
export interface Alternative {
  readonly name: string;
  readonly values: readonly number[];
}

/** One pair of alternatives. */
export interface PairComparison extends Difference {
  readonly first: string;
  readonly second: string;
  /** Of this interval alone, after Bonferroni's correction. */
  readonly confidence: number;
  /** Holm's adjusted p-value; null where there is none. */
  readonly adjustedPValue: number | null;
  /** `different` where Holm's test at 1 − confidence says so; `unknown` without an interval. */
  readonly verdict: 'different' | 'not shown to differ' | 'unknown';
}

/** Every pair, in the order of the alternatives. The k(k − 1)/2 intervals hold together with the
 * confidence asked for (Bonferroni), and so do the verdicts (Holm).
 * @param confidence - Of all pairs together; 0.95 unless given.
 * Source: Law, Simulation Modeling and Analysis, 10.3. Spec: N32. */
export function allPairs(
  alternatives: readonly Alternative[],
  confidence = 0.95,
): PairComparison[] {
  const pairs = alternatives.flatMap((first, i) =>
    alternatives.slice(i + 1).map((second) => ({ first, second })),
  );
  const each = 1 - (1 - confidence) / Math.max(1, pairs.length);
  const found = pairs.map(({ first, second }) => differenceOf(first.values, second.values, each));
  // A difference that does not vary is certain: its p-value is 0, or 1 where there is none.
  const pValues = found.map(({ pValue, halfWidth, mean }) => {
    if (halfWidth === null) return null;
    return pValue ?? (mean === 0 ? 1 : 0);
  });
  // A pair without data still counts as a test, so that its arrival loosens nothing.
  const adjusted = holmAdjusted(pValues.map((p) => p ?? 1));
  return pairs.map(({ first, second }, i) => {
    const difference = found[i] ?? differenceOf([], []);
    const adjustedPValue = pValues[i] === null ? null : (adjusted[i] ?? null);
    return {
      ...difference,
      first: first.name,
      second: second.name,
      confidence: each,
      adjustedPValue,
      verdict: verdictOf(adjustedPValue, 1 - confidence),
    };
  });
}

function verdictOf(adjusted: number | null, level: number): PairComparison['verdict'] {
  if (adjusted === null) return 'unknown';
  return adjusted <= level ? 'different' : 'not shown to differ';
}
