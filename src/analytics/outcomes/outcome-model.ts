/** A model of one yes-or-no question: learned from rows whose answers were known before the cut,
 * judged on rows that were asked after it. What cannot be learned or judged is null, with the
 * reason; nothing is ever NaN. Spec: M73–M74. */
import { normalQuantile } from '../../stats/normal.ts';
import type { Refusal } from '../../stats/refusal.ts';
import { countForecasts, type ForecastCounts } from '../calibration/forecasts.ts';
import { type Judgement, judgeForecasts } from '../calibration/judgement.ts';
import type { FeatureTable, LeftOut } from '../features/feature-table.ts';
import { standardErrors } from './coefficient-covariance.ts';
import { createDesign, type Design } from './design.ts';
import { type FtrlSettings, trainFtrl } from './ftrl-proximal.ts';
import { fitLogistic, type LogisticFit, logits, sigmoid } from './logistic-regression.ts';

/** Questions asked, and their answers. */
export interface OutcomeRows {
  readonly table: FeatureTable;
  /** 0 or 1. */
  readonly outcome: Uint8Array;
  /** Whose rows: viewers by number; where they are not known, sessions. */
  readonly unit: Int32Array;
  /** Places of the rows to learn from, and of those to be judged on, in the order of time. */
  readonly training: Int32Array;
  readonly test: Int32Array;
}

/** A weight. */
export interface Coefficient {
  readonly feature: string;
  readonly words: string;
  /** Change of the log-odds for one standard deviation more. */
  readonly value: number;
  /** Over viewers; null where there is none, as is the interval (95 %, Wald's). */
  readonly standardError: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** The standard deviation over the training rows, and the mean, in the feature's own unit. */
  readonly spread: number;
  readonly mean: number;
}

/** What was learned, and how good it is. */
export interface OutcomeModel {
  readonly training: ForecastCounts;
  readonly test: ForecastCounts;
  /** λ of the quadratic penalty on standardised features. */
  readonly penalty: number;
  readonly leftOut: readonly LeftOut[];
  /** Null where nothing could be learned. */
  readonly intercept: number | null;
  /** In the order of the features. */
  readonly coefficients: readonly Coefficient[];
  /** Why the coefficients have no intervals; null where they have. */
  readonly noIntervals: string | null;
  /** Null where nothing could be learned or there is nothing to judge on. */
  readonly judgement: Judgement | null;
  /** The same features, learned row by row in one pass (FTRL-Proximal), on the same test rows. */
  readonly online: Pick<Judgement, 'logLoss' | 'ranking'> | null;
  /** Why there is no model or no judgement; null where there are both. */
  readonly reason: string | null;
}

/** The model besides: forecasts for the test rows, in their order. */
export interface TrainedOutcome {
  readonly model: OutcomeModel;
  readonly forecasts: Float64Array | null;
}

/** How to learn. */
export interface OutcomeSettings {
  /** λ: 1 unless given. */
  readonly penalty?: number;
  readonly online?: Partial<FtrlSettings>;
}

/** Rows of each answer below which a model is not worth its intervals. */
const ANSWERS_MIN = 10;

/** Learns and judges. Cost: that of the regression and of two sorts. */
export function learnOutcome(
  rows: OutcomeRows,
  { penalty = 1, online = {} }: OutcomeSettings = {},
): TrainedOutcome {
  const [learned, asked] = [answersOf(rows, rows.training), answersOf(rows, rows.test)];
  const counts = { training: countForecasts(learned), test: countForecasts(asked) };
  const nothing = {
    ...counts,
    penalty,
    leftOut: rows.table.leftOut,
    intercept: null,
    coefficients: [],
    noIntervals: null,
    judgement: null,
    online: null,
  };
  const trouble = tooFew(counts.training);
  if (trouble !== null) return { model: { ...nothing, reason: trouble }, forecasts: null };
  const design = createDesign(rows.table, rows.training);
  const dense = design.rowsOf(rows.table, rows.training);
  const fit = fitLogistic(dense, learned.outcome, { penalty });
  if ('code' in fit) {
    const model = { ...nothing, leftOut: design.leftOut, reason: fit.text };
    return { model, forecasts: null };
  }
  const errors = standardErrors(dense, fit, learned);
  const testRows = design.rowsOf(rows.table, rows.test);
  const forecasts = logits(testRows, fit).map(sigmoid);
  const baseRate = counts.training.ones / counts.training.rows;
  const judged = judgeForecasts({ ...asked, probability: forecasts }, baseRate);
  const streamed = trainFtrl(dense, learned.outcome, online).forecast(testRows);
  const beside = judgeForecasts({ ...asked, probability: streamed }, baseRate);
  return {
    forecasts,
    model: {
      ...nothing,
      leftOut: design.leftOut,
      intercept: fit.intercept,
      coefficients: coefficientsOf(design, fit, errors),
      noIntervals: 'code' in errors ? errors.text : null,
      judgement: judged,
      online: beside === null ? null : { logLoss: beside.logLoss, ranking: beside.ranking },
      reason: judged === null ? 'no question was asked after the cut: nothing to judge on' : null,
    },
  };
}

/** Units are numbered anew in the order of their rows, so that nobody who comes later changes even
 * the order in which numbers are added. */
function answersOf({ outcome, unit }: OutcomeRows, places: Int32Array) {
  const numbers = new Map<number, number>();
  const own = places.map((place) => {
    const key = unit[place] ?? -1;
    const known = numbers.get(key) ?? numbers.size;
    numbers.set(key, known);
    return known;
  });
  return {
    probability: new Float64Array(0),
    outcome: Uint8Array.from(places, (place) => outcome[place] ?? 0),
    unit: own,
  };
}

function tooFew({ rows, ones }: ForecastCounts): string | null {
  if (rows === 0) return 'there is no row to learn from before the cut';
  const fewer = Math.min(ones, rows - ones);
  if (fewer >= ANSWERS_MIN) return null;
  return (
    `of ${rows} rows before the cut, ${ones} have the answer yes: it takes at least ` +
    `${ANSWERS_MIN} of either answer`
  );
}

function coefficientsOf(
  { columns }: Design,
  { weights }: LogisticFit,
  errors: Float64Array | Refusal,
): readonly Coefficient[] {
  const z = normalQuantile(0.975);
  return columns.map(({ name, words, mean, spread }, j) => {
    const value = weights[j] ?? 0;
    const standardError = 'code' in errors ? null : (errors[j + 1] ?? 0);
    const half = standardError === null ? null : z * standardError;
    const low = half === null ? null : value - half;
    const high = half === null ? null : value + half;
    return { feature: name, words, value, standardError, low, high, spread, mean };
  });
}
