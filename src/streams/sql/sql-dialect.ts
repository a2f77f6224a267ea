/** What differs between the SQLs that plans are printed in, each in its own file. Printers build
 * text from these parts only: names and values never reach SQL unquoted. Spec: W50, W51. */
import type { ColumnType } from '../plan/expression.ts';

/** The SQLs that there are printers for. */
export type SqlTarget = 'duckdb' | 'sqlite' | 'flink-sql';

/** How one SQL writes things. Arguments and results are SQL text, operands ready to be embedded. */
export interface SqlDialect {
  readonly target: SqlTarget;
  /** A name, quoted: any text without NUL is safe. */
  name(name: string): string;
  text(value: string): string;
  /** A double, exactly. */
  number(value: number): string;
  boolean(value: boolean): string;
  /** Converts what a column holds to the type; `NULL` gives a NULL of the type. */
  cast(sql: string, type: ColumnType): string;
  /** NULL where a double is infinite or no number. */
  finite(sql: string): string;
  /** NULL where a double is infinite, no number, or 0. */
  divisor(sql: string): string;
  floor(sql: string): string;
  /** ASCII letters to lower case; others stay. */
  lower(sql: string): string;
  startsWith(text: string, prefix: string): string;
  /** Greatest of two values that are not NULL. */
  greatest(a: string, b: string): string;
  /** Exact quantile of doubles: the value at index ⌊q · (n − 1)⌋ of the ascending values; it
   * takes no part in what is NULL. `where` (or undefined) chooses rows. */
  quantile(value: string, q: number, where: string | undefined): string;
  /** What to call a function by that has no text, where it can be registered under its name. */
  unknownFunction?(name: string, argCount: number): string;
  /** The value at a path of a record of JSON text, NULL where there is none. The record is valid
   * JSON or NULL, and the value fits the type. */
  jsonValue(options: JsonField): string;
  /** Whether the value at a path is missing, null or of the type; never NULL. */
  jsonFits(options: JsonField): string;
}

/** A column in a record of JSON text. */
export interface JsonField {
  readonly record: string;
  readonly path: readonly string[];
  readonly type: ColumnType;
}

/** A JSON path whose names may hold anything, as a text literal. */
export function jsonPath(names: readonly string[]): string {
  return quoted(`$${names.map((name) => `.${JSON.stringify(name)}`).join('')}`, "'");
}

/** Whether a type holds whole numbers only. */
export function isWhole(type: ColumnType): boolean {
  return type === 'integer' || type === 'timestamp';
}

/** Text in quotes that are doubled inside, as SQL's literals and names are. */
export function quoted(text: string, quote: "'" | '"' | '`'): string {
  return quote + text.replaceAll(quote, quote + quote) + quote;
}

/** A double as SQL reads it back exactly: with an exponent, so that no target takes it for a
 * decimal; in brackets where it is negative. */
export function doubleLiteral(value: number): string {
  const digits = Math.abs(value).toExponential().replace('+', '');
  return value < 0 ? `(-${digits})` : digits;
}
