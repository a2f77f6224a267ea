/** Cells, columns and order of stored rows. Spec: S44, S45. */
import { describe, expect, it } from 'vitest';
import type { RowSchema } from '../../../src/domain/stored/row-schema.ts';
import { checkRows, inOrder, storedCells } from '../../../src/domain/stored/stage-rows.ts';

type Row = readonly [atUs: number | null, name: string | null];
const SCHEMA: RowSchema<Row> = {
  family: 'rows',
  version: 1,
  timeColumn: 'at_us',
  orderBy: ['name'],
  columns: [
    { name: 'at_us', kind: 'integer', of: (row) => row[0] },
    { name: 'name', kind: 'text', of: (row) => row[1] },
  ],
};

describe('stored rows', () => {
  it('S44 a cell that does not fit is named with the column, the value and the remedy', () => {
    expect(() => checkRows(SCHEMA, [[0.5, 'a']])).toThrow(
      'STORAGE_BAD_ROW: rows.at_us: 0.5 is no integer',
    );
    expect(() => checkRows(SCHEMA, [[null, 'a']])).toThrow('null is no integer (null is no time)');
    expect(() => checkRows(SCHEMA, [[1, null]])).not.toThrow();
  });

  it('S45 text is well-formed, and an integer has one zero', () => {
    expect(storedCells(SCHEMA, [-0, 'a\ud800b'])).toEqual([0, 'a\ufffdb']);
    expect(storedCells(SCHEMA, [1, '😀'])).toEqual([1, '😀']);
  });

  it('S45 the order is by code points, null first, and stable', () => {
    const names = ['\uffee', '😀', null, 'b', 'a', 'ab', 'a'];
    const rows = names.map((name, i) => [i, name] as const);
    const sorted = inOrder(SCHEMA, rows);
    expect(sorted.map((row) => row[1])).toEqual([null, 'a', 'a', 'ab', 'b', '\uffee', '😀']);
    expect(sorted[1]?.[0]).toBe(4);
  });
});
