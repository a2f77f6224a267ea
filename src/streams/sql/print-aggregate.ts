/** Aggregates as SQL over columns that were computed before: `$of0`, `$where0`, … */
import type { AggregateSpec } from '../aggregates/aggregate-spec.ts';
import type { ColumnType } from '../plan/expression.ts';
import {
  printColumn,
  printCondition,
  printNumber,
  type SqlScope,
  type TypedSql,
} from './print-expression.ts';
import type { SqlDialect } from './sql-dialect.ts';

/** An aggregate, in two parts: what to compute of each row, and what of each group. */
export interface AggregateSql {
  /** Columns of the row, with their hidden names. */
  readonly inputs: readonly string[];
  readonly result: string;
  readonly type: ColumnType;
}

/** Prints one aggregate over rows that were prepared with its inputs. `index` makes their names. */
export function printAggregate(spec: AggregateSpec, scope: SqlScope, index: number): AggregateSql {
  const { dialect } = scope;
  const of = dialect.name(`$of${index}`);
  const where = spec.where === undefined ? undefined : dialect.name(`$where${index}`);
  const inputs: string[] = [];
  if (spec.where !== undefined) inputs.push(`${printCondition(spec.where, scope)} AS ${where}`);
  const input = inputOf(spec, scope);
  if (input !== undefined) inputs.push(`${input.sql} AS ${of}`);
  const result = resultOf(spec, { of: input === undefined ? '*' : of, where, dialect });
  return { inputs, result, type: typeOf(spec, input?.type ?? 'integer') };
}

/** Prints one aggregate with its inputs in place. */
export function printInlineAggregate(spec: AggregateSpec, scope: SqlScope): TypedSql {
  const input = inputOf(spec, scope);
  const where = spec.where === undefined ? undefined : printCondition(spec.where, scope);
  const parts = { of: input?.sql ?? '*', where, dialect: scope.dialect };
  return { sql: resultOf(spec, parts), type: typeOf(spec, input?.type ?? 'integer') };
}

function inputOf(spec: AggregateSpec, scope: SqlScope) {
  if (spec.of === undefined) return undefined;
  const isNumber = spec.kind === 'sum' || spec.kind === 'avg' || spec.kind === 'quantile';
  if (isNumber) return { sql: printNumber(spec.of, scope), type: 'double' as const };
  return printColumn(spec.of, scope);
}

function typeOf(spec: AggregateSpec, input: ColumnType | 'null'): ColumnType {
  if (spec.kind === 'min' || spec.kind === 'max') return input === 'null' ? 'string' : input;
  return spec.kind === 'sum' || spec.kind === 'avg' || spec.kind === 'quantile'
    ? 'double'
    : 'integer';
}

interface Parts {
  readonly of: string;
  readonly where: string | undefined;
  readonly dialect: SqlDialect;
}

function resultOf(spec: AggregateSpec, { of, where, dialect }: Parts): string {
  const filter = where === undefined ? '' : ` FILTER (WHERE ${where})`;
  switch (spec.kind) {
    case 'count':
      return `COUNT(${of})${filter}`;
    case 'count_distinct':
    case 'approx_count_distinct':
      return `COUNT(DISTINCT ${of})${filter}`;
    case 'quantile':
      return dialect.quantile(of, spec.q, where);
    default:
      return `${spec.kind.toUpperCase()}(${of})${filter}`;
  }
}
