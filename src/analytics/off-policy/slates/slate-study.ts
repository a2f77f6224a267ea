/** Estimators of rows against the truth, without a single draw: rows are short and candidates few,
 * so that all rows are gone through, and bias and error of each estimator are exact. Spec: M170. */
import { type ChoiceConfig, choiceProbabilities } from '../../../domain/taste/choice-model.ts';
import type { Tastes } from '../../../domain/taste/tastes.ts';
import { expectedShare } from '../../../domain/taste/watching.ts';
import { requireArgument } from '../../../stats/bad-argument.ts';
import { type PossibleRow, possibleRows } from './plackett-luce.ts';
import { SLATE_ESTIMATORS, type SlateEstimatorName } from './slate-estimators.ts';

/** What is studied: both policies fill rows title by title, with probabilities proportional to
 * exp(logit) among the candidates that are left (Plackett–Luce). */
export interface SlateStudyOptions {
  readonly tastes: Tastes;
  readonly choice: ChoiceConfig;
  /** Their numbers. */
  readonly viewers: ArrayLike<number>;
  /** Candidates, by place in the catalogue: at most 8, or rows are too many. */
  readonly candidates: readonly number[];
  readonly slots: number;
  readonly loggerLogit: (viewer: number, title: number) => number;
  readonly targetLogit: (viewer: number, title: number) => number;
  /** Rows of a log, for the error that it would have. */
  readonly rows: number;
}

/** One estimator. */
export interface SlateLine {
  readonly estimator: SlateEstimatorName;
  readonly bias: number;
  /** Standard deviation of an estimate from so many rows. */
  readonly standardDeviation: number;
  readonly rmse: number;
}

/** The study. */
export interface SlateStudy {
  readonly choice: ChoiceConfig['kind'];
  readonly slots: number;
  readonly candidates: number;
  readonly rows: number;
  readonly trueValue: number;
  readonly lines: readonly SlateLine[];
}

const CANDIDATES_MAX = 8;

/** Studies the estimators. Cost O(viewers · candidates^slots).
 * @throws EngineError `STATS_BAD_ARGUMENT` on more than 8 candidates, or fewer than slots. */
export function studySlates(options: SlateStudyOptions): SlateStudy {
  const { viewers, candidates, slots, rows, choice } = options;
  const found = candidates.length;
  const isFew = found >= slots && found <= CANDIDATES_MAX;
  const rule = `from ${slots}, the slots, to ${CANDIDATES_MAX}`;
  requireArgument(isFew, { argument: 'number of candidates', found, rule });
  const n = Math.max(1, viewers.length);
  const sums = new Map(SLATE_ESTIMATORS.map((name) => [name, { mean: 0, square: 0 }]));
  let truth = 0;
  for (let i = 0; i < viewers.length; i += 1) {
    const viewer = viewers[i] ?? 0;
    for (const row of possibleRows(logitsOf(options, viewer), slots)) {
      truth += addRow(sums, row, rewardsOf(options, viewer, row)) / n;
    }
  }
  const lines = SLATE_ESTIMATORS.map((estimator): SlateLine => {
    const sum = sums.get(estimator) ?? { mean: 0, square: 0 };
    const mean = sum.mean / n;
    const bias = mean - truth;
    const standardDeviation = Math.sqrt(Math.max(0, sum.square / n - mean ** 2) / rows);
    return { estimator, bias, standardDeviation, rmse: Math.hypot(bias, standardDeviation) };
  });
  return { choice: choice.kind, slots, candidates: found, rows, trueValue: truth, lines };
}

/** By candidate. */
function logitsOf(
  { candidates, loggerLogit, targetLogit }: SlateStudyOptions,
  viewer: number,
): { readonly logger: readonly number[]; readonly target: readonly number[] } {
  return {
    logger: candidates.map((title) => loggerLogit(viewer, title)),
    target: candidates.map((title) => targetLogit(viewer, title)),
  };
}

/** First and second moments of each slot's reward. */
interface SlotRewards {
  readonly mean: readonly number[];
  readonly square: readonly number[];
}

function rewardsOf(
  { tastes, choice, candidates }: SlateStudyOptions,
  viewer: number,
  row: PossibleRow,
): SlotRewards {
  const titles = row.places.map((place) => candidates[place] ?? 0);
  const taken = choiceProbabilities(
    choice,
    titles.map((title) => tastes.attraction(viewer, title)),
  );
  const shares = titles.map((title) => expectedShare(tastes.enjoyment(viewer, title)));
  return {
    mean: shares.map((share, k) => (taken[k] ?? 0) * share),
    square: shares.map((share, k) => (taken[k] ?? 0) * squareOfShare(share)),
  };
}

/** E[share²] where the mean is m: m² of plays run to the end, the others to a Beta(m, 1) share. */
function squareOfShare(m: number): number {
  return m * m + ((1 - m * m) * m) / (m + 2);
}

/** Adds what a row adds to each estimator's moments under the logger. One slot is taken at most, so
 * an estimate's square has no mixed terms. @returns What it adds to the true value. */
function addRow(
  sums: ReadonlyMap<SlateEstimatorName, { mean: number; square: number }>,
  row: PossibleRow,
  rewards: SlotRewards,
): number {
  const whole = row.target / row.logger;
  let before = 1;
  let value = 0;
  for (let k = 0; k < rewards.mean.length; k += 1) {
    before *= row.slotRatios[k] ?? 0;
    const mean = rewards.mean[k] ?? 0;
    const square = rewards.square[k] ?? 0;
    value += mean;
    const weights = { IPS: whole, RIPS: before, IIPS: row.marginalRatios[k] ?? 0 };
    for (const [name, sum] of sums) {
      const weight = weights[name];
      sum.mean += row.logger * weight * mean;
      sum.square += row.logger * weight * weight * square;
    }
  }
  return row.target * value;
}
