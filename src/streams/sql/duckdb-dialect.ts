/** DuckDB's way of writing what the printers need. Doubles there follow IEEE, so that infinity and
 * not-a-number are turned to NULL where an expression could notice. */
import type { ColumnType } from '../plan/expression.ts';
import { doubleLiteral, isWhole, jsonPath, quoted, type SqlDialect } from './sql-dialect.ts';

const TYPES: Readonly<Record<ColumnType, string>> = {
  string: 'VARCHAR',
  integer: 'BIGINT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  timestamp: 'BIGINT',
};

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Operands up to this length are written twice; longer ones go through a lambda, once, so that
 * nesting does not double the text at each level. */
const LONGEST_REPEATED = 400;

/** DuckDB 1.3 and newer (lambdas). */
export const DUCKDB_DIALECT: SqlDialect = {
  target: 'duckdb',
  name: (name) => quoted(name, '"'),
  text: (value) => quoted(value, "'"),
  number: doubleLiteral,
  boolean: (value) => (value ? 'TRUE' : 'FALSE'),
  cast: (sql, type) => `CAST(${sql} AS ${TYPES[type]})`,
  finite: (sql) => where(sql, (v) => `isfinite(${v})`),
  divisor: (sql) => where(sql, (v) => `isfinite(${v}) AND ${v} <> 0e0`),
  floor: (sql) => `floor(${sql})`,
  lower: (sql) => `translate(${sql}, '${UPPER}', '${UPPER.toLowerCase()}')`,
  startsWith: (text, prefix) => `starts_with(${text}, ${prefix})`,
  greatest: (a, b) => `greatest(${a}, ${b})`,
  quantile: (value, q, condition) => {
    const chosen = `list(${value}) FILTER (WHERE ${allOf([condition, `${value} IS NOT NULL`])})`;
    const at = (list: string) =>
      `${list}[CAST(floor(${doubleLiteral(q)} * (len(${list}) - 1)) AS BIGINT) + 1]`;
    return at(`list_sort(${chosen})`);
  },
  jsonValue: ({ record, path, type }) => {
    const value = `json_extract_string(${record}, ${jsonPath(path)})`;
    const double = `TRY_CAST(${value} AS DOUBLE)`;
    return `TRY_CAST(${isWhole(type) ? double : value} AS ${TYPES[type]})`;
  },
  jsonFits: ({ record, path, type }) => {
    const kind = `json_type(${record}, ${jsonPath(path)})`;
    const fits = `COALESCE(${kind} IN ('NULL', ${JSON_TYPES[type]}), TRUE)`;
    if (type === 'string' || type === 'boolean') return fits;
    const number = `TRY_CAST(json_extract_string(${record}, ${jsonPath(path)}) AS DOUBLE)`;
    const isAbsent = `COALESCE(${kind} = 'NULL', TRUE)`;
    const range = isWhole(type) ? `${number} = floor(${number}) AND abs(${number}) <= ${SAFE}` : '';
    const holds = isWhole(type) ? range : `isfinite(${number})`;
    return `(${isAbsent} OR (${fits} AND COALESCE(${holds}, FALSE)))`;
  },
};

const SAFE = Number.MAX_SAFE_INTEGER;
const NUMBERS = "'BIGINT', 'UBIGINT', 'DOUBLE'";
const JSON_TYPES: Readonly<Record<ColumnType, string>> = {
  string: "'VARCHAR'",
  integer: NUMBERS,
  double: NUMBERS,
  boolean: "'BOOLEAN'",
  timestamp: NUMBERS,
};

function where(sql: string, holds: (value: string) => string): string {
  if (sql.length <= LONGEST_REPEATED) return `CASE WHEN ${holds(sql)} THEN ${sql} END`;
  return `list_filter([${sql}], lambda v: ${holds('v')})[1]`;
}

function allOf(conditions: readonly (string | undefined)[]): string {
  return conditions.filter((one) => one !== undefined).join(' AND ');
}
