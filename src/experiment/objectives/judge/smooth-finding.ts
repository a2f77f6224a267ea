/** Whether a mean, a total, a rate or a ratio lies on the right side of a limit. The estimate is of
 * all replications pooled; its error comes from leaving out each in turn (delete-one jackknife,
 * with Student's t), which for a mean a replication is the usual interval, and for a ratio that of
 * the linearised one. Of ratios between architectures, a replication is left out on both sides at
 * once, which is what pairs them on common random numbers; they are judged by their logarithm, so
 * that a ÷ b and b ÷ a are judged alike. Source: Efron and Tibshirani, chapter 11. Spec: E111. */
import { studentTQuantile } from '../../../stats/student-t.ts';
import { holds } from '../condition-holds.ts';
import type { Condition, PooledParts } from '../objective.ts';
import { type Finding, moreFor } from './finding.ts';
import { type Aggregates, pooledValue } from './pooled-value.ts';
import { shareError } from './share-error.ts';

/** What is asked of the parts. */
export interface SmoothQuestion {
  readonly aggregates: Aggregates;
  readonly confidence: number;
  readonly condition: Pick<Condition, 'comparison' | 'limit'>;
  /** Whether it is a share of things that each do or don't: its error is then never below that of
   * independent ones, so that none in few shows little. */
  readonly isProportion: boolean;
  readonly isLogarithmic: boolean;
}

/** The finding. @param parts - One entry a replication. */
export function smoothFinding(parts: readonly PooledParts[], asked: SmoothQuestion): Finding {
  const { aggregates, confidence, condition, isLogarithmic } = asked;
  const known = parts.filter(({ kind }) => kind !== 'none');
  const value = pooledValue(known, aggregates);
  const n = known.length;
  const unknown = { value, low: null, high: null, decision: 'open', more: null } as const;
  if (value === null || n < 2) return unknown;
  const to = (x: number) => (isLogarithmic ? Math.log(x) : x);
  const back = (x: number) => (isLogarithmic ? Math.exp(x) : x);
  const without = known.map((_, i) => pooledValue(known.toSpliced(i, 1), aggregates));
  if (without.some((one) => one === null || !Number.isFinite(to(one)))) return unknown;
  const errorOfSpread = jackknifeError(without.map((one) => to(one ?? Number.NaN)));
  const isShare = asked.isProportion && condition.limit > 0 && condition.limit < 1;
  const error = isShare
    ? shareError(
        { share: value, variance: errorOfSpread ** 2, count: casesOf(known) },
        condition.limit,
      )
    : errorOfSpread;
  const reach = studentTQuantile(confidence, n - 1) * error;
  // Nothing that is measured is below 0, and no share above 1.
  const low = Math.max(0, back(to(value) - reach));
  const high = Math.min(back(to(value) + reach), asked.isProportion ? 1 : Infinity);
  const isMet = holds(condition, low) && holds(condition, high);
  const isOpen = holds(condition, low) || holds(condition, high);
  const gap = Math.abs(to(value) - to(condition.limit));
  return {
    value,
    low,
    high,
    decision: isMet ? 'met' : isOpen ? 'open' : 'missed',
    more: moreFor(n, { reach, gap }),
  };
}

/** √((n − 1) ÷ n · Σ (θ₋ᵢ − θ̄)²). */
function jackknifeError(values: readonly number[]): number {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(((n - 1) / n) * squares);
}

/** What a share is of. */
function casesOf(parts: readonly PooledParts[]): number {
  return parts.reduce((sum, part) => sum + (part.kind === 'ratio' ? part.under : 0), 0);
}
