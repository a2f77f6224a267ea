/** What is saved: one text for one value, sealed; in parts, of which only the changed are told. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { CommittedState, StateChange } from '../../../src/domain/pipeline-ports.ts';
import type { PlainValue } from '../../../src/domain/plain-value.ts';
import { canonicalJson } from '../../../src/streams/checkpoints/canonical-json.ts';
import {
  openSnapshot,
  type SnapshotSeal,
  sealSnapshot,
} from '../../../src/streams/checkpoints/sealed-snapshot.ts';
import { createStateBook, type StateBook } from '../../../src/streams/checkpoints/state-book.ts';

const plain = fc.jsonValue() as fc.Arbitrary<PlainValue>;

/** The same value with the names of its objects in another order. */
function reordered(value: PlainValue): PlainValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(reordered);
  const entries = Object.entries(value).map(([name, one]) => [name, reordered(one)] as const);
  return Object.fromEntries(entries.reverse());
}

describe('canonical JSON', () => {
  test.prop([plain], { seed: 124, numRuns: 500 })(
    'W124 gives equal values equal texts, and is JSON',
    (value) => {
      const text = canonicalJson(value);
      expect(canonicalJson(reordered(value))).toBe(text);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    },
  );

  it('W124 refuses what JSON would change', () => {
    expect(() => canonicalJson({ at: [Number.NaN] })).toThrow('STATE_NOT_PLAIN');
    expect(() => canonicalJson(Number.POSITIVE_INFINITY)).toThrow('STATE_NOT_PLAIN');
  });
});

const SEAL = { schema: 'test/1', definition: { windows: 2 } };

describe('a sealed snapshot', () => {
  test.prop([plain], { seed: 125, numRuns: 200 })('W113 opens as it was', (value) => {
    const opened = openSnapshot(SEAL, sealSnapshot(SEAL, value));
    expect(canonicalJson(opened)).toBe(canonicalJson(value));
  });

  const text = sealSnapshot(SEAL, { count: 17 });
  it.each<[string, SnapshotSeal, string, string]>([
    ['of another schema', { ...SEAL, schema: 'test/2' }, text, 'schema test/1 is not test/2'],
    ['of another definition', { ...SEAL, definition: null }, text, 'another definition'],
    ['with another digit', SEAL, text.replace('17', '18'), 'not what was saved'],
    ['cut short', SEAL, text.slice(0, -2), 'not what was saved'],
    ['that goes on', SEAL, `${text}1\n`, 'not what was saved'],
    ['that is none', SEAL, 'state', 'no JSON'],
    ['of another kind', SEAL, '[]\n{}\n', '[] is no object'],
  ])('W113 is refused %s', (_, seal, ...[saved, problem]) => {
    expect(() => openSnapshot(seal, saved)).toThrow(/^SNAPSHOT_REFUSED/);
    expect(() => openSnapshot(seal, saved)).toThrow(problem);
  });
});

/** What a sink would hold after these changes. */
function applied(changes: readonly StateChange[]): CommittedState {
  let parts = new Map<string, string>();
  for (const { isWhole, put, removed } of changes) {
    if (isWhole) parts = new Map();
    for (const { name, text } of put) parts.set(name, text);
    for (const name of removed) parts.delete(name);
  }
  const sorted = [...parts].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    checkpoint: changes.at(-1)?.checkpoint ?? 0,
    parts: sorted.map(([name, text]) => ({ name, text })),
  };
}

function bookOf(values: Record<string, PlainValue>, definition: PlainValue = null): StateBook {
  const book = createStateBook({ schema: 'book/1', definition });
  for (const name of Object.keys(values)) {
    book.add(name, {
      snapshot: () => values[name] ?? null,
      restore: (saved) => {
        values[name] = saved;
      },
    });
  }
  return book;
}

describe('a state book', () => {
  it('W112 tells all parts first, then those that have changed', () => {
    const values: Record<string, PlainValue> = { a: 1, b: [2] };
    const book = bookOf(values);
    expect(book.take()).toMatchObject({ checkpoint: 1, isWhole: true });
    book.settle(true);
    values['b'] = [3];
    const { isWhole, put } = book.take();
    expect(isWhole).toBe(false);
    expect(put.map(({ name }) => name)).toEqual(['b', 'manifest']);
  });

  it('W112 tells everything again after a failure, under the same number', () => {
    const book = bookOf({ a: 1, b: 2 });
    book.take();
    book.settle(true);
    book.take();
    book.settle(false);
    const again = book.take();
    expect(again).toMatchObject({ checkpoint: 2, isWhole: true });
    expect(again.put).toHaveLength(3);
  });

  test.prop([fc.array(fc.tuple(plain, plain), { minLength: 1, maxLength: 6 })], {
    seed: 112,
    numRuns: 200,
  })('W112 the changes together are the state', (history) => {
    const values: Record<string, PlainValue> = { a: null, b: null };
    const book = bookOf(values);
    const changes = history.map(([a, b]) => {
      Object.assign(values, { a, b });
      const change = book.take();
      book.settle(true);
      return change;
    });
    const restored: Record<string, PlainValue> = { a: null, b: null };
    const next = bookOf(restored);
    next.restore(applied(changes));
    expect(canonicalJson(restored)).toBe(canonicalJson(values));
    expect(next.checkpoint).toBe(history.length);
    expect(next.take()).toEqual(book.take());
  });

  const saved = () => {
    const book = bookOf({ a: 1, b: 2 });
    return applied([book.take()]);
  };
  const without = (name: string) => ({
    ...saved(),
    parts: saved().parts.filter((part) => part.name !== name),
  });
  it.each<[string, CommittedState, StateBook, string]>([
    ['of another definition', saved(), bookOf({ a: 0, b: 0 }, 'other'), 'another definition'],
    ['without its manifest', without('manifest'), bookOf({ a: 0, b: 0 }), 'without a manifest'],
    ['that lost a part', without('b'), bookOf({ a: 0, b: 0 }), 'differ from what was saved'],
    ['of another number', { ...saved(), checkpoint: 2 }, bookOf({ a: 0, b: 0 }), 'differ'],
    ['with a part too many', saved(), bookOf({ a: 0 }), 'part b: nothing here'],
    ['with a part too few', saved(), bookOf({ a: 0, b: 0, c: 0 }), 'part c is missing'],
  ])('W113 refuses state %s', (_, state, ...[book, problem]) => {
    expect(() => book.restore(state)).toThrow(/^SNAPSHOT_REFUSED/);
    expect(() => book.restore(state)).toThrow(problem);
  });
});
