/** Warehouse → interactions: the valid plays of `fact_playback_session`, and the titles of
 * `dim_title`. Whatever order the rows of the file are in, the arrays are the same. Spec:
 * M30–M31. */
import type { Warehouse } from '../../storage/warehouse.ts';
import { emptyColumns, type Interactions } from './interactions.ts';

/** What of the warehouse is read. */
export interface ReadOptions {
  /** Only plays that had ended by then, µs since the epoch: nothing else was known. All unless
   * given. */
  readonly untilUs?: number;
}

const PLAYS = `FROM fact_playback_session
  WHERE is_valid_play = 1 AND title_sk IN (SELECT title_sk FROM dim_title) AND end_us <= ?`;
const COLUMNS = 'user_id, title_sk, start_us, end_us, content_watched_s';

/** Reads what was played, in total order: by start, user, title, end, share.
 * @returns columns of length 0 where nothing was played; a model that is trained on them scores all
 * titles alike. A play of a title whose running time is not known counts as watched in full.
 * Cost: a scan and a sort; about 3 s for 1 M plays (bench `analytics`). */
export function readInteractions(
  warehouse: Pick<Warehouse, 'scan'>,
  { untilUs = Number.MAX_SAFE_INTEGER }: ReadOptions = {},
): Interactions {
  const titles = readTitles(warehouse);
  const [counted] = [...warehouse.scan(`SELECT count(*) ${PLAYS}`, [untilUs])];
  const columns = emptyColumns(Number(counted?.[0] ?? 0));
  const { user, title, timeUs, endUs, share } = columns;
  const seen = new Map<string, number>();
  let row = 0;
  for (const found of warehouse.scan(`SELECT ${COLUMNS} ${PLAYS}`, [untilUs])) {
    const [id, titleSk, start, end, watched] = found as [string, number, number, number, number];
    let number = seen.get(id);
    if (number === undefined) {
      number = seen.size;
      seen.set(id, number);
    }
    user[row] = number;
    title[row] = titles.numberBySk.get(titleSk) ?? 0;
    timeUs[row] = start;
    endUs[row] = end;
    share[row] = shareOf(watched, titles.runtimes[title[row] as number] ?? 0);
    row += 1;
  }
  const users = renumber(seen, user);
  return { users, titles: titles.ids, ...inTotalOrder(columns) };
}

function shareOf(watchedSeconds: number, runtimeSeconds: number): number {
  return runtimeSeconds > 0 ? Math.min(1, watchedSeconds / runtimeSeconds) : 1;
}

function readTitles(warehouse: Pick<Warehouse, 'scan'>) {
  const rows = [...warehouse.scan('SELECT title_id, title_sk, runtime_s FROM dim_title')] as [
    string,
    number,
    number | null,
  ][];
  // By UTF-16 units, as everywhere: SQLite would compare bytes.
  rows.sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
  return {
    ids: rows.map(([id]) => id),
    numberBySk: new Map(rows.map(([, titleSk], number) => [titleSk, number])),
    runtimes: rows.map(([, , runtime]) => runtime ?? 0),
  };
}

/** Numbers users in the order of their ids, not of their first rows. */
function renumber(seen: ReadonlyMap<string, number>, user: Int32Array): readonly string[] {
  const users = [...seen.keys()].sort();
  const numbers = new Int32Array(users.length);
  users.forEach((id, number) => {
    numbers[seen.get(id) as number] = number;
  });
  for (let row = 0; row < user.length; row += 1) user[row] = numbers[user[row] as number] as number;
  return users;
}

type Columns = ReturnType<typeof emptyColumns>;

function inTotalOrder(columns: Columns): Columns {
  const { user, title, timeUs, endUs, share } = columns;
  const keys = [timeUs, user, title, endUs, share];
  const order = new Uint32Array(user.length);
  for (let row = 0; row < order.length; row += 1) order[row] = row;
  order.sort((a, b) => {
    const byTime = (timeUs[a] as number) - (timeUs[b] as number);
    if (byTime !== 0) return byTime;
    for (const key of keys) {
      const difference = (key[a] as number) - (key[b] as number);
      if (difference !== 0) return difference;
    }
    return 0;
  });
  return {
    user: user.map((_, row) => user[order[row] as number] as number),
    title: title.map((_, row) => title[order[row] as number] as number),
    timeUs: timeUs.map((_, row) => timeUs[order[row] as number] as number),
    endUs: endUs.map((_, row) => endUs[order[row] as number] as number),
    share: share.map((_, row) => share[order[row] as number] as number),
  };
}
