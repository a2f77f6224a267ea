/** Data for the script of a page, inert as HTML. Spec: R62. */
import { printable } from './escape.ts';

/** Digits of what is no whole number: more than a drawing can show. */
const DIGITS = 6;

const ESCAPES: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\\"': '\\u0022',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/** A value as a data block: texts made printable, fractions with six digits, and no character that
 * HTML or a script could take for its own. @param kind - What the script finds it by. */
export function renderJson(value: unknown, kind: string): string {
  const json = JSON.stringify(value, (_, one: unknown) => {
    if (typeof one === 'string') return printable(one);
    if (typeof one !== 'number' || Number.isInteger(one)) return one;
    return Number(one.toPrecision(DIGITS));
  });
  // A pair of backslashes is matched first, so that no quote behind it counts as escaped.
  const inert = json.replace(/\\\\|\\"|[<>&\u2028\u2029]/g, (one) => ESCAPES[one] ?? one);
  return `<script type="application/json" class="${kind}">${inert}</script>`;
}
