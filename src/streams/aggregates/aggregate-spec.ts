/** Aggregates as plain data: what a window computes over its rows. */
import type { PlainValue } from '../../domain/plain-value.ts';
import type { Expression } from '../plan/expression.ts';

/** One aggregate over an expression; rows where it is NULL (or the filter is not true) do not
 * count. `count` without `of` counts rows. */
export type AggregateSpec = {
  /** Only rows where this is true take part. */
  readonly where?: Expression;
} & (
  | { readonly kind: 'count'; readonly of?: Expression }
  | { readonly kind: 'sum' | 'min' | 'max' | 'avg'; readonly of: Expression }
  | { readonly kind: 'count_distinct'; readonly of: Expression }
  /** HyperLogLog with 2^precision registers: standard error 1.04 / √(2^precision). */
  | { readonly kind: 'approx_count_distinct'; readonly of: Expression; readonly precision: number }
  /** A sketch with relative error `accuracy` in value. */
  | {
      readonly kind: 'quantile';
      readonly of: Expression;
      readonly q: number;
      readonly accuracy: number;
    }
);

/** A running aggregate. `Acc` is plain data or knows how to become it. */
export interface Aggregator<Value, Acc, Result> {
  create(): Acc;
  /** May change and return `acc`. */
  add(acc: Acc, value: Value): Acc;
  /** Joins two accumulators, as merging sessions do; may change and return `into`. `from` stays as
   * it is, and the answer shares nothing with it that `add` would change. */
  merge(into: Acc, from: Acc): Acc;
  result(acc: Acc): Result;
  /** To and from plain data, for checkpoints. */
  save(acc: Acc): PlainValue;
  load(saved: PlainValue): Acc;
}
