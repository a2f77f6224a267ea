/** The size of a value as JSON, without writing it. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonBytes } from '../../src/sdk/json-size.ts';

const trueBytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

it('A31: counts bytes, not characters', () => {
  const texts = [
    'home',
    'é',
    '千と千尋',
    '🎬',
    '"\\/',
    '\n\t\b\f\r',
    '\u0000\u001f\u007f',
    '\u2028',
  ];
  expect(texts.map(jsonBytes)).toEqual(texts.map(trueBytes));
});

it('A31: knows lone surrogates, at either end of a text', () => {
  for (const text of ['\ud83c', '\udfac', 'a\ud83c', '\udfaca', '\ud83c\ud83c\udfac']) {
    expect(jsonBytes(text), JSON.stringify(text)).toBe(trueBytes(text));
  }
});

it('A31: leaves out what JSON leaves out', () => {
  const record = { a: undefined, b: [undefined, 1], c: Number.NaN, d: { e: undefined } };
  expect(jsonBytes(record)).toBe(trueBytes(record));
});

it('A31: agrees with JSON.stringify on any data', () => {
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 4 }),
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 })
      .map((units) => String.fromCharCode(...units)),
    fc.double(),
    fc.maxSafeInteger(),
    fc.dictionary(fc.string(), fc.oneof(fc.constant(undefined), fc.integer()), { maxKeys: 5 }),
  );
  let compared = 0;
  void fc.assert(
    fc.property(value, (found) => {
      expect(jsonBytes(found)).toBe(trueBytes(found));
      compared += 1;
    }),
    { numRuns: 1_500, seed: 20261126 },
  );
  expect(compared).toBe(1_500);
});
