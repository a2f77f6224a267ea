/** The row of a cascade that is worth most, by local search:
 * V(k) = V(k + 1) + sₖ cₜ (rₜ − V(k + 1)), so what is best in a slot depends only on what comes
 * after it, and on which titles are taken. */
import type { RowRequest } from '../../domain/recommending/row-policy.ts';
import { bestRow, topTitles } from './top-titles.ts';

const SWEEPS_MAX = 20;

/** What is known of the titles for one viewer. */
export interface CascadeTitles {
  /** Probability of taking a title that is looked at. */
  readonly take: Float64Array;
  /** Expected reward once taken. */
  readonly reward: Float64Array;
  /** Room for a number a title. */
  readonly score: Float64Array;
}

/** Begins with the titles of greatest take · reward, and then exchanges one title for another, or
 * two slots, until neither helps. Cost O(slots · (titles + slots²)) a sweep. */
export function bestCascadeRow(
  { take, reward, score }: CascadeTitles,
  request: RowRequest,
  lookedAt: (slot: number) => number,
): number[] {
  for (let title = 0; title < score.length; title += 1) {
    score[title] = (take[title] ?? 0) * (reward[title] ?? 0);
  }
  let row = bestRow(score, request);
  const after = (titles: readonly number[], from: number) => {
    let value = 0;
    for (let slot = titles.length - 1; slot >= from; slot -= 1) {
      const title = titles[slot] ?? 0;
      value += lookedAt(slot) * (take[title] ?? 0) * ((reward[title] ?? 0) - value);
    }
    return value;
  };
  for (let sweep = 0; sweep < SWEEPS_MAX; sweep += 1) {
    const before = after(row, 0);
    for (let slot = row.length - 1; slot >= 0; slot -= 1) {
      const rest = after(row, slot + 1);
      for (let title = 0; title < score.length; title += 1) {
        score[title] = (take[title] ?? 0) * ((reward[title] ?? 0) - rest);
      }
      const others = new Set(row.filter((_, place) => place !== slot));
      const [best] = topTitles(score, {
        count: 1,
        isExcluded: (title) => others.has(title) || request.isExcluded(title),
      });
      if (best !== undefined) row[slot] = best;
    }
    row = bestOrder(row, (titles) => after(titles, 0));
    if (after(row, 0) <= before) break;
  }
  return row;
}

/** Exchanges any two slots as long as that helps. */
function bestOrder(titles: readonly number[], worthOf: (row: readonly number[]) => number) {
  let row = [...titles];
  for (let i = 0; i < row.length; i += 1) {
    for (let j = i + 1; j < row.length; j += 1) {
      const swapped = [...row];
      swapped[i] = row[j] ?? 0;
      swapped[j] = row[i] ?? 0;
      if (worthOf(swapped) > worthOf(row)) row = swapped;
    }
  }
  return row;
}
