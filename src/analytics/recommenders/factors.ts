/** Latent vectors: how they begin, and how they score. Row-major [entity][factor]. */
import type { Chance } from '../../kernel/chance.ts';
import { normalQuantile } from '../../kernel/distributions/normal-quantile.ts';
import { hashText } from '../../kernel/hash.ts';

/** Normal numbers around 0, keyed by id: one more user or title moves nobody else's beginning. */
export function drawnFactors(
  ids: readonly string[],
  options: {
    readonly factors: number;
    readonly deviation: number;
    readonly chance: Chance;
    readonly purpose: string;
  },
): Float64Array {
  const { factors, deviation, chance, purpose } = options;
  const draws = chance.draws(purpose);
  const drawn = new Float64Array(ids.length * factors);
  ids.forEach((id, row) => {
    const key = hashText(id, 0) >>> 0;
    for (let i = 0; i < factors; i += 1) {
      drawn[row * factors + i] = deviation * normalQuantile(draws.uniform(key, i));
    }
  });
  return drawn;
}

/** Dot products of one user's vector with those of all titles. Cost O(titles · factors). */
export function scoreByFactors(
  model: {
    readonly factors: number;
    readonly users: Float64Array;
    readonly titles: Float64Array;
  },
  user: number,
  into: Float64Array,
): void {
  const { factors, users, titles } = model;
  const from = user * factors;
  let at = 0;
  for (let title = 0; title < into.length; title += 1) {
    let sum = 0;
    for (let i = from; i < from + factors; i += 1) {
      sum += (users[i] as number) * (titles[at] as number);
      at += 1;
    }
    into[title] = sum;
  }
}
