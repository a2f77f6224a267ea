/** Differences of JSON values, by path. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonDifferences } from '../../../src/experiment/reproduce/json-differences.ts';

it('names every place, missing values included, and leaves out what is ignored', () => {
  const a = { x: 1, list: [1, { y: 2 }], only: null, node: 'v24' };
  const b = { x: 1, list: [1, { y: 3 }, 4], node: 'v25' };
  expect(jsonDifferences(a, b, ['node'])).toEqual([
    { path: 'list.1.y', a: 2, b: 3 },
    { path: 'list.2', a: undefined, b: 4 },
    { path: 'only', a: null, b: undefined },
  ]);
  expect(jsonDifferences([], {})).toEqual([{ path: '', a: [], b: {} }]);
});

it('finds none exactly where the values are equal (200 random pairs, seed 350)', () => {
  const property = fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
    const copy = JSON.parse(JSON.stringify(a)) as unknown;
    const again = JSON.parse(JSON.stringify(copy)) as unknown;
    expect(jsonDifferences(copy, again)).toEqual([]);
    const other = JSON.parse(JSON.stringify(b)) as unknown;
    const areEqual = JSON.stringify(sorted(copy)) === JSON.stringify(sorted(other));
    expect(jsonDifferences(copy, other).length === 0).toBe(areEqual);
  });
  fc.assert(property, { numRuns: 200, seed: 350 });
});

/** With keys in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
