/** The recommenders by name, each with its default settings: what commands and policies choose
 * from. */
import { EngineError, nearestName } from '../../kernel/errors.ts';
import { ALS_DEFAULTS, trainAls } from './als.ts';
import { BPR_DEFAULTS, trainBpr } from './bpr.ts';
import { BM25_DEFAULTS, COSINE_DEFAULTS, trainCoVisitation } from './co-visitation.ts';
import { POPULARITY_DEFAULTS, trainPopularity } from './popularity.ts';
import { trainRandom } from './random.ts';
import type { TrainRecommender } from './recommender.ts';

/** One of them. */
export interface Trainer {
  /** What it is, in a sentence. */
  readonly words: string;
  readonly settings: Readonly<Record<string, string | number>>;
  readonly train: TrainRecommender;
}

/** All of them; the first two are floors. */
export const TRAINERS = {
  random: {
    words: 'an order of titles for each user, drawn: the floor',
    settings: {},
    train: trainRandom,
  },
  popularity: {
    words: 'plays, the older the less they count: the same for everybody',
    settings: POPULARITY_DEFAULTS,
    train: (interactions) => trainPopularity(interactions, POPULARITY_DEFAULTS),
  },
  'co-visitation': {
    words: 'titles that the same users played, by the cosine of their users',
    settings: COSINE_DEFAULTS,
    train: (interactions) => trainCoVisitation(interactions, COSINE_DEFAULTS),
  },
  'co-visitation-bm25': {
    words: 'titles that the same users played, users and titles weighted by Okapi BM25',
    settings: BM25_DEFAULTS,
    train: (interactions) => trainCoVisitation(interactions, BM25_DEFAULTS),
  },
  als: {
    words: 'factors of users and titles by alternating least squares on implicit feedback',
    settings: ALS_DEFAULTS,
    train: (interactions, seed) => trainAls(interactions, ALS_DEFAULTS, seed),
  },
  bpr: {
    words: 'factors of users and titles by Bayesian personalised ranking',
    settings: BPR_DEFAULTS,
    train: (interactions, seed) => trainBpr(interactions, BPR_DEFAULTS, seed),
  },
} as const satisfies Readonly<Record<string, Trainer>>;

/** Name of a recommender. */
export type TrainerName = keyof typeof TRAINERS;

/** The recommender of a name. @throws EngineError `ANALYTICS_BAD_ARGUMENT`. */
export function trainerNamed(name: string): Trainer {
  if (Object.hasOwn(TRAINERS, name)) return TRAINERS[name as TrainerName];
  const known = Object.keys(TRAINERS);
  const near = nearestName(name, known);
  throw new EngineError(
    'ANALYTICS_BAD_ARGUMENT',
    `no model is called ${name}; there are ${known.join(', ')}` +
      `${near === undefined ? '' : `; did you mean ${near}?`}`,
    { argument: 'model', found: name },
  );
}
