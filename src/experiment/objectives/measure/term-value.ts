/** The value of a term or a ratio over a slice of time, and the parts that pool over
 * replications. */

import { createHistogram } from '../../../stats/hdr-histogram.ts';
import { orderStatistic } from '../../../stats/quantile-interval.ts';
import { definitionOf } from '../metrics/metric-registry.ts';
import type { Expression, PooledParts, Term } from '../objective.ts';
import type { Slice } from './observations.ts';

/** Slices of the terms of an expression, in their order, and the length that rates are over. */
export interface Evaluated {
  readonly slices: readonly Slice[];
  readonly lengthUs: number;
}

const US_PER_SECOND = 1e6;
/** A day in µs, and shares and numbers up to 86,400 in millionths: more is more than anybody
 * asks. */
const LARGEST = 86_400e6;
const MILLIONTHS = 1e6;

/** The value; null where there is none. Exact: quantiles are order statistics. */
export function expressionValue(expression: Expression, evaluated: Evaluated): number | null {
  const [first, second] = evaluated.slices;
  if (first === undefined) return null;
  if (expression.kind === 'term') return termValue(expression, first, evaluated.lengthUs);
  if (second === undefined) return null;
  const over = termValue(expression.over, first, evaluated.lengthUs);
  const under = termValue(expression.under, second, evaluated.lengthUs);
  return over === null || under === null || under === 0 ? null : over / under;
}

/** The parts of an expression's value. */
export function expressionParts(expression: Expression, evaluated: Evaluated): PooledParts {
  const [first, second] = evaluated.slices;
  if (first === undefined) return { kind: 'none' };
  if (expression.kind === 'term') return termParts(expression, first, evaluated.lengthUs);
  if (second === undefined) return { kind: 'none' };
  const over = termParts(expression.over, first, evaluated.lengthUs);
  const under = termParts(expression.under, second, evaluated.lengthUs);
  // Totals over totals: what is divided by cancels. Of means it may be equal by chance, in one
  // replication and not in the next, whose parts would not add up.
  const { over: above, under: below } = expression;
  const isTotals = ![above, below].some(({ aggregate }) => aggregate.kind === 'mean');
  if (isTotals && over.kind === 'ratio' && under.kind === 'ratio' && over.under === under.under) {
    return { kind: 'ratio', over: over.over, under: under.over };
  }
  return { kind: 'quotient', over, under };
}

/** Parts of one term. */
export function termParts(term: Term, slice: Slice, lengthUs: number): PooledParts {
  const { aggregate } = term;
  if (isEmpty(term, slice)) return { kind: 'none' };
  switch (aggregate.kind) {
    case 'quantile':
      return histogramParts(term, slice);
    case 'mean':
      return { kind: 'ratio', over: sumOf(slice, 'over'), under: sumOf(slice, 'under') };
    case 'rate':
      return { kind: 'ratio', over: totalOf(term, slice), under: lengthUs / US_PER_SECOND };
    case 'count':
    case 'sum':
      return { kind: 'ratio', over: totalOf(term, slice), under: 1 };
    case 'min':
    case 'max':
      return { kind: 'extreme', value: termValue(term, slice, lengthUs) };
  }
}

function termValue(term: Term, slice: Slice, lengthUs: number): number | null {
  if (isEmpty(term, slice)) return null;
  switch (term.aggregate.kind) {
    case 'quantile':
      return orderStatistic(valuesOf(slice).sort(), term.aggregate.q);
    case 'mean':
      return sumOf(slice, 'over') / sumOf(slice, 'under');
    case 'rate':
      return totalOf(term, slice) / (lengthUs / US_PER_SECOND);
    case 'count':
    case 'sum':
      return totalOf(term, slice);
    case 'min':
      return valuesOf(slice).reduce((low, value) => Math.min(low, value), Infinity);
    case 'max':
      return valuesOf(slice).reduce((high, value) => Math.max(high, value), -Infinity);
  }
}

/** Of these, that there was none is something known. */
const MAY_BE_NONE: readonly string[] = ['page.requests', 'events.late', 'events.bad'];

/** Whether nothing is known. */
function isEmpty({ metric }: Term, { from, to }: Slice): boolean {
  return from >= to && !MAY_BE_NONE.includes(metric);
}

/** What is counted: the values of counters, the number of values. */
function totalOf({ metric, aggregate }: Term, slice: Slice): number {
  const isNumber = definitionOf(metric).kind === 'values' && aggregate.kind !== 'sum';
  return sumOf(slice, isNumber ? 'under' : 'over');
}

function sumOf({ of, from, to }: Slice, column: 'over' | 'under'): number {
  let sum = 0;
  for (let i = from; i < to; i += 1) sum += of[column][i] as number;
  return sum;
}

function valuesOf({ of, from, to }: Slice): Float64Array {
  const values = new Float64Array(to - from);
  for (let i = from; i < to; i += 1) {
    values[i - from] = (of.over[i] as number) / (of.under[i] as number);
  }
  return values;
}

/** Three significant digits; bucket values back in the base unit. A bucket whose values are all the
 * same (a time-out, a number of replicas, nobody waiting) is told by that value, not by its middle:
 * limits are often just there. */
function histogramParts({ metric }: Term, slice: Slice): PooledParts {
  const { dimension } = definitionOf(metric);
  const scale = dimension === 'duration' ? 1 : MILLIONTHS;
  const histogram = createHistogram({ significantDigits: 3, maxValue: LARGEST });
  const sorted = valuesOf(slice).sort();
  for (const value of sorted) histogram.record(value * scale);
  const buckets = histogram.buckets();
  let from = 0;
  const values = buckets.map(({ value, count }) => {
    const [least = value, most = value] = [sorted[from], sorted[from + count - 1]];
    from += count;
    return least === most ? least : value / scale;
  });
  return { kind: 'histogram', values, counts: buckets.map(({ count }) => count) };
}
