/** What the value of an aggregate or of a ratio measures, and which aggregates make sense. */
import type { Dimension } from '../language/units.ts';
import type { Aggregate, Expression, Term } from '../objective.ts';
import { definitionOf, type MetricDefinition, type MetricKind } from './metric-registry.ts';

const APPLICABLE: Readonly<Record<MetricKind, readonly Aggregate['kind'][]>> = {
  values: ['count', 'sum', 'mean', 'min', 'max', 'rate', 'quantile'],
  occurrences: ['count', 'rate'],
  amounts: ['count', 'sum', 'rate'],
  levels: ['mean', 'min', 'max', 'quantile'],
  total: ['count', 'sum', 'mean', 'max'],
};

/** Aggregates that a metric can be asked for. `count` of what is counted, `sum` of what has a
 * unit. */
export function aggregatesOf({ kind, dimension }: MetricDefinition): readonly Aggregate['kind'][] {
  const isCount = dimension === 'count';
  if (kind === 'amounts') return isCount ? ['count', 'rate'] : ['sum', 'rate'];
  if (kind === 'total') return isCount ? ['count'] : ['mean'];
  return APPLICABLE[kind];
}

/** What a term's value measures. */
export function termDimension({ aggregate, metric }: Term): Dimension {
  const { dimension } = definitionOf(metric);
  if (aggregate.kind === 'rate') return dimension === 'bytes' ? 'byte-rate' : 'count-rate';
  return aggregate.kind === 'count' ? 'count' : dimension;
}

/** What an expression measures: alike over alike is a number, anything over a count keeps its
 * dimension; undefined where a division means nothing. */
export function expressionDimension(expression: Expression): Dimension | undefined {
  if (expression.kind === 'term') return termDimension(expression);
  const over = termDimension(expression.over);
  const under = termDimension(expression.under);
  if (over === under) return 'number';
  if (under === 'count') return over;
  if (under === 'count-rate' && over === 'byte-rate') return 'bytes';
  return undefined;
}

/** Whether a ratio counts a part of what it divides by, so that it is a share from 0 to 1. */
export function isProportion(expression: Expression): boolean {
  if (expression.kind === 'term') return false;
  const { over, under } = expression;
  const isCounting = (term: Term) => ['count', 'rate'].includes(term.aggregate.kind);
  const isPart =
    (over.metric.startsWith('page.') && under.metric === 'page.requests') ||
    over.metric === under.metric;
  return (
    isCounting(over) &&
    over.aggregate.kind === under.aggregate.kind &&
    isPart &&
    over.subject === null &&
    under.labels.every((match) => over.labels.some((one) => isSame(one, match)))
  );
}

function isSame(a: Term['labels'][number], b: Term['labels'][number]): boolean {
  return a.label === b.label && a.operator === b.operator && a.value === b.value;
}

/** Whether it is a figure of the run as a whole, so that the warm-up is no matter. */
export function isOfWholeRun({ metric }: Term): boolean {
  return definitionOf(metric).kind === 'total';
}
