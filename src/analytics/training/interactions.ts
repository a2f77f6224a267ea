/** What a model of taste learns from: who watched what, when, and how much of it. Users and titles
 * are numbered in the order of their ids, rows are in the order of time, so that the same warehouse
 * gives the same arrays. */

/** Plays as columns; all of one length, ascending by time (ties by user, then title). */
export interface Interactions {
  /** Ids by number, ascending: `v17`. */
  readonly users: readonly string[];
  /** Ids by number, ascending: `tt00017`. All of the dimension, played or not. */
  readonly titles: readonly string[];
  readonly user: Int32Array;
  readonly title: Int32Array;
  /** When it was started. */
  readonly timeUs: Float64Array;
  /** When it ended: before that, nobody knew its share. */
  readonly endUs: Float64Array;
  /** Share of the title that was watched, 0–1. */
  readonly share: Float64Array;
}

/** Number of an id among ids in ascending order; −1 where it is not among them. Cost O(log n). */
export function numberOf(ids: readonly string[], id: string): number {
  let low = 0;
  let high = ids.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = ids[middle] as string;
    if (found === id) return middle;
    if (found < id) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** The rows that are asked for, in their order, with only the users that are in them: who comes
 * later leaves no trace, not even in the numbers of others. Titles stay all. Cost O(rows).
 * @param rows - Places of rows, ascending. */
export function selectRows(from: Interactions, rows: Int32Array): Interactions {
  const renumbered = new Int32Array(from.users.length).fill(-1);
  for (const row of rows) renumbered[from.user[row] as number] = 0;
  const users: string[] = [];
  from.users.forEach((id, user) => {
    if (renumbered[user] === 0) renumbered[user] = users.push(id) - 1;
  });
  const columns = emptyColumns(rows.length);
  rows.forEach((row, i) => {
    columns.user[i] = renumbered[from.user[row] as number] as number;
    columns.title[i] = from.title[row] as number;
    columns.timeUs[i] = from.timeUs[row] as number;
    columns.endUs[i] = from.endUs[row] as number;
    columns.share[i] = from.share[row] as number;
  });
  return { users, titles: from.titles, ...columns };
}

/** Columns of a length, all zero. */
export function emptyColumns(length: number): Omit<Interactions, 'users' | 'titles'> {
  return {
    user: new Int32Array(length),
    title: new Int32Array(length),
    timeUs: new Float64Array(length),
    endUs: new Float64Array(length),
    share: new Float64Array(length),
  };
}
