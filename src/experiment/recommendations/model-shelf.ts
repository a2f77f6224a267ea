/** Models by name, each trained when it is first asked for, and once. */
import { ALS_DEFAULTS, type AlsModel, trainAls } from '../../analytics/recommenders/als.ts';
import type { Recommender } from '../../analytics/recommenders/recommender.ts';
import { TRAINERS, type TrainerName } from '../../analytics/recommenders/trainers.ts';
import type { Interactions } from '../../analytics/training/interactions.ts';

/** Where models come from. */
export interface ModelShelf {
  /** Users and titles as models number them. */
  readonly interactions: Interactions;
  model(name: TrainerName): Recommender;
  /** The same as `model('als')`, with its factors. */
  als(): AlsModel;
}

/** An empty shelf. @param seed - Of what training draws. */
export function createModelShelf(interactions: Interactions, seed: number): ModelShelf {
  const models = new Map<TrainerName, Recommender>();
  let trainedAls: AlsModel | undefined;
  const als = () => {
    trainedAls ??= trainAls(interactions, ALS_DEFAULTS, seed);
    return trainedAls;
  };
  return {
    interactions,
    als,
    model(name) {
      if (name === 'als') return als();
      const known = models.get(name);
      if (known !== undefined) return known;
      const made = TRAINERS[name].train(interactions, seed);
      models.set(name, made);
      return made;
    },
  };
}
