/** The way past the row: a viewer searches or browses, sees a handful of titles that popularity
 * turned up, and takes one of them by own taste. So history is not only what policies showed. */
import { choiceProbabilities, takenSlot } from '../../domain/taste/choice-model.ts';
import type { Zipf } from '../../kernel/distributions/zipf.ts';

/** Titles are drawn so often before fewer will have to do. */
const TRIES_PER_TITLE = 2;

/** The title that somebody takes; −1 where all that turned up was seen before.
 * @param options - `uniform`: the k-th number of this browsing; `wanted`: how many titles. */
export function browse(options: {
  readonly popularity: Zipf;
  readonly wanted: number;
  isExcluded(title: number): boolean;
  attraction(title: number): number;
  uniform(k: number): number;
}): number {
  const { popularity, wanted, uniform } = options;
  const found: number[] = [];
  for (let k = 1; k <= wanted * TRIES_PER_TITLE && found.length < wanted; k += 1) {
    const title = popularity.rank(uniform(k)) - 1;
    if (!options.isExcluded(title) && !found.includes(title)) found.push(title);
  }
  const taken = takenSlot(
    choiceProbabilities(
      { kind: 'multinomial-logit', nothing: Number.NEGATIVE_INFINITY, positionBias: 0 },
      found.map((title) => options.attraction(title)),
    ),
    uniform(0),
  );
  return found[taken] ?? found.at(-1) ?? -1;
}
