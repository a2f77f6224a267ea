/** Plays of one user that follow each other: by user, in the order of time, cut into sessions where
 * nothing was played for long. */
import type { Interactions } from '../training/interactions.ts';

/** What follows what. */
export interface Sessions {
  /** Titles of all plays, by user and then by time. */
  readonly title: Int32Array;
  /** Row of each of them in the interactions. */
  readonly row: Int32Array;
  /** Where each session begins in the above; one more at the end. */
  readonly start: Int32Array;
  /** User of each session. */
  readonly user: Int32Array;
}

const HOUR_US = 3_600_000_000;

/** Cuts plays into sessions. Cost O(plays).
 * @param gapHours - A play that begins more than so long after the one before ended opens
 * another. */
export function sessionsOf(interactions: Interactions, gapHours: number): Sessions {
  const { users, user, title, timeUs, endUs } = interactions;
  const row = rowsByUser(interactions);
  const starts: number[] = [];
  const owners: number[] = [];
  for (let at = 0; at < row.length; at += 1) {
    const [here, before] = [row[at] as number, row[at - 1] as number];
    const isFirst = at === 0 || user[here] !== user[before];
    const gapUs = isFirst ? 0 : (timeUs[here] as number) - (endUs[before] as number);
    if (!isFirst && gapUs <= gapHours * HOUR_US) continue;
    starts.push(at);
    owners.push(user[here] as number);
  }
  return {
    title: row.map((one) => title[one] as number),
    row,
    start: Int32Array.from([...starts, row.length]),
    user: Int32Array.from(users.length === 0 ? [] : owners),
  };
}

/** Rows by user; a user's in the order of time, as they are. A stable counting sort. */
function rowsByUser({ users, user }: Interactions): Int32Array {
  const next = new Int32Array(users.length + 1);
  for (const one of user) next[one + 1] = (next[one + 1] as number) + 1;
  for (let one = 0; one < users.length; one += 1) {
    next[one + 1] = (next[one + 1] as number) + (next[one] as number);
  }
  const rows = new Int32Array(user.length);
  user.forEach((one, row) => {
    rows[next[one] as number] = row;
    next[one] = (next[one] as number) + 1;
  });
  return rows;
}
