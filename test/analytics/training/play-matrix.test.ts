/** The sparse matrix of plays, against a dense one. */
import { describe, expect, it } from 'vitest';
import { fingerprintOf } from '../../../src/analytics/training/fingerprint.ts';
import {
  hasPair,
  type PlayMatrix,
  playMatrix,
  transposed,
} from '../../../src/analytics/training/play-matrix.ts';
import { playsByHand } from '../hand-made-plays.ts';

function dense({ rowCount, columnCount, start, column, plays, share }: PlayMatrix) {
  return Array.from({ length: rowCount }, (_, row) => {
    const cells = new Array<string>(columnCount).fill('');
    for (let at = start[row] ?? 0; at < (start[row + 1] ?? 0); at += 1) {
      cells[column[at] ?? -1] = `${plays[at]}×${share[at]}`;
    }
    return cells;
  });
}

const PLAYS = playsByHand(
  [
    [0, 2, 0, 0.5],
    [1, 0, 1, 1],
    [0, 0, 2, 0.25],
    [0, 2, 3, 0.25],
    [2, 1, 4, 1],
  ],
  4,
);

describe('the matrix of plays', () => {
  it('has each pair once, with its plays and shares', () => {
    const matrix = playMatrix(PLAYS);
    expect(dense(matrix)).toEqual([
      ['1×0.25', '', '2×0.75', ''],
      ['1×1', '', '', ''],
      ['', '1×1', '', ''],
    ]);
    expect(hasPair(matrix, 0, 2)).toBe(true);
    expect(hasPair(matrix, 0, 1)).toBe(false);
    expect(hasPair(matrix, 2, 3)).toBe(false);
  });

  it('is turned over', () => {
    const matrix = playMatrix(PLAYS);
    const turned = dense(transposed(matrix));
    expect(turned).toEqual(dense(matrix)[0]?.map((_, c) => dense(matrix).map((row) => row[c])));
  });
});

describe('a fingerprint', () => {
  it('tells one bit, and where an array ends', () => {
    const print = (...arrays: readonly (readonly number[])[]) =>
      fingerprintOf(arrays.map((array) => Float64Array.from(array)));
    expect(print([1, 2], [3])).toBe(print([1, 2], [3]));
    const others = [print([1], [2, 3]), print([1, 2], [3 + 2 ** -51]), print([2, 1], [3])];
    expect(new Set([print([1, 2], [3]), ...others]).size).toBe(4);
    expect(print([0])).not.toBe(print([-0]));
    expect(print()).toMatch(/^[0-9a-f]{16}$/);
  });
});
