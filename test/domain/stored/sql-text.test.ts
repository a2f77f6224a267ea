/** What is told of a text in SQL without an engine. Spec: S128, S131. */
import { describe, expect, it } from 'vitest';
import { AnswerRows } from '../../../src/domain/stored/sql-answer.ts';
import {
  firstWord,
  hasLimitWithoutOrder,
  hasOrder,
  placeIn,
} from '../../../src/domain/stored/sql-text.ts';

describe('SQL as text', () => {
  it('S128 the first word is none of a comment', () => {
    expect(firstWord('  -- drop\n/* attach */ (select 1)')).toBe('SELECT');
    expect(firstWord("'select'")).toBe('');
    expect(firstWord('/* never closed select 1')).toBe('');
  });

  it('S131 a limit without an order is seen, in quotes or brackets it is none', () => {
    expect(hasLimitWithoutOrder('SELECT a FROM t LIMIT 3')).toBe(true);
    expect(hasLimitWithoutOrder('SELECT a FROM t ORDER  BY a LIMIT 3')).toBe(false);
    expect(hasLimitWithoutOrder("SELECT ' limit ' FROM t")).toBe(false);
    expect(hasOrder('SELECT sum(a) OVER (ORDER BY (a)) FROM t')).toBe(false);
    expect(hasOrder('SELECT a FROM (SELECT 1) ORDER BY a')).toBe(true);
  });

  it('counts lines and columns from 1, in characters', () => {
    expect(placeIn('a\n😀b', 'a\n😀'.length)).toEqual({ line: 2, column: 2 });
  });

  it('S131 an answer ends at either limit', () => {
    const rows = new AnswerRows({ rowsMax: 2, bytesMax: 100 });
    expect([rows.add([1]), rows.add([2]), rows.add([3])]).toEqual([true, true, false]);
    expect(rows.answer(['n'])).toEqual({ columns: ['n'], rows: [[1], [2]], cutBy: 'rows' });
    const texts = new AnswerRows({ rowsMax: 9, bytesMax: 100 });
    expect([texts.add(['x'.repeat(40)]), texts.add(['x'.repeat(40)])]).toEqual([true, false]);
    expect(texts.answer([]).cutBy).toBe('bytes');
  });
});
