/** What a list is like besides right or wrong: how various, how novel, how surprising. Told by what
 * was known before the cut. Sources: Zhou et al. 2010 (novelty as self-information); Ziegler et al.
 * 2005 (intra-list similarity); Zhang et al. 2012 (unserendipity as similarity to the history).
 * Spec: M41. */
import type { PlayMatrix } from '../training/play-matrix.ts';
import { transposed } from '../training/play-matrix.ts';

/** Measures of a list. */
export interface ListMetrics {
  /** Mean of 1 − cosine over all pairs of the list, 0–1; 0 for a list of one. */
  diversity(list: Int32Array): number;
  /** Mean of −log₂((users of the title + 1) ÷ (users + 1)), bits. */
  novelty(list: Int32Array): number;
  /** Mean over the list of 1 − mean cosine to the history for hits, and 0 for the others, 0–1. */
  serendipity(list: Int32Array, hits: Uint8Array, history: Int32Array): number;
}

/** Their definitions, each in a sentence. */
export const LIST_METRIC_WORDS = {
  diversity: 'mean over pairs of the list of 1 − the cosine of who played them before the cut',
  novelty: 'mean over the list of −log₂ of the share of users who played the title before the cut',
  serendipity: 'mean over the list of 1 − the mean cosine to what the user had played, for hits',
} as const;

/** Prepares them. Titles are as near as the cosine of their users. The row of a title's cosines is
 * made when first needed and kept: 4 bytes a title, for each title that is ever shown.
 * @param byUser - Users × titles, before the cut. */
export function createListMetrics(byUser: PlayMatrix): ListMetrics {
  const byTitle = transposed(byUser);
  const rows = new Map<number, Float32Array>();
  const rowOf = (title: number): Float32Array => {
    const known = rows.get(title);
    if (known !== undefined) return known;
    const made = cosines(byUser, byTitle, title);
    rows.set(title, made);
    return made;
  };
  const users = byUser.rowCount;
  const information = Float64Array.from({ length: byTitle.rowCount }, (_, title) =>
    Math.log2((users + 1) / (usersOf(byTitle, title) + 1)),
  );
  return {
    diversity(list) {
      if (list.length < 2) return 0;
      let sum = 0;
      for (let a = 0; a < list.length; a += 1) {
        const row = rowOf(list[a] as number);
        for (let b = 0; b < a; b += 1) sum += 1 - (row[list[b] as number] as number);
      }
      return sum / ((list.length * (list.length - 1)) / 2);
    },
    novelty(list) {
      let sum = 0;
      for (const title of list) sum += information[title] as number;
      return list.length === 0 ? 0 : sum / list.length;
    },
    serendipity(list, hits, history) {
      let sum = 0;
      for (let rank = 0; rank < list.length; rank += 1) {
        if (hits[rank] !== 1) continue;
        const row = rowOf(list[rank] as number);
        let near = 0;
        for (const title of history) near += row[title] as number;
        sum += 1 - near / Math.max(1, history.length);
      }
      return list.length === 0 ? 0 : sum / list.length;
    },
  };
}

function usersOf({ start }: PlayMatrix, title: number): number {
  return (start[title + 1] as number) - (start[title] as number);
}

/** Users in common ÷ √(users of one · users of the other), by title. */
function cosines(byUser: PlayMatrix, byTitle: PlayMatrix, title: number): Float32Array {
  const common = new Float32Array(byTitle.rowCount);
  for (
    let at = byTitle.start[title] as number;
    at < (byTitle.start[title + 1] as number);
    at += 1
  ) {
    const user = byTitle.column[at] as number;
    for (let i = byUser.start[user] as number; i < (byUser.start[user + 1] as number); i += 1) {
      const other = byUser.column[i] as number;
      common[other] = (common[other] as number) + 1;
    }
  }
  const own = usersOf(byTitle, title);
  return common.map((count, other) =>
    count === 0 ? 0 : count / Math.sqrt(own * usersOf(byTitle, other)),
  );
}
