/** Length of a value as JSON in UTF-8, without writing it. Spec: A31. */

/** Bytes of `JSON.stringify(value)` in UTF-8, for plain data without `toJSON`; 0 for what JSON
 * leaves out. Cost: one pass, no allocation but for fractions. */
export function jsonBytes(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return textBytes(value);
    case 'number':
      return numberBytes(value);
    case 'boolean':
      return value ? 4 : 5;
    case 'object':
      if (value === null) return 4;
      return Array.isArray(value) ? listBytes(value) : recordBytes(value);
    default:
      return 0;
  }
}

function listBytes(list: readonly unknown[]): number {
  let bytes = 2 + Math.max(0, list.length - 1);
  // What JSON leaves out of a record it writes as null in a list.
  for (const item of list) bytes += jsonBytes(item) || 4;
  return bytes;
}

function recordBytes(record: object): number {
  // Each field but the first brings a comma; an empty record has neither.
  let bytes = 1;
  for (const name in record) {
    const inner = jsonBytes((record as Readonly<Record<string, unknown>>)[name]);
    if (inner > 0) bytes += textBytes(name) + 2 + inner;
  }
  return Math.max(2, bytes);
}

function numberBytes(n: number): number {
  if (!Number.isFinite(n)) return 4;
  if (!Number.isSafeInteger(n)) return String(n).length;
  const magnitude = Math.abs(n);
  let digits = n < 0 ? 2 : 1;
  for (let power = 10; power <= magnitude; power *= 10) digits += 1;
  return digits;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

function textBytes(text: string): number {
  let bytes = 2 + text.length;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) {
      bytes += asciiSurplus(unit);
    } else if (unit < 0x800) {
      bytes += 1;
    } else if (unit < 0xd800 || unit > 0xdfff) {
      bytes += 2;
    } else if (unit < 0xdc00 && isLowSurrogate(text.charCodeAt(i + 1))) {
      bytes += 2;
      i += 1;
    } else {
      // A lone surrogate is written as \udXXX.
      bytes += 5;
    }
  }
  return bytes;
}

/** What an ASCII character takes beyond one byte. */
function asciiSurplus(unit: number): number {
  if (unit >= 0x20) return unit === QUOTE || unit === BACKSLASH ? 1 : 0;
  return hasShortEscape(unit) ? 1 : 5;
}

function hasShortEscape(unit: number): boolean {
  return unit === 0x08 || unit === 0x09 || unit === 0x0a || unit === 0x0c || unit === 0x0d;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
