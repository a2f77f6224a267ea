/** The order of values that every target shares: texts by code point, as SQL's binary collations
 * have it and UTF-16 does not; NULL before everything. */
import type { Scalar } from './expression.ts';

const SURROGATE_FIRST = 0xd800;
const SURROGATE_LAST = 0xdfff;
const ABOVE_ALL_UNITS = 0x10000;

/** Orders texts by code point. Cost O(length of what they share). */
export function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return codePointRank(x) - codePointRank(y);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above all others. */
function codePointRank(unit: number): number {
  return unit >= SURROGATE_FIRST && unit <= SURROGATE_LAST ? unit + ABOVE_ALL_UNITS : unit;
}

/** Orders two values of one type; NULL is the least. */
export function compareValues(a: Scalar, b: Scalar): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b);
  return Number(a) - Number(b);
}
