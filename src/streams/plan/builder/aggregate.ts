/** Aggregates of a window, recorded: `sum((f) => f.watched_ms)`. The row's columns reach the
 * functions by the place where they are written, inside `.aggregate({ … })`. */
import type { AggregateSpec } from '../../aggregates/aggregate-spec.ts';
import type { AnyColumn, BooleanColumn, ColumnValue, NumberColumn, ValueIn } from './column.ts';

/** An aggregate over rows with columns `F`, whose result is a `T`. */
export interface Aggregate<F, T extends ColumnValue> {
  readonly specOf: (fields: F) => AggregateSpec;
  /** Never there: it tells the types of results apart. */
  readonly result?: T;
}

/** A condition on rows: only rows where it is true take part. */
export type Where<F> = (fields: F) => BooleanColumn;

const DEFAULT_PRECISION = 12;
const DEFAULT_ACCURACY = 0.01;

/** Counts rows, or those where the condition is true. */
export function count<F>(where?: Where<F>): Aggregate<F, number> {
  return { specOf: (fields) => ({ kind: 'count', ...filterOf(where, fields) }) };
}

/** Counts rows where the expression is not NULL. */
export function countOf<F>(of: (fields: F) => AnyColumn, where?: Where<F>): Aggregate<F, number> {
  return {
    specOf: (fields) => ({
      kind: 'count',
      of: of(fields).expression,
      ...filterOf(where, fields),
    }),
  };
}

/** Counts distinct values, exactly: its state grows with them. */
export function countDistinct<F>(
  of: (fields: F) => AnyColumn,
  where?: Where<F>,
): Aggregate<F, number> {
  return {
    specOf: (fields) => ({
      kind: 'count_distinct',
      of: of(fields).expression,
      ...filterOf(where, fields),
    }),
  };
}

/** Estimates the number of distinct values by HyperLogLog in at most 2^precision bytes.
 * @param options - `precision` from 4 to 16, default 12: standard error 1.6 %. */
export function approxCountDistinct<F>(
  of: (fields: F) => AnyColumn,
  options: { readonly precision?: number; readonly where?: Where<F> } = {},
): Aggregate<F, number> {
  const { precision = DEFAULT_PRECISION, where } = options;
  return {
    specOf: (fields) => ({
      kind: 'approx_count_distinct',
      of: of(fields).expression,
      precision,
      ...filterOf(where, fields),
    }),
  };
}

/** The sum: of integers exact, of doubles the double nearest to the exact sum, in any order. */
export function sum<F>(of: (fields: F) => NumberColumn, where?: Where<F>): Aggregate<F, number> {
  return numeric('sum', of, where);
}

/** The mean. */
export function avg<F>(of: (fields: F) => NumberColumn, where?: Where<F>): Aggregate<F, number> {
  return numeric('avg', of, where);
}

/** The least value; texts by code point. */
export function min<F, C extends AnyColumn>(
  of: (fields: F) => C,
  where?: Where<F>,
): Aggregate<F, ValueIn<C>> {
  return {
    specOf: (fields) => ({ kind: 'min', of: of(fields).expression, ...filterOf(where, fields) }),
  };
}

/** The greatest value; texts by code point. */
export function max<F, C extends AnyColumn>(
  of: (fields: F) => C,
  where?: Where<F>,
): Aggregate<F, ValueIn<C>> {
  return {
    specOf: (fields) => ({ kind: 'max', of: of(fields).expression, ...filterOf(where, fields) }),
  };
}

/** The q-quantile by a sketch: `quantile((f) => f.startup_ms, { q: 0.95 })`.
 * @param options - `q` in [0, 1]; `accuracy`, the relative error in value, default 1 %. */
export function quantile<F>(
  of: (fields: F) => NumberColumn,
  options: { readonly q: number; readonly accuracy?: number; readonly where?: Where<F> },
): Aggregate<F, number> {
  const { q, accuracy = DEFAULT_ACCURACY, where } = options;
  return {
    specOf: (fields) => ({
      kind: 'quantile',
      of: of(fields).expression,
      q,
      accuracy,
      ...filterOf(where, fields),
    }),
  };
}

function numeric<F>(
  kind: 'sum' | 'avg',
  of: (fields: F) => NumberColumn,
  where: Where<F> | undefined,
): Aggregate<F, number> {
  return {
    specOf: (fields) => ({ kind, of: of(fields).expression, ...filterOf(where, fields) }),
  };
}

function filterOf<F>(where: Where<F> | undefined, fields: F) {
  return where === undefined ? {} : { where: where(fields).expression };
}
