/** BPR-MF: factors such that a user's played titles score above those not played. One step takes a
 * play (u, i) and a title j that u did not play, both drawn, and climbs ln σ(x_ui − x_uj) minus
 * λ/2 · |θ|², where x_ui = bias of i + x_u · y_i. Source: Rendle et al. 2009 (LearnBPR, with a bias
 * a title). Spec: M36. */
import { createChance, type Draws } from '../../kernel/chance.ts';
import type { Interactions } from '../training/interactions.ts';
import { hasPair, type PlayMatrix, playMatrix } from '../training/play-matrix.ts';
import { playCounts } from './everybody.ts';
import { drawnFactors, scoreByFactors } from './factors.ts';
import type { TrainedRecommender } from './recommender.ts';
import { aboveZero, atLeastOne, notNegative, requireSettings, wholeNumber } from './settings.ts';

/** How it is trained. */
export interface BprSettings {
  /** Length of the vectors, at least 1. */
  readonly factors: number;
  readonly learningRate: number;
  /** λ. */
  readonly regularization: number;
  /** As many steps as there are plays, so often. */
  readonly epochs: number;
}

/** Chosen on the built-in world (bench `analytics`). */
export const BPR_DEFAULTS = {
  factors: 16,
  learningRate: 0.05,
  regularization: 0.01,
  epochs: 15,
} as const;

/** What was learned. */
export interface BprModel extends TrainedRecommender {
  /** Row-major [user][factor]. */
  readonly userFactors: Float64Array;
  /** Row-major [title][factor]. */
  readonly titleFactors: Float64Array;
  readonly titleBias: Float64Array;
}

/** Draws of a title not played before a user is passed over, as one who has played everything. */
const TRIES = 16;

/** Trains. Cost O(epochs · plays · (factors + log titles)).
 * @throws EngineError `ANALYTICS_BAD_ARGUMENT`. */
export function trainBpr(
  interactions: Interactions,
  settings: BprSettings,
  seed: number,
): BprModel {
  requireSettings('BPR', [
    atLeastOne('factors', settings.factors),
    aboveZero('learningRate', settings.learningRate),
    notNegative('regularization', settings.regularization),
    wholeNumber('epochs', settings.epochs),
  ]);
  const { users, titles, user, title } = interactions;
  const { factors } = settings;
  const chance = createChance({ seed, replication: 0 });
  const begin = { factors, deviation: 0.1, chance };
  const model = {
    userFactors: drawnFactors(users, { ...begin, purpose: 'recommender.bpr.user' }),
    titleFactors: drawnFactors(titles, { ...begin, purpose: 'recommender.bpr.title' }),
    titleBias: new Float64Array(titles.length),
  };
  const played = playMatrix(interactions);
  const plays = chance.draws('recommender.bpr.play');
  const others = chance.draws('recommender.bpr.other');
  for (let epoch = 0; epoch < settings.epochs; epoch += 1) {
    for (let step = 0; step < user.length; step += 1) {
      const row = Math.floor(plays.uniform(epoch, step) * user.length);
      const u = user[row] as number;
      const j = titleNotPlayed(played, u, { draws: others, key: epoch, from: step * TRIES });
      if (j >= 0) climb(model, { u, i: title[row] as number, j }, settings);
    }
  }
  const counts = playCounts(interactions);
  const { userFactors, titleFactors, titleBias } = model;
  return {
    name: 'bpr',
    ...model,
    weights: [userFactors, titleFactors, titleBias, counts],
    score: (one, into) => {
      if (one < 0) {
        into.set(counts);
        return;
      }
      scoreByFactors({ factors, users: userFactors, titles: titleFactors }, one, into);
      for (let t = 0; t < into.length; t += 1)
        into[t] = (into[t] as number) + (titleBias[t] as number);
    },
  };
}

/** A title that the user has not played; −1 where none was found. */
function titleNotPlayed(
  played: PlayMatrix,
  user: number,
  { draws, key, from }: { readonly draws: Draws; readonly key: number; readonly from: number },
): number {
  for (let k = from; k < from + TRIES; k += 1) {
    const title = Math.floor(draws.uniform(key, k) * played.columnCount);
    if (!hasPair(played, user, title)) return title;
  }
  return -1;
}

/** One step up the gradient, all parameters at once: those before the step are what counts. */
function climb(
  model: Pick<BprModel, 'userFactors' | 'titleFactors' | 'titleBias'>,
  { u, i, j }: { readonly u: number; readonly i: number; readonly j: number },
  { factors, learningRate, regularization }: BprSettings,
): void {
  const { userFactors, titleFactors, titleBias } = model;
  const [atU, atI, atJ] = [u * factors, i * factors, j * factors];
  const [biasI, biasJ] = [titleBias[i] as number, titleBias[j] as number];
  let difference = biasI - biasJ;
  for (let f = 0; f < factors; f += 1) {
    const y = (titleFactors[atI + f] as number) - (titleFactors[atJ + f] as number);
    difference += (userFactors[atU + f] as number) * y;
  }
  // The derivative of ln σ(d): 1 − σ(d).
  const pull = 1 / (1 + Math.exp(difference));
  titleBias[i] = biasI + learningRate * (pull - regularization * biasI);
  titleBias[j] = biasJ + learningRate * (-pull - regularization * biasJ);
  for (let f = 0; f < factors; f += 1) {
    const x = userFactors[atU + f] as number;
    const yi = titleFactors[atI + f] as number;
    const yj = titleFactors[atJ + f] as number;
    userFactors[atU + f] = x + learningRate * (pull * (yi - yj) - regularization * x);
    titleFactors[atI + f] = yi + learningRate * (pull * x - regularization * yi);
    titleFactors[atJ + f] = yj + learningRate * (-pull * x - regularization * yj);
  }
}
