/** A trained recommender: scores, and nothing else. Ranking, filtering and serving are the same for
 * all of them. Training is a function of (interactions, settings, seed): bit for bit. */
import type { Interactions } from '../training/interactions.ts';

/** Scores all titles for a user. */
export interface Recommender {
  readonly name: string;
  /** Writes a score for each title; the greater, the sooner it is shown. A user that was not there
   * in training (−1) gets what everybody gets.
   * @param into - As long as there are titles. Never NaN. */
  score(user: number, into: Float64Array): void;
}

/** One that says what it learned, as numbers: two of equal weights score alike, to the bit. */
export interface TrainedRecommender extends Recommender {
  readonly weights: readonly (Float64Array | Int32Array)[];
}

/** Learns from what happened before a point of time. @param seed - Of what it draws, if it does. */
export type TrainRecommender = (interactions: Interactions, seed: number) => TrainedRecommender;
