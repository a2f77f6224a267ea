/** Expressions of a pipeline plan: plain data with SQL's meaning, so that RxJS, batch SQL and
 * Flink SQL all say the same. NULL spreads through operators and comparisons (three-valued logic:
 * `false and null` is false, `true or null` is true); `filter` keeps rows where its condition is
 * true. Numbers are doubles: `div` divides doubles, and arithmetic without a finite result (a
 * division by 0, an overflow) gives NULL. Spec: W30. */

/** A value of one column. */
export type Scalar = string | number | boolean | null;

/** Types of columns. `timestamp` is an integer: µs since the Unix epoch. */
export type ColumnType = 'string' | 'integer' | 'double' | 'boolean' | 'timestamp';

/** Operators with a meaning that every target shares. Comparison of texts is by code point; `lower`
 * changes A to Z only. */
export type Operator =
  | 'eq'
  | 'ne'
  | 'lt'
  | 'le'
  | 'gt'
  | 'ge'
  | 'and'
  | 'or'
  | 'not'
  | 'is_null'
  | 'in'
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'floor'
  | 'coalesce'
  | 'case'
  | 'concat'
  | 'lower'
  | 'starts_with';

/** An expression over the columns of one row. */
export type Expression =
  | { readonly kind: 'column'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: Scalar }
  /** `in`: the first argument is looked for among the others. `case`: condition, value, condition,
   * value, …, value otherwise. `and`, `or`, `add`, `mul`, `coalesce`, `concat`: two or more. */
  | { readonly kind: 'operator'; readonly operator: Operator; readonly args: readonly Expression[] }
  /** A user's function, registered by name and version with a body for each target. */
  | {
      readonly kind: 'function';
      readonly name: string;
      readonly version: number;
      readonly returns: ColumnType;
      readonly args: readonly Expression[];
    };
