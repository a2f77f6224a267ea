/** Limits that nothing can miss, or nothing can meet: all values are at least 0, shares at
 * most 1. */
import { isProportion } from '../metrics/term-dimension.ts';
import type { Condition } from '../objective.ts';
import type { Dimension } from './units.ts';

/** What is wrong with a limit; undefined where it says something. */
export function limitProblem(condition: Condition, dimension: Dimension): string | undefined {
  const { expression, comparison, limit } = condition;
  const highest = dimension === 'share' || isProportion(expression) ? 1 : Number.POSITIVE_INFINITY;
  if (comparison === '==') return equalityProblem(condition, dimension);
  const never = 'impossible: no value can meet it';
  const always = 'says nothing: every value meets it';
  if (comparison === '<' && limit <= 0) return `${never}; no value is below 0`;
  if (comparison === '>=' && limit <= 0) return `${always}; no value is below 0`;
  if (limit > highest) {
    return comparison.startsWith('<')
      ? `${always}; no share is above 100%`
      : `${never}; no share is above 100%`;
  }
  if (limit === highest && comparison === '>') return `${never}; no share is above 100%`;
  if (limit === highest && comparison === '<=') return `${always}; no share is above 100%`;
  return undefined;
}

/** Only what is counted is ever equal to a number. */
function equalityProblem(
  { expression, limit }: Condition,
  dimension: Dimension,
): string | undefined {
  if (expression.kind === 'ratio' || dimension !== 'count') {
    return '== is for counts; say < or >';
  }
  const { kind } = expression.aggregate;
  if (kind === 'mean' || kind === 'quantile') return '== is for counts; say < or >';
  return Number.isInteger(limit) ? undefined : 'impossible: a count is a whole number';
}
