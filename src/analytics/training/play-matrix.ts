/** Who played what, as a sparse matrix by rows: each pair of a user and a title once, columns
 * ascending, so that sums over it are in one order. */
import type { Interactions } from './interactions.ts';

/** Compressed sparse rows. */
export interface PlayMatrix {
  readonly rowCount: number;
  readonly columnCount: number;
  /** Where each row begins in the columns below; length `rowCount` + 1. */
  readonly start: Int32Array;
  /** Column of each pair; ascending within a row. */
  readonly column: Int32Array;
  /** Times that it was played. */
  readonly plays: Float64Array;
  /** Sum of the shares watched. */
  readonly share: Float64Array;
}

/** Users × titles. Cost O(plays + users + titles): two counting sorts. */
export function playMatrix(interactions: Interactions): PlayMatrix {
  const { users, titles, user, title, share } = interactions;
  const byTitle = places(title, titles.length);
  const byUser = places(user, users.length, byTitle.order);
  const { order } = byUser;
  const start = new Int32Array(users.length + 1);
  const column = new Int32Array(order.length);
  const plays = new Float64Array(order.length);
  const shares = new Float64Array(order.length);
  let pairs = 0;
  for (let row = 0; row < users.length; row += 1) {
    start[row] = pairs;
    for (let at = byUser.start[row] as number; at < (byUser.start[row + 1] as number); at += 1) {
      const place = order[at] as number;
      const isNew = pairs === start[row] || column[pairs - 1] !== title[place];
      if (isNew) {
        column[pairs] = title[place] as number;
        pairs += 1;
      }
      plays[pairs - 1] = (plays[pairs - 1] as number) + 1;
      shares[pairs - 1] = (shares[pairs - 1] as number) + (share[place] as number);
    }
  }
  start[users.length] = pairs;
  return {
    rowCount: users.length,
    columnCount: titles.length,
    start,
    column: column.slice(0, pairs),
    plays: plays.slice(0, pairs),
    share: shares.slice(0, pairs),
  };
}

/** Titles × users. Cost O(pairs). */
export function transposed(matrix: PlayMatrix): PlayMatrix {
  const { rowCount, columnCount, start, column, plays, share } = matrix;
  const rowOf = new Int32Array(column.length);
  for (let row = 0; row < rowCount; row += 1) {
    rowOf.fill(row, start[row] as number, start[row + 1] as number);
  }
  const by = places(column, columnCount);
  return {
    rowCount: columnCount,
    columnCount: rowCount,
    start: by.start,
    column: by.order.map((place) => rowOf[place] as number),
    plays: plays.map((_, at) => plays[by.order[at] as number] as number),
    share: share.map((_, at) => share[by.order[at] as number] as number),
  };
}

/** Whether the pair is in the matrix. Cost O(log of the row). */
export function hasPair(matrix: PlayMatrix, row: number, column: number): boolean {
  let low = matrix.start[row] as number;
  let high = (matrix.start[row + 1] as number) - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = matrix.column[middle] as number;
    if (found === column) return true;
    if (found < column) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}

/** A stable counting sort: places in the order of their keys, and where each key begins. */
function places(keys: Int32Array, keyCount: number, from?: Int32Array) {
  const start = new Int32Array(keyCount + 1);
  for (const key of keys) start[key + 1] = (start[key + 1] as number) + 1;
  for (let key = 0; key < keyCount; key += 1) {
    start[key + 1] = (start[key + 1] as number) + (start[key] as number);
  }
  const next = start.slice();
  const order = new Int32Array(keys.length);
  for (let i = 0; i < keys.length; i += 1) {
    const place = from === undefined ? i : (from[i] as number);
    const key = keys[place] as number;
    order[next[key] as number] = place;
    next[key] = (next[key] as number) + 1;
  }
  return { order, start };
}
