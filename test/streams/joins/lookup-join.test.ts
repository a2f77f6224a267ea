/** Versioned tables and joins with them: what held at a row's event time. */
import { fc, test } from '@fast-check/vitest';
import { of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { lookupJoin } from '../../../src/streams/joins/lookup-join.ts';
import {
  createVersionedTable,
  type TableChange,
} from '../../../src/streams/joins/versioned-table.ts';
import type { StreamItem } from '../../../src/streams/stream-item.ts';

const changes = fc.array(
  fc.record({
    key: fc.constantFrom('a', 'b', 1),
    validFromUs: fc.nat(30),
    values: fc.option(fc.record({ x: fc.nat(9) }), { freq: 4 }),
  }),
  { maxLength: 30 },
);

/** The last change told of the latest time that is not after `timeUs`. */
function expected(all: readonly TableChange[], key: TableChange['key'], timeUs: number) {
  const known = all.filter((one) => one.key === key && one.validFromUs <= timeUs);
  const latest = Math.max(...known.map(({ validFromUs }) => validFromUs));
  return known.findLast(({ validFromUs }) => validFromUs === latest)?.values ?? null;
}

describe('versioned table (W37)', () => {
  test.prop([changes], { seed: 39, numRuns: 300 })(
    'tells what held at any time, whatever the order of changes, also after a snapshot',
    (all) => {
      const table = createVersionedTable({ changes: all });
      const restored = createVersionedTable();
      restored.restore(JSON.parse(JSON.stringify(table.snapshot())));
      const places = ['a', 'b', 1, 'none'].flatMap((key) =>
        Array.from({ length: 32 }, (_, timeUs) => ({ key, timeUs })),
      );
      const wanted = places.map(({ key, timeUs }) => expected(all, key, timeUs));
      for (const one of [table, restored]) {
        expect(places.map(({ key, timeUs }) => one.lookup(key, timeUs))).toEqual(wanted);
      }
    },
  );

  const update = { key: 'a', validFromUs: 5, values: { x: 2 } };
  const first = { key: 'a', validFromUs: 0, values: { x: 1 } };

  it('applies late changes to rows that come after, and counts them', () => {
    const table = createVersionedTable({ changes: [first] });
    expect(table.lookup('a', 7)).toEqual({ x: 1 });
    expect(table.change(update)).toBe(true);
    expect(table.lookup('a', 7)).toEqual({ x: 2 });
    expect(table.lateChanges).toBe(1);
    expect(table.change({ ...update, validFromUs: 8 })).toBe(true);
    expect(table.lateChanges).toBe(1);
  });

  it('refuses late changes where rows of one time must see the same', () => {
    const table = createVersionedTable({ changes: [first], lateChanges: 'refuse' });
    table.lookup('b', 7);
    expect(table.change(update)).toBe(false);
    expect(table.lookup('a', 7)).toEqual({ x: 1 });
    expect(table.lateChanges).toBe(1);
  });

  it('does not change once frozen, and takes no change without key or time', () => {
    const frozen = createVersionedTable({ changes: [first], isFrozen: true });
    expect(() => frozen.change(update)).toThrow(/frozen table cannot change/);
    const table = createVersionedTable();
    expect(() => table.change({ ...update, key: null })).toThrow(/needs a key/);
    expect(() => table.change({ ...update, validFromUs: 0.5 })).toThrow(/whole µs/);
  });
});

describe('lookup join', () => {
  const items: readonly StreamItem<{ k: string | null }>[] = [
    { kind: 'row', row: { k: 'a' }, timeUs: 3 },
    { kind: 'row', row: { k: null }, timeUs: 3 },
    { kind: 'watermark', timeUs: 4 },
    { kind: 'row', row: { k: 'a' }, timeUs: 6 },
    { kind: 'row', row: { k: 'zz' }, timeUs: 6 },
  ];
  const join = (missing: 'null' | 'drop') => {
    const told: unknown[] = [];
    const table = createVersionedTable({
      changes: [
        { key: 'a', validFromUs: 0, values: { x: 1 } },
        { key: 'a', validFromUs: 5, values: { x: 2 } },
      ],
    });
    of(...items)
      .pipe(
        lookupJoin({
          table,
          missing,
          keyOf: ({ k }) => k,
          join: ({ k }, values) => [k, values?.['x'] ?? null],
        }),
      )
      .subscribe((item) => told.push(item.kind === 'row' ? item.row : item.timeUs));
    return told;
  };

  it('gives each row the version of its time', () => {
    expect(join('null')).toEqual([['a', 1], [null, null], 4, ['a', 2], ['zz', null]]);
    expect(join('drop')).toEqual([['a', 1], 4, ['a', 2]]);
  });
});
