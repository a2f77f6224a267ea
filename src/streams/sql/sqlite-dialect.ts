/** SQLite's way of writing what the printers need. It makes not-a-number NULL by itself, has no
 * booleans (1 and 0), and compares texts by their UTF-8 bytes, that is by code point. */
import type { ColumnType } from '../plan/expression.ts';
import { doubleLiteral, isWhole, jsonPath, quoted, type SqlDialect } from './sql-dialect.ts';

const TYPES: Readonly<Record<ColumnType, string>> = {
  string: 'TEXT',
  integer: 'INTEGER',
  double: 'REAL',
  boolean: 'INTEGER',
  timestamp: 'INTEGER',
};

/** Too great for a double: infinity. */
const INFINITE = '9e999';

/** SQLite 3.47 and newer with its math functions and `percentile_disc`. */
export const SQLITE_DIALECT: SqlDialect = {
  target: 'sqlite',
  name: (name) => quoted(name, '"'),
  text: (value) => quoted(value, "'"),
  number: doubleLiteral,
  boolean: (value) => (value ? '1' : '0'),
  cast: (sql, type) => `CAST(${sql} AS ${TYPES[type]})`,
  finite: (sql) => `nullif(nullif(${sql}, ${INFINITE}), -${INFINITE})`,
  divisor: (sql) => `nullif(${SQLITE_DIALECT.finite(sql)}, 0e0)`,
  floor: (sql) => `floor(${sql})`,
  lower: (sql) => `lower(${sql})`,
  startsWith: (text, prefix) => `(instr(${text}, ${prefix}) = 1)`,
  greatest: (a, b) => `max(${a}, ${b})`,
  quantile: (value, q, condition) => {
    const filter = condition === undefined ? '' : ` FILTER (WHERE ${condition})`;
    return `percentile_disc(${value}, ${doubleLiteral(q)})${filter}`;
  },
  jsonValue: ({ record, path, type }) =>
    SQLITE_DIALECT.cast(`json_extract(${record}, ${jsonPath(path)})`, type),
  jsonFits: ({ record, path, type }) => {
    const kind = `json_type(${record}, ${jsonPath(path)})`;
    const fits = `COALESCE(${kind} IN ('null', ${JSON_TYPES[type]}), 1)`;
    if (type === 'string' || type === 'boolean') return fits;
    const number = `CAST(json_extract(${record}, ${jsonPath(path)}) AS REAL)`;
    const isAbsent = `COALESCE(${kind} = 'null', 1)`;
    const holds = isWhole(type)
      ? `${number} = floor(${number}) AND abs(${number}) <= ${Number.MAX_SAFE_INTEGER}`
      : `abs(${number}) < ${INFINITE}`;
    return `(${isAbsent} OR (${fits} AND COALESCE(${holds}, 0)))`;
  },
};

const NUMBERS = "'integer', 'real'";
const JSON_TYPES: Readonly<Record<ColumnType, string>> = {
  string: "'text'",
  integer: NUMBERS,
  double: NUMBERS,
  boolean: "'true', 'false'",
  timestamp: NUMBERS,
};
