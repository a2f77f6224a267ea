/** Whether two alternatives are the same for all practical purposes. "Not shown to differ" is no
 * answer to that: too few replications would say so of anything. */
import { requireArgument } from '../bad-argument.ts';
import { type Difference, differenceOf } from './difference.ts';

/** What the test says. */
export interface Equivalence {
  /** `equivalent`: the difference lies within ± margin. `different`: it lies beyond the margin.
   * `inconclusive`: neither can be said yet. */
  readonly verdict: 'equivalent' | 'different' | 'inconclusive';
  /** With the interval of confidence 1 − 2 · level that decides. */
  readonly difference: Difference;
  readonly margin: number;
}

/** Two one-sided tests at `level`: equivalent where the (1 − 2 · level) interval of a − b lies
 * within (−margin, margin).
 * @param margin - Largest difference that does not matter, above 0, in the values' unit.
 * @param level - Chance of calling a difference of the margin equivalent; 0.05 unless given.
 * @throws EngineError `STATS_BAD_ARGUMENT`. Source: Schuirmann 1987. Spec: N33. */
export function equivalenceOf(
  a: readonly number[],
  b: readonly number[],
  { margin, level = 0.05 }: { readonly margin: number; readonly level?: number },
): Equivalence {
  requireArgument(margin > 0, { argument: 'margin', found: margin, rule: 'above 0' });
  const isLevel = level > 0 && level < 0.5;
  requireArgument(isLevel, { argument: 'level', found: level, rule: 'between 0 and 0.5' });
  const difference = differenceOf(a, b, 1 - 2 * level);
  return { verdict: verdictOf(difference, margin), difference, margin };
}

function verdictOf({ low, high }: Difference, margin: number): Equivalence['verdict'] {
  if (low === null || high === null) return 'inconclusive';
  if (low > -margin && high < margin) return 'equivalent';
  return low >= margin || high <= -margin ? 'different' : 'inconclusive';
}
