/** What a policy ranks by: scores of all titles for who asks. Several policies rank by the same
 * scorer: the best first, softly, or with exploration. */
import type { Catalogue } from '../../domain/catalogue.ts';
import type { RowOutcome, RowRequest } from '../../domain/recommending/row-policy.ts';
import type { Recommender } from '../recommenders/recommender.ts';

/** Scores titles by their place in the catalogue. */
export interface RowScorer {
  /** Writes a score for each title; the greater, the better. Never NaN. */
  score(request: Pick<RowRequest, 'viewer' | 'nowUs'>, into: Float64Array): void;
  /** Told what came of rows, where it learns from them. */
  learn?(outcomes: readonly RowOutcome[]): void;
}

/** A trained recommender as scorer. Users of its training are `v<viewer>`; others get what
 * everybody gets, and titles that it does not know come last.
 * @param options - `users` and `titles`: ids by number, as in the interactions of its training. */
export function recommenderScorer(options: {
  readonly recommender: Recommender;
  readonly users: readonly string[];
  readonly titles: readonly string[];
  readonly catalogue: Catalogue;
}): RowScorer {
  const { recommender, users, titles, catalogue } = options;
  const userOf = new Map(users.map((id, user) => [id, user]));
  const placeOf = new Map(catalogue.titles.map(({ id }, place) => [id, place]));
  const places = Int32Array.from(titles, (id) => placeOf.get(id) ?? -1);
  const scores = new Float64Array(titles.length);
  return {
    score({ viewer }, into) {
      recommender.score(userOf.get(`v${viewer}`) ?? -1, scores);
      into.fill(Number.NEGATIVE_INFINITY);
      for (const [title, place] of places.entries()) {
        if (place >= 0) into[place] = scores[title] ?? 0;
      }
    },
  };
}
