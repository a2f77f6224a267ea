/** One text for one value: JSON whose objects have their names in the order of code units, so that
 * equal states are equal bytes and can be hashed and compared. */
import { hash } from 'node:crypto';
import type { PlainValue } from '../../domain/plain-value.ts';
import { invariant } from '../../kernel/errors.ts';

/** The canonical text of plain data. Names whose value is `undefined` are left out, as JSON does.
 * Cost O(size). @throws InvariantError for NaN and ±∞, which JSON would turn into null. */
export function canonicalJson(value: PlainValue): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      invariant(Number.isFinite(value), 'STATE_NOT_PLAIN', { found: String(value) });
      return String(value);
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return canonicalList(value);
      return canonicalObject(value as { readonly [name: string]: PlainValue });
    default:
      return String(value);
  }
}

/** SHA-256 of a text, in hexadecimal. */
export function textHash(text: string): string {
  return hash('sha256', text, 'hex');
}

function canonicalList(values: readonly PlainValue[]): string {
  let text = '[';
  for (let i = 0; i < values.length; i += 1) {
    if (i > 0) text += ',';
    text += canonicalJson(values[i] as PlainValue);
  }
  return `${text}]`;
}

function canonicalObject(value: { readonly [name: string]: PlainValue }): string {
  let text = '{';
  for (const name of Object.keys(value).sort()) {
    const member = value[name];
    if (member === undefined) continue;
    if (text.length > 1) text += ',';
    text += `${JSON.stringify(name)}:${canonicalJson(member)}`;
  }
  return `${text}}`;
}
