/** Keys of rows as texts, which window operators keep, and back. Two keys have one text only if
 * they are equal: numbers equal numbers, NULL equals NULL (as in GROUP BY), and nothing else. */
import type { Expression, Scalar } from '../plan/expression.ts';
import { compileExpression, type Functions, type PlanRow } from './compile-expression.ts';

/** Writes and reads keys of named expressions. */
export interface KeyCodec {
  readonly keyOf: (row: PlanRow) => string;
  /** The values of a key, by name, in the order of the expressions. */
  readonly valuesOf: (key: string) => PlanRow;
}

/** Texts that begin with this stand for themselves after it. */
const ESCAPE = '\u0000';
const NULL_TEXT = `${ESCAPE}n`;

/** Makes the codec of keys. A single text stands for itself: nothing is allocated for it. */
export function createKeyCodec(
  keys: Readonly<Record<string, Expression>>,
  functions: Functions,
): KeyCodec {
  const names = Object.keys(keys);
  const read = Object.values(keys).map((key) => compileExpression(key, functions));
  const [only] = read;
  if (names.length === 0) return { keyOf: () => '', valuesOf: () => ({}) };
  if (names.length === 1 && only !== undefined) {
    const name = names[0] as string;
    return { keyOf: (row) => encode(only(row)), valuesOf: (key) => ({ [name]: decode(key) }) };
  }
  return {
    keyOf(row) {
      let text = '';
      for (const one of read) {
        const part = encode(one(row));
        text += `${part.length}:${part}`;
      }
      return text;
    },
    valuesOf(key) {
      const values: Record<string, Scalar> = {};
      let at = 0;
      for (const name of names) {
        const colon = key.indexOf(':', at);
        const end = colon + 1 + Number(key.slice(at, colon));
        values[name] = decode(key.slice(colon + 1, end));
        at = end;
      }
      return values;
    },
  };
}

/** One value as a text. */
export function encode(value: Scalar): string {
  if (typeof value === 'string') return value.startsWith(ESCAPE) ? ESCAPE + value : value;
  if (value === null) return NULL_TEXT;
  return `${ESCAPE}${typeof value === 'number' ? '#' : '?'}${value}`;
}

/** The value of a text. */
export function decode(text: string): Scalar {
  if (!text.startsWith(ESCAPE)) return text;
  const rest = text.slice(1);
  if (rest.startsWith(ESCAPE)) return rest;
  if (rest === 'n') return null;
  return rest.startsWith('#') ? Number(rest.slice(1)) : rest === '?true';
}
