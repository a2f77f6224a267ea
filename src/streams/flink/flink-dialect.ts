/** Flink SQL's way of writing what the printers need. Times are BIGINT µs in columns; the time
 * attribute beside them is a TIMESTAMP_LTZ(3), so that lengths of event time are whole ms. */
import type { ColumnType } from '../plan/expression.ts';
import { doubleLiteral, quoted, type SqlDialect } from '../sql/sql-dialect.ts';

/** Flink's names of the types of columns. */
export const FLINK_TYPES: Readonly<Record<ColumnType, string>> = {
  string: 'STRING',
  integer: 'BIGINT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  timestamp: 'BIGINT',
};

/** Flink SQL 1.20. Overflow stays infinite: `NULLIF` cannot be written for it. */
export const FLINK_DIALECT: SqlDialect = {
  target: 'flink-sql',
  name: (name) => quoted(name, '`'),
  text: (value) => quoted(value, "'"),
  number: doubleLiteral,
  boolean: (value) => (value ? 'TRUE' : 'FALSE'),
  cast: (sql, type) => `CAST(${sql} AS ${FLINK_TYPES[type]})`,
  finite: (sql) => sql,
  divisor: (sql) => `NULLIF(${sql}, 0e0)`,
  floor: (sql) => `FLOOR(${sql})`,
  lower: (sql) => `LOWER(${sql})`,
  startsWith: (text, prefix) => `(LEFT(${text}, CHAR_LENGTH(${prefix})) = ${prefix})`,
  greatest: (a, b) => `GREATEST(${a}, ${b})`,
  quantile: (value) => value,
  unknownFunction: (name, count) =>
    `${quoted(name, '`')}(${Array.from({ length: count }, (_, n) => `$${n + 1}`).join(', ')})`,
  jsonValue: ({ path }) => path.map(FLINK_DIALECT.name).join('.'),
  jsonFits: () => 'TRUE',
};

const US_PER_MS = 1_000;

/** Units of simple literals, in ms. Numbers up to 99: Flink refuses more digits in some places. */
const UNITS = [
  ['DAY', 86_400_000],
  ['HOUR', 3_600_000],
  ['MINUTE', 60_000],
  ['SECOND', 1_000],
] as const;
const MOST_IN_UNIT = 99;

/** Whether a length of time can be told in whole milliseconds. */
export function isWholeMs(lengthUs: number): boolean {
  return lengthUs % US_PER_MS === 0;
}

/** An interval literal: `INTERVAL '10' MINUTE`, `INTERVAL '0 00:10:05.001' DAY TO SECOND(3)`.
 * @param lengthUs - ≥ 0; rounded up to whole ms. */
export function intervalLiteral(lengthUs: number): string {
  const lengthMs = Math.ceil(lengthUs / US_PER_MS);
  for (const [unit, unitMs] of UNITS) {
    const isSimple = lengthMs % unitMs === 0 && lengthMs / unitMs <= MOST_IN_UNIT;
    if (isSimple && (lengthMs > 0 || unit === 'SECOND')) {
      return `INTERVAL '${lengthMs / unitMs}' ${unit}`;
    }
  }
  const [days, hours, minutes, seconds] = UNITS.map(([, unitMs], n) => {
    const cycleMs = n === 0 ? Number.POSITIVE_INFINITY : (UNITS[n - 1]?.[1] ?? 0);
    return String(Math.floor((lengthMs % cycleMs) / unitMs));
  }) as [string, string, string, string];
  const clock = [hours, minutes, seconds].map((part) => part.padStart(2, '0')).join(':');
  const ms = String(lengthMs % 1_000).padStart(3, '0');
  const digits = days.length > 2 ? `(${days.length})` : '';
  return `INTERVAL '${days} ${clock}.${ms}' DAY${digits} TO SECOND(3)`;
}

/** A time shifted by a length that may be negative. */
export function shifted(time: string, byUs: number): string {
  if (byUs === 0) return time;
  return `${time} ${byUs < 0 ? '-' : '+'} ${intervalLiteral(Math.abs(byUs))}`;
}

/** A duration as a value of a setting, like `30000 ms`. */
export function durationSetting(lengthUs: number): string {
  return `${Math.ceil(lengthUs / US_PER_MS)} ms`;
}
