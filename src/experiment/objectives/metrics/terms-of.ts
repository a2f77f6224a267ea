/** The terms of an objective. */
import type { Objective, Term } from '../objective.ts';

/** One, or both of a ratio. */
export function termsOf({ condition }: Objective): readonly Term[] {
  const { expression } = condition;
  return expression.kind === 'term' ? [expression] : [expression.over, expression.under];
}
