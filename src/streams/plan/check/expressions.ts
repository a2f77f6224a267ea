/** Types of expressions: what an expression over these columns gives, and what is wrong with it. */
import { nearestName } from '../../../kernel/errors.ts';
import type { ColumnType, Expression, Operator } from '../expression.ts';

/** Columns of a row and their types, in order. */
export type Columns = Readonly<Record<string, ColumnType>>;

/** Takes a problem down. */
export type Report = (path: string, found: unknown, rule: string) => void;

/** A type, `null` for the literal NULL (it fits every type), or undefined after a problem. */
export type InferredType = ColumnType | 'null' | undefined;

/** The type of an expression over `columns`; problems go to `report`, with paths below `path`. */
export function typeOf(expression: Expression, scope: Scope): InferredType {
  switch (expression.kind) {
    case 'column':
      return typeOfColumn(expression.name, scope, 'name');
    case 'literal':
      return typeOfLiteral(expression.value);
    case 'function':
      expression.args.forEach((arg, n) => {
        typeOf(arg, below(scope, `args[${n}]`));
      });
      return expression.returns;
    case 'operator': {
      const { operator, args } = expression;
      const types = args.map((arg, n) => typeOf(arg, below(scope, `args[${n}]`)));
      return typeOfOperator(operator, types, scope);
    }
  }
}

/** Where an expression stands and what it may name. */
export interface Scope {
  readonly columns: Columns;
  readonly path: string;
  readonly report: Report;
}

/** The type of a named column; a wrong name is reported with the nearest right one. */
export function typeOfColumn(name: string, scope: Scope, field?: string): ColumnType | undefined {
  const { columns, path, report } = scope;
  if (Object.hasOwn(columns, name)) return columns[name];
  const names = Object.keys(columns);
  const nearest = nearestName(name, names);
  const remedy =
    nearest === undefined ? `there are ${names.join(', ')}` : `did you mean ${nearest}?`;
  report(field === undefined ? path : `${path}.${field}`, name, `no such column here; ${remedy}`);
  return undefined;
}

/** Requires a type: `double` takes integers too. A NULL or a problem found before passes. */
export function requireType(found: InferredType, wanted: readonly ColumnType[], scope: Scope) {
  if (found === undefined || found === 'null' || wanted.includes(found)) return;
  scope.report(scope.path, found, `must be ${wanted.join(' or ')} here`);
}

function below(scope: Scope, part: string): Scope {
  return { ...scope, path: `${scope.path}.${part}` };
}

function typeOfLiteral(value: unknown): InferredType {
  if (value === null) return 'null';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'boolean';
  return Number.isSafeInteger(value) ? 'integer' : 'double';
}

/** Numbers of any kind. */
export const NUMERIC: readonly ColumnType[] = ['integer', 'double', 'timestamp'];

const ARITY: Readonly<Record<Operator, readonly [number, number]>> = {
  eq: [2, 2],
  ne: [2, 2],
  lt: [2, 2],
  le: [2, 2],
  gt: [2, 2],
  ge: [2, 2],
  and: [1, 64],
  or: [1, 64],
  not: [1, 1],
  is_null: [1, 1],
  in: [2, 1_000],
  add: [2, 64],
  sub: [2, 2],
  mul: [2, 64],
  div: [2, 2],
  floor: [1, 1],
  coalesce: [1, 64],
  case: [3, 129],
  concat: [1, 64],
  lower: [1, 1],
  starts_with: [2, 2],
};

function typeOfOperator(
  operator: Operator,
  types: readonly InferredType[],
  scope: Scope,
): InferredType {
  const [least, most] = ARITY[operator];
  if (types.length < least || types.length > most) {
    const range = least === most ? `${least}` : `${least} to ${most}`;
    scope.report(`${scope.path}.args`, types.length, `\`${operator}\` takes ${range} arguments`);
    return undefined;
  }
  const each = (wanted: readonly ColumnType[]) =>
    types.forEach((type, n) => {
      requireType(type, wanted, below(scope, `args[${n}]`));
    });
  switch (operator) {
    case 'eq':
    case 'ne':
    case 'in':
      common(types, scope);
      return 'boolean';
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
      if (common(types, scope) === 'boolean') {
        scope.report(scope.path, 'boolean', 'booleans have no order; use eq or a condition');
      }
      return 'boolean';
    case 'and':
    case 'or':
    case 'not':
      each(['boolean']);
      return 'boolean';
    case 'is_null':
      return 'boolean';
    case 'add':
    case 'sub':
    case 'mul':
      each(NUMERIC);
      return typeOfArithmetic(operator, types);
    case 'div':
      each(NUMERIC);
      return 'double';
    case 'floor':
      each(NUMERIC);
      return 'integer';
    case 'coalesce':
      return common(types, scope);
    case 'case':
      return typeOfCase(types, scope);
    case 'concat':
    case 'lower':
      each(['string']);
      return 'string';
    case 'starts_with':
      each(['string']);
      return 'boolean';
  }
}

/** A time plus or less a length is a time; a time less a time is a length. */
function typeOfArithmetic(operator: Operator, types: readonly InferredType[]): ColumnType {
  if (types.includes('double')) return 'double';
  const times = types.filter((type) => type === 'timestamp').length;
  if (operator === 'mul' || times === 0) return 'integer';
  return operator === 'sub' && times === 2 ? 'integer' : 'timestamp';
}

function typeOfCase(types: readonly InferredType[], scope: Scope): InferredType {
  if (types.length % 2 === 0) {
    scope.report(`${scope.path}.args`, types.length, '`case` ends with the value otherwise');
    return undefined;
  }
  const values: InferredType[] = [];
  types.forEach((type, n) => {
    if (n % 2 === 1 || n === types.length - 1) values.push(type);
    else requireType(type, ['boolean'], below(scope, `args[${n}]`));
  });
  return common(values, scope);
}

/** The one type of all: numbers mix (to double, or to timestamp), others do not. */
function common(types: readonly InferredType[], scope: Scope): InferredType {
  const known = [...new Set(types.filter((type) => type !== undefined && type !== 'null'))];
  if (known.length === 0) return types.includes(undefined) ? undefined : 'null';
  if (known.length === 1) return known[0];
  if (!known.every((type) => NUMERIC.includes(type))) {
    const found = known.join(' and ');
    scope.report(scope.path, found, 'values must be of one type to compare or choose');
    return undefined;
  }
  return known.includes('double') ? 'double' : 'timestamp';
}
