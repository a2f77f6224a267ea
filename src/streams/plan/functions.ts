/** Functions of users in plans: by name and version, with a body for RxJS and, where they are
 * given, texts for SQL targets. A plan holds name and version; who runs it brings the body. */
import { EngineError } from '../../kernel/errors.ts';
import { type Column, expressionOf, type Operand, record, type ValueOf } from './builder/column.ts';
import type { ColumnType, Expression, Scalar } from './expression.ts';

/** Dialects that a function can have a text for. */
export type SqlDialect = 'duckdb' | 'sqlite' | 'flink-sql';

/** What makes a function. */
export interface FunctionOptions<A extends readonly ColumnType[], R extends ColumnType> {
  /** Letters, digits and `_`. */
  readonly name: string;
  /** From 1; a body that answers differently has another version. */
  readonly version: number;
  readonly args: A;
  readonly returns: R;
  /** Pure. Is not called where an argument is NULL: the result is NULL then. What it throws
   * rejects the row, with the message as the reason. */
  readonly body: (...args: { readonly [K in keyof A]: ValueOf<A[K]> }) => ValueOf<R> | null;
  /** By dialect: SQL with `$1`, `$2` … for the arguments. */
  readonly sql?: Partial<Readonly<Record<SqlDialect, string>>>;
}

/** A function that a plan can name and a run can call. */
export interface PlanFunction {
  readonly name: string;
  readonly version: number;
  readonly args: readonly ColumnType[];
  readonly returns: ColumnType;
  readonly body: (...args: never[]) => Scalar;
  readonly sql?: Partial<Readonly<Record<SqlDialect, string>>>;
}

/** A function and the way to use it in expressions: `domain.of(f.url)`. */
export interface DefinedFunction<A extends readonly ColumnType[], R extends ColumnType>
  extends PlanFunction {
  of(...args: { readonly [K in keyof A]: Operand<ValueOf<A[K]>> }): Column<ValueOf<R>>;
}

const NAME = /^[A-Za-z][A-Za-z0-9_]{0,62}$/;

/** Defines a function. @throws EngineError `STREAMS_BAD_ARGUMENT` for a name or version that is
 * none. Spec: W33. */
export function defineFunction<const A extends readonly ColumnType[], R extends ColumnType>(
  options: FunctionOptions<A, R>,
): DefinedFunction<A, R> {
  const { name, version, returns } = options;
  if (!NAME.test(name)) throw bad('name', name, 'letters, digits and _, a letter first');
  if (!Number.isSafeInteger(version) || version < 1) {
    throw bad('version', version, 'a whole number from 1');
  }
  const body = options.body as unknown as PlanFunction['body'];
  return {
    ...options,
    body,
    of: (...args) => {
      const recorded: Expression = {
        kind: 'function',
        name,
        version,
        returns,
        args: (args as readonly Operand<string>[]).map((arg) => expressionOf(arg)),
      };
      return record<ValueOf<R>>(recorded);
    },
  };
}

/** Functions by name, each once. @throws EngineError `STREAMS_BAD_ARGUMENT` for a name twice. */
export function functionsByName(
  functions: readonly PlanFunction[],
): ReadonlyMap<string, PlanFunction> {
  const byName = new Map<string, PlanFunction>();
  for (const one of functions) {
    if (byName.has(one.name)) throw bad('functions', one.name, 'each name once');
    byName.set(one.name, one);
  }
  return byName;
}

function bad(argument: string, found: unknown, rule: string): EngineError {
  const message = `function ${argument} ${JSON.stringify(found)}: ${rule}`;
  return new EngineError('STREAMS_BAD_ARGUMENT', message, { argument, found });
}
