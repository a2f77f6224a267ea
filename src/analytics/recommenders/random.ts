/** The floor: each user's own order of titles, drawn. Keyed by ids, so that one user or title more
 * changes nobody else's. */
import { createChance } from '../../kernel/chance.ts';
import { hashText } from '../../kernel/hash.ts';
import type { Interactions } from '../training/interactions.ts';
import type { TrainedRecommender } from './recommender.ts';

/** Learns nothing. Users that it does not know share an order. */
export function trainRandom(interactions: Interactions, seed: number): TrainedRecommender {
  const { users, titles } = interactions;
  const draws = createChance({ seed, replication: 0 }).draws('recommender.random');
  const keys = Int32Array.from(titles, (id) => hashText(id, 0));
  return {
    name: 'random',
    weights: [keys],
    score: (user, into) => {
      const entity = hashText(users[user] ?? '', 0) >>> 0;
      for (let title = 0; title < keys.length; title += 1) {
        into[title] = draws.uniform(entity, (keys[title] as number) >>> 0);
      }
    },
  };
}
