/** Whether a value meets a condition, and which of two values is worse. */
import type { Condition } from './objective.ts';

/** Whether a value is as the condition wants it. */
export function holds(
  { comparison, limit }: Pick<Condition, 'comparison' | 'limit'>,
  value: number,
): boolean {
  switch (comparison) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '==':
      return value === limit;
  }
}

/** Whether `a` is further on the wrong side than `b`. */
export function isWorse(
  { comparison, limit }: Pick<Condition, 'comparison' | 'limit'>,
  a: number,
  b: number,
): boolean {
  if (comparison === '==') return Math.abs(a - limit) > Math.abs(b - limit);
  return comparison.startsWith('<') ? a > b : a < b;
}
