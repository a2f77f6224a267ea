/** The best of all titles that a request allows, best first; of equals the one further in front in
 * the catalogue. */
import type { RowRequest } from '../../domain/recommending/row-policy.ts';
import { rankTitles } from '../recommenders/top-titles.ts';

/** `count` of them, or as many as are allowed. @param scores - By title. Cost: `rankTitles`. */
export function topTitles(
  scores: Float64Array,
  { count, isExcluded }: { readonly count: number; isExcluded(title: number): boolean },
): number[] {
  const into = new Int32Array(Math.min(count, scores.length));
  return Array.from(into.subarray(0, rankTitles(scores, { into, isExcluded })));
}

/** Those that a request allows, as many as it wants. */
export function bestRow(scores: Float64Array, request: RowRequest): number[] {
  const isExcluded = (title: number) => request.isExcluded(title);
  return topTitles(scores, { count: request.slots, isExcluded });
}

/** A row without chance: every choice was certain. */
export function certainRow(titles: readonly number[]) {
  return { titles, propensities: titles.map(() => 1) };
}

/** Probability of a row where `certain` is what is shown: 1 or 0. */
export function isSameRow(certain: readonly number[], titles: readonly number[]): number {
  const isSame =
    certain.length === titles.length && certain.every((title, slot) => title === titles[slot]);
  return Number(isSame);
}
