/** Implicit ALS: factors x of users and y of titles that minimise Σ c (p − x·y)² + λ (Σ|x|² +
 * Σ|y|²) over all pairs, where p is 1 for pairs that were played and 0 for the others, and the
 * confidence c = 1 + α · share watched. Source: Hu, Koren, Volinsky 2008; with conjugate gradients:
 * Takács, Pilászy, Tikk 2011. Spec: M34–M35. */
import { createChance } from '../../kernel/chance.ts';
import type { Interactions } from '../training/interactions.ts';
import { type PlayMatrix, playMatrix, transposed } from '../training/play-matrix.ts';
import { gramOf, type SolverSettings, solveRows } from './als-solver.ts';
import { playCounts } from './everybody.ts';
import { drawnFactors, scoreByFactors } from './factors.ts';
import type { TrainedRecommender } from './recommender.ts';
import { aboveZero, atLeastOne, notNegative, requireSettings, wholeNumber } from './settings.ts';

/** How it is trained. */
export interface AlsSettings extends Omit<SolverSettings, 'lambda'> {
  /** λ in units of the largest singular value that chance alone gives to so many plays: √density ·
   * (√users + √titles). What is fitted below that is noise, whatever the size of the warehouse.
   * Above 0. Source: Gavish and Donoho 2014 on the edge of the noise. */
  readonly regularization: number;
  /** α: what a play of a whole title adds to a confidence of 1; at least 0. */
  readonly alpha: number;
  /** Sweeps: users, then titles. */
  readonly iterations: number;
}

/** Chosen on panels of the built-in world by the true value of the rows that are served. At three
 * times the edge of the noise lists are right more often (nDCG@10 0.256 against 0.238, bench
 * `analytics`), but their rows are worth a sixth less: what was shown decides what was played. Hu
 * et al. take 40 for α where pairs are played dozens of times; here one is played about once. */
export const ALS_DEFAULTS = {
  factors: 16,
  regularization: 1.5,
  alpha: 2,
  iterations: 10,
  solver: 'cholesky',
} as const;

/** What was learned. */
export interface AlsModel extends TrainedRecommender {
  /** Row-major [user][factor]. */
  readonly userFactors: Float64Array;
  /** Row-major [title][factor]. */
  readonly titleFactors: Float64Array;
  /** λ as it was used. */
  readonly lambda: number;
  /** What is minimised, after each sweep: never rises. */
  readonly objectives: readonly number[];
}

/** Trains. Cost a sweep: O(plays · factors² + (users + titles) · factors³) by Cholesky.
 * @throws EngineError `ANALYTICS_BAD_ARGUMENT`. */
export function trainAls(
  interactions: Interactions,
  settings: AlsSettings,
  seed: number,
): AlsModel {
  requireSettings('ALS', [
    atLeastOne('factors', settings.factors),
    aboveZero('regularization', settings.regularization),
    notNegative('alpha', settings.alpha),
    wholeNumber('iterations', settings.iterations),
  ]);
  const { factors } = settings;
  const byUser = confidences(playMatrix(interactions), settings.alpha);
  const byTitle = transposed(byUser);
  const chance = createChance({ seed, replication: 0 });
  const titleFactors = drawnFactors(interactions.titles, {
    factors,
    deviation: 0.1,
    chance,
    purpose: 'recommender.als',
  });
  const userFactors = new Float64Array(interactions.users.length * factors);
  const lambda = settings.regularization * noiseEdge(byUser);
  const solver: SolverSettings = { ...settings, lambda };
  const objectives: number[] = [];
  for (let sweep = 0; sweep < settings.iterations; sweep += 1) {
    solveRows({ matrix: byUser, rows: userFactors, columns: titleFactors, settings: solver });
    solveRows({ matrix: byTitle, rows: titleFactors, columns: userFactors, settings: solver });
    objectives.push(objectiveOf({ byUser, userFactors, titleFactors, settings: solver }));
  }
  const counts = playCounts(interactions);
  return {
    name: 'als',
    userFactors,
    titleFactors,
    lambda,
    objectives,
    weights: [userFactors, titleFactors, counts],
    score: (user, into) => {
      if (user < 0) into.set(counts);
      else scoreByFactors({ factors, users: userFactors, titles: titleFactors }, user, into);
    },
  };
}

/** The same matrix; its shares become c − 1 = α · share. */
function confidences(matrix: PlayMatrix, alpha: number): PlayMatrix {
  return { ...matrix, share: matrix.share.map((share) => alpha * share) };
}

/** √density · (√users + √titles), and 1 where nothing was played: λ has to be above 0. */
function noiseEdge({ rowCount, columnCount, column }: PlayMatrix): number {
  if (column.length === 0) return 1;
  const density = column.length / (rowCount * columnCount);
  return Math.sqrt(density) * (Math.sqrt(rowCount) + Math.sqrt(columnCount));
}

/** What is minimised. All pairs at once are Σ xᵀ(YᵀY)x; the played ones are put right one by
 * one. */
function objectiveOf(model: {
  readonly byUser: PlayMatrix;
  readonly userFactors: Float64Array;
  readonly titleFactors: Float64Array;
  readonly settings: SolverSettings;
}): number {
  const { byUser, userFactors, titleFactors, settings } = model;
  const { factors, lambda } = settings;
  const gram = gramOf(titleFactors, factors);
  let total = 0;
  for (let user = 0; user < byUser.rowCount; user += 1) {
    const x = user * factors;
    for (let i = 0; i < factors; i += 1) {
      const xi = userFactors[x + i] as number;
      let row = 0;
      for (let j = 0; j < factors; j += 1) {
        row += (gram[i * factors + j] as number) * (userFactors[x + j] as number);
      }
      total += xi * (row + lambda * xi);
    }
    for (let at = byUser.start[user] as number; at < (byUser.start[user + 1] as number); at += 1) {
      const y = (byUser.column[at] as number) * factors;
      let dot = 0;
      for (let i = 0; i < factors; i += 1) {
        dot += (userFactors[x + i] as number) * (titleFactors[y + i] as number);
      }
      total += (1 + (byUser.share[at] as number)) * (1 - dot) ** 2 - dot * dot;
    }
  }
  for (const value of titleFactors) total += lambda * value * value;
  return total;
}
