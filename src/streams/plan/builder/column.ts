/** Expressions that are recorded while they are written: `f.watched_ms.div(60_000)`. Types follow
 * the columns: texts, numbers (integers, doubles, timestamps) and booleans have the operators that
 * fit them, and a wrong one does not compile. What is recorded is plain data. */
import { EngineError } from '../../../kernel/errors.ts';
import type { ColumnType, Expression, Operator, Scalar } from '../expression.ts';

/** What a column holds, apart from NULL. */
export type ColumnValue = string | number | boolean;

/** The value type of a column type; timestamps are numbers, µs. */
export type ValueOf<T extends ColumnType> = T extends 'string'
  ? string
  : T extends 'boolean'
    ? boolean
    : number;

/** A value to compare or compute with: recorded, or given. */
export type Operand<T extends ColumnValue> = Recorded<T> | T;

/** What every recorded expression has. NULL spreads through all but `isNull` and `coalesce`. */
export interface Recorded<T extends ColumnValue> {
  readonly expression: Expression;
  /** Never there: it tells the types of columns apart. */
  readonly value?: T;
  eq(other: Operand<T>): BooleanColumn;
  ne(other: Operand<T>): BooleanColumn;
  in(...others: readonly Operand<T>[]): BooleanColumn;
  isNull(): BooleanColumn;
  isNotNull(): BooleanColumn;
  /** The first that is not NULL. */
  coalesce(...others: readonly Operand<T>[]): Column<T>;
}

/** What texts and numbers share. */
interface Ordered<T extends ColumnValue> extends Recorded<T> {
  lt(other: Operand<T>): BooleanColumn;
  le(other: Operand<T>): BooleanColumn;
  gt(other: Operand<T>): BooleanColumn;
  ge(other: Operand<T>): BooleanColumn;
}

/** A text; ordered by code point. */
export interface TextColumn extends Ordered<string> {
  concat(...others: readonly Operand<string>[]): TextColumn;
  lower(): TextColumn;
  startsWith(prefix: Operand<string>): BooleanColumn;
}

/** A number; timestamps are µs. */
export interface NumberColumn extends Ordered<number> {
  add(other: Operand<number>): NumberColumn;
  sub(other: Operand<number>): NumberColumn;
  mul(other: Operand<number>): NumberColumn;
  /** Of doubles; by 0 it gives NULL. */
  div(other: Operand<number>): NumberColumn;
  floor(): NumberColumn;
}

/** A condition. */
export interface BooleanColumn extends Recorded<boolean> {
  and(...others: readonly Operand<boolean>[]): BooleanColumn;
  or(...others: readonly Operand<boolean>[]): BooleanColumn;
  not(): BooleanColumn;
}

/** The recorded expression of a value type. */
export type Column<T extends ColumnValue> = [T] extends [string]
  ? TextColumn
  : [T] extends [number]
    ? NumberColumn
    : BooleanColumn;

/** Any recorded expression. */
export interface AnyColumn {
  readonly expression: Expression;
  readonly value?: ColumnValue;
}

/** `string` for `'play'`: what a column of such values holds. */
type Widened<T> = T extends string ? string : T extends number ? number : boolean;

/** The value type of a recorded expression. */
export type ValueIn<C> = C extends { readonly value?: infer T extends ColumnValue } ? T : never;

/** The columns of a row, by name, to write expressions with. */
export type Fields<Row> = {
  readonly [K in keyof Row]: Row[K] extends ColumnValue ? Column<Row[K]> : never;
};

/** A given value as an expression. NULL has the type that is asked for. */
export function literal<T extends ColumnValue>(value: T | null): Column<T> {
  return record<T>({ kind: 'literal', value });
}

/** The value of the first condition that holds:
 * `when(f.age.lt(18), 'minor').otherwise('adult')`. */
export function when<T extends ColumnValue>(
  condition: BooleanColumn,
  value: Operand<T>,
): Cases<Widened<T>> {
  return new Cases<Widened<T>>([condition.expression, expressionOf(value)]);
}

/** Conditions so far. */
class Cases<T extends ColumnValue> {
  readonly #args: readonly Expression[];

  constructor(args: readonly Expression[]) {
    this.#args = args;
  }

  when(condition: BooleanColumn, value: Operand<T>): Cases<T> {
    return new Cases<T>([...this.#args, condition.expression, expressionOf(value)]);
  }

  otherwise(value: Operand<T> | null): Column<T> {
    return record<T>(operator('case', [...this.#args, expressionOf(value)]));
  }
}

/** Records an expression. */
export function record<T extends ColumnValue>(expression: Expression): Column<T> {
  return new RecordedExpression(expression) as unknown as Column<T>;
}

/** The columns of a row. A name that is none throws where the compiler did not look.
 * @throws EngineError `STREAMS_BAD_ARGUMENT`. */
export function fieldsOf<Row>(names: readonly string[]): Fields<Row> {
  const fields = Object.fromEntries(names.map((name) => [name, record({ kind: 'column', name })]));
  return new Proxy(fields, {
    get(target, name) {
      if (typeof name === 'symbol' || Object.hasOwn(target, name)) return Reflect.get(target, name);
      const message = `column "${name}": there are ${names.join(', ')} here; name one of them`;
      throw new EngineError('STREAMS_BAD_ARGUMENT', message, { argument: 'column', found: name });
    },
  }) as unknown as Fields<Row>;
}

/** The expression of a recorded one, or a literal. */
export function expressionOf(operand: AnyColumn | Scalar): Expression {
  if (operand instanceof RecordedExpression) return operand.expression;
  return { kind: 'literal', value: operand as Scalar };
}

function operator(name: Operator, args: readonly Expression[]): Expression {
  return { kind: 'operator', operator: name, args };
}

type Given = AnyColumn | Scalar;

/** All operators at once; the interfaces above show those that fit. */
class RecordedExpression {
  readonly expression: Expression;

  constructor(expression: Expression) {
    this.expression = expression;
  }

  eq = (other: Given) => this.#with('eq', other);
  ne = (other: Given) => this.#with('ne', other);
  lt = (other: Given) => this.#with('lt', other);
  le = (other: Given) => this.#with('le', other);
  gt = (other: Given) => this.#with('gt', other);
  ge = (other: Given) => this.#with('ge', other);
  in = (...others: readonly Given[]) => this.#with('in', ...others);
  and = (...others: readonly Given[]) => this.#with('and', ...others);
  or = (...others: readonly Given[]) => this.#with('or', ...others);
  not = () => this.#with('not');
  isNull = () => this.#with('is_null');
  isNotNull = () => this.isNull().not();
  add = (other: Given) => this.#with('add', other);
  sub = (other: Given) => this.#with('sub', other);
  mul = (other: Given) => this.#with('mul', other);
  div = (other: Given) => this.#with('div', other);
  floor = () => this.#with('floor');
  coalesce = (...others: readonly Given[]) => this.#with('coalesce', ...others);
  concat = (...others: readonly Given[]) => this.#with('concat', ...others);
  lower = () => this.#with('lower');
  startsWith = (prefix: Given) => this.#with('starts_with', prefix);

  #with(name: Operator, ...others: readonly Given[]): RecordedExpression {
    return new RecordedExpression(
      operator(name, [this.expression, ...others.map((other) => expressionOf(other))]),
    );
  }
}
