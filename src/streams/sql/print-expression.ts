/** Expressions as SQL. Numbers are doubles whatever the column, and arithmetic that overflows is
 * NULL before anything can notice; a bare column keeps its own type. Spec: W50, W51. */
import { EngineError, nearestName } from '../../kernel/errors.ts';
import type { ColumnType, Expression, Operator, Scalar } from '../plan/expression.ts';
import type { PlanFunction } from '../plan/functions.ts';
import type { SqlDialect } from './sql-dialect.ts';

/** Names and types of the columns of a relation, in order. */
export type Columns = ReadonlyMap<string, ColumnType>;

/** What an expression may refer to. */
export interface SqlScope {
  readonly dialect: SqlDialect;
  readonly columns: Columns;
  /** SQL that columns are prefixed with, like `l.`. */
  readonly prefix?: string;
  readonly functions?: readonly PlanFunction[];
  /** Where in the plan the expression stands, for errors. */
  readonly place: string;
}

/** An expression's SQL and type. */
export interface TypedSql {
  readonly sql: string;
  /** NULL alone has none. */
  readonly type: ColumnType | 'null';
}

/** An expression as a column of the row that follows.
 * @throws EngineError `PLAN_INVALID` for what has no type, or is no column. */
export function printColumn(expression: Expression, scope: SqlScope): TypedSql {
  if (expression.kind === 'column') return columnOf(expression.name, scope);
  const value = print(expression, scope);
  if (value.type === 'null') return { ...value, sql: scope.dialect.cast('NULL', 'string') };
  return { type: value.type, sql: settled(value, scope) };
}

/** A condition: SQL that is true, false or NULL. */
export function printCondition(expression: Expression, scope: SqlScope): string {
  return operand(expression, 'boolean', scope);
}

/** An expression as a double. */
export function printNumber(expression: Expression, scope: SqlScope): string {
  return operand(expression, 'double', scope);
}

interface Printed extends TypedSql {
  /** Whether a double here could be infinite or no number. */
  readonly mayOverflow?: boolean;
}

type Family = 'text' | 'number' | 'boolean' | 'null';

const FAMILIES: Readonly<Record<ColumnType | 'null', Family>> = {
  string: 'text',
  integer: 'number',
  double: 'number',
  timestamp: 'number',
  boolean: 'boolean',
  null: 'null',
};

const TYPE_OF_FAMILY: Readonly<Record<Family, ColumnType>> = {
  text: 'string',
  number: 'double',
  boolean: 'boolean',
  null: 'string',
};

const SYMBOLS: Readonly<Partial<Record<Operator, string>>> = {
  eq: '=',
  ne: '<>',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
  and: 'AND',
  or: 'OR',
  add: '+',
  sub: '-',
  mul: '*',
  concat: '||',
};

function print(expression: Expression, scope: SqlScope): Printed {
  const { dialect } = scope;
  switch (expression.kind) {
    case 'column': {
      const column = columnOf(expression.name, scope);
      if (column.type !== 'integer' && column.type !== 'timestamp') return column;
      return { sql: dialect.cast(column.sql, 'double'), type: 'double' };
    }
    case 'literal':
      return printLiteral(expression.value, scope);
    case 'operator':
      return printOperator(expression.operator, expression.args, scope);
    case 'function':
      return printFunction(expression, scope);
    default:
      throw invalid(scope, JSON.stringify(expression), 'an expression of a known kind');
  }
}

function columnOf(name: string, { columns, dialect, prefix = '', place }: SqlScope): TypedSql {
  const type = columns.get(name);
  if (type !== undefined) return { sql: prefix + dialect.name(name), type };
  const near = nearestName(name, [...columns.keys()]);
  const hint = near === undefined ? '' : `; did you mean "${near}"?`;
  throw invalid({ place }, `column "${name}"`, `one of ${[...columns.keys()].join(', ')}${hint}`);
}

function printLiteral(value: Scalar, scope: SqlScope): Printed {
  const { dialect } = scope;
  if (value === null) return { sql: 'NULL', type: 'null' };
  if (typeof value === 'boolean') return { sql: dialect.boolean(value), type: 'boolean' };
  if (typeof value === 'string') {
    if (/\0|\p{Surrogate}/u.test(value)) {
      throw invalid(scope, JSON.stringify(value), 'text without NUL and lone surrogates');
    }
    return { sql: dialect.text(value), type: 'string' };
  }
  if (!Number.isFinite(value)) throw invalid(scope, String(value), 'a finite number');
  return { sql: dialect.number(value), type: 'double' };
}

function printOperator(operator: Operator, args: readonly Expression[], scope: SqlScope): Printed {
  const { dialect } = scope;
  const [first, second] = args;
  const symbol = SYMBOLS[operator];
  if (first === undefined) throw invalid(scope, `${operator}()`, 'at least one argument');
  switch (operator) {
    case 'not':
      return { sql: `(NOT ${operand(first, 'boolean', scope)})`, type: 'boolean' };
    case 'is_null': {
      const value = print(first, scope);
      const typed = value.type === 'null' ? dialect.cast('NULL', 'string') : settled(value, scope);
      return { sql: `(${typed} IS NULL)`, type: 'boolean' };
    }
    case 'floor':
      return { ...overflowing(dialect.floor(rawOperand(first, 'double', scope))) };
    case 'lower':
      return { sql: dialect.lower(operand(first, 'string', scope)), type: 'string' };
    case 'in':
      return printIn(args, scope);
    case 'coalesce': {
      const { sqls, type } = alike(args, scope);
      return { sql: `COALESCE(${sqls.join(', ')})`, type };
    }
    case 'case':
      return printCase(args, scope);
    case 'and':
    case 'or':
      return { sql: joined(args, symbol, { type: 'boolean', scope }), type: 'boolean' };
    case 'concat':
      return { sql: joined(args, symbol, { type: 'string', scope }), type: 'string' };
    case 'add':
    case 'sub':
    case 'mul':
      return overflowing(joined(args, symbol, { type: 'double', scope }));
    default:
      break;
  }
  if (second === undefined) throw invalid(scope, `${operator}(…)`, 'two arguments');
  if (operator === 'div') return printDivision(first, second, scope);
  if (operator === 'starts_with') {
    const [text, prefix] = [operand(first, 'string', scope), operand(second, 'string', scope)];
    return { sql: dialect.startsWith(text, prefix), type: 'boolean' };
  }
  if (symbol === undefined) throw invalid(scope, `operator "${operator}"`, 'a known operator');
  const { sqls } = alike([first, second], scope);
  return { sql: `(${sqls.join(` ${symbol} `)})`, type: 'boolean' };
}

/** Dividing by a literal of 1 or more needs no care. */
function printDivision(dividend: Expression, divisor: Expression, scope: SqlScope): Printed {
  const top = checkedOperand(dividend, 'double', scope);
  const bottom = rawOperand(divisor, 'double', scope);
  const value = divisor.kind === 'literal' ? Math.abs(Number(divisor.value)) : 0;
  if (value >= 1) return { ...top, sql: `(${top.sql} / ${bottom})`, type: 'double' };
  return overflowing(`(${top.sql} / ${scope.dialect.divisor(bottom)})`);
}

function printIn(args: readonly Expression[], scope: SqlScope): Printed {
  if (args.length === 1) return { sql: scope.dialect.boolean(false), type: 'boolean' };
  const [needle, ...others] = alike(args, scope).sqls;
  return { sql: `(${needle} IN (${others.join(', ')}))`, type: 'boolean' };
}

function printCase(args: readonly Expression[], scope: SqlScope): Printed {
  if (args.length % 2 === 0) throw invalid(scope, 'case', 'conditions with values, one otherwise');
  const isCondition = (i: number) => i % 2 === 0 && i < args.length - 1;
  const { sqls, type } = alike(
    args.filter((_, i) => !isCondition(i)),
    scope,
  );
  const conditions = args.filter((_, i) => isCondition(i));
  const cases = conditions.map((one, i) => `WHEN ${printCondition(one, scope)} THEN ${sqls[i]}`);
  return { sql: `(CASE ${cases.join(' ')} ELSE ${sqls.at(-1)} END)`, type };
}

/** A user's function by its text for this SQL; NULL where an argument is NULL. */
function printFunction(
  { name, version, returns, args }: Extract<Expression, { kind: 'function' }>,
  scope: SqlScope,
): Printed {
  const { dialect, functions = [] } = scope;
  const known = functions.find((one) => one.name === name && one.version === version);
  const text = known?.sql?.[dialect.target] ?? dialect.unknownFunction?.(name, args.length);
  if (text === undefined) {
    const { target } = dialect;
    const problem = `${scope.place}: function ${name} ${version}: it has no SQL for ${target}`;
    throw new EngineError('PLAN_UNSUPPORTED', problem, { target, problems: [problem] });
  }
  const sqls = args.map((arg) => {
    const value = print(arg, scope);
    return value.type === 'null' ? dialect.cast('NULL', 'string') : settled(value, scope);
  });
  const body = text.replaceAll(/\$(\d+)/g, (_, n: string) => sqls[Number(n) - 1] ?? 'NULL');
  const call = dialect.cast(`(${body})`, returns);
  if (sqls.length === 0) return { sql: call, type: returns };
  const isNull = sqls.map((sql) => `${sql} IS NULL`).join(' OR ');
  const value = { sql: `(CASE WHEN ${isNull} THEN NULL ELSE ${call} END)`, type: returns };
  const isWhole = returns === 'integer' || returns === 'timestamp';
  return isWhole ? { sql: dialect.cast(value.sql, 'double'), type: 'double' } : value;
}

function overflowing(sql: string): Printed {
  return { sql, type: 'double', mayOverflow: true };
}

function settled({ sql, mayOverflow = false }: Printed, { dialect }: SqlScope): string {
  return mayOverflow ? `(${dialect.finite(sql)})` : sql;
}

/** An argument of a known type, infinite values made NULL. */
function operand(expression: Expression, type: ColumnType, scope: SqlScope): string {
  return settled(checkedOperand(expression, type, scope), scope);
}

/** The same where infinite values may pass, as in the middle of a sum. */
function rawOperand(expression: Expression, type: ColumnType, scope: SqlScope): string {
  return checkedOperand(expression, type, scope).sql;
}

function checkedOperand(expression: Expression, type: ColumnType, scope: SqlScope): Printed {
  const value = print(expression, scope);
  if (value.type === 'null') return { sql: scope.dialect.cast('NULL', type), type };
  if (FAMILIES[value.type] === FAMILIES[type]) return value;
  throw invalid(scope, `${value.type} ${value.sql}`, `an argument of type ${type}`);
}

function joined(
  args: readonly Expression[],
  symbol: string | undefined,
  { type, scope }: { readonly type: ColumnType; readonly scope: SqlScope },
): string {
  return `(${args.map((arg) => rawOperand(arg, type, scope)).join(` ${symbol} `)})`;
}

/** Arguments of one family: texts, numbers or booleans. */
function alike(args: readonly Expression[], scope: SqlScope): { sqls: string[]; type: ColumnType } {
  const values = args.map((arg) => print(arg, scope));
  const families = new Set(values.map(({ type }) => FAMILIES[type]));
  families.delete('null');
  const [family = 'null', other] = families;
  if (other !== undefined) throw invalid(scope, `${family} beside ${other}`, 'values of one kind');
  const type = TYPE_OF_FAMILY[family];
  const sqls = values.map((value) =>
    value.type === 'null' ? scope.dialect.cast('NULL', type) : settled(value, scope),
  );
  return { sqls, type };
}

function invalid({ place }: { readonly place: string }, found: string, rule: string): EngineError {
  const problem = { path: place, found, rule };
  return new EngineError('PLAN_INVALID', `${place}: found ${found}; expected ${rule}`, {
    problems: [problem],
  });
}
