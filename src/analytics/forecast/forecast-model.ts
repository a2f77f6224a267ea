/** A forecast of a series: Holt–Winters, or the seasonal naive as the floor that it must beat. What
 * a series cannot bear falls back to less, and the forecast says so. Intervals are analytic: of a
 * normal error whose variance grows with the horizon by the model's own weights.
 * Source: Hyndman & Athanasopoulos, chapters 5 and 8; Hyndman et al., Forecasting with Exponential
 * Smoothing, 2008, table 6.2. Spec: M83–M86. */
import { EngineError } from '../../kernel/errors.ts';
import { normalQuantile } from '../../stats/normal.ts';
import { type FittedSmoothing, fitParameters } from './fit-parameters.ts';
import { ahead, dampedSteps, type SmoothingParameters, type SmoothingShape } from './smoothing.ts';

/** Models that can be asked for. */
export const FORECAST_MODELS = ['holt-winters', 'seasonal-naive'] as const;
/** One of them. */
export type ForecastModelName = (typeof FORECAST_MODELS)[number];

/** What is asked of a series. */
export interface ForecastQuestion {
  readonly model: ForecastModelName;
  /** Values of one season. */
  readonly seasonLength: number;
  /** Default `additive`. */
  readonly seasonality?: 'additive' | 'multiplicative';
  /** Default `none`. */
  readonly trend?: SmoothingShape['trend'];
  /** The least that a value can be, like 0 of a count: means and bounds stop there. */
  readonly least?: number;
}

/** A fitted model. */
export interface Forecast {
  /** What was used in the end. */
  readonly model:
    | 'holt-winters additive'
    | 'holt-winters multiplicative'
    | 'seasonal naive'
    | 'simple exponential smoothing'
    | 'constant';
  /** Why it is not what was asked for; null where it is. */
  readonly fallback: string | null;
  /** Null where the model has none. */
  readonly parameters: SmoothingParameters | null;
  /** Of one-step errors; relative for a multiplicative model. */
  readonly sigma: number;
  /** @param step - Values ahead, from 1. */
  meanAt(step: number): number;
  /** @param q - Between 0 and 1. */
  quantileAt(step: number, q: number): number;
}

/** The fewest values that anything can be said of. */
const LEAST_VALUES = 3;

/** Fits a model to a series, oldest value first. Cost: that of the search, O(values × about 200).
 * @throws EngineError `FORECAST_REFUSED` for fewer than three values, a value that is no finite
 * number, or a season that is no whole number of values. */
export function fitForecast(values: readonly number[], asked: ForecastQuestion): Forecast {
  refuse(values, asked);
  const m = asked.seasonLength;
  const first = values[0] as number;
  if (values.every((value) => value === first)) {
    return constant(first, first === 0 ? 'every value is 0' : `every value is ${first}`);
  }
  if (asked.model === 'seasonal-naive') {
    if (values.length <= m) return unseasonal(values, asked, 'not more than one season');
    return seasonalNaive(values, asked);
  }
  if (m < 2 || values.length < 2 * m) {
    const why = m < 2 ? 'there is no season' : 'fewer than two seasons';
    return unseasonal(values, asked, why);
  }
  const { seasonality = 'additive', trend = 'none' } = asked;
  const isPositive = values.every((value) => value > 0);
  if (seasonality === 'multiplicative' && isPositive) {
    const fitted = fitParameters(values, { seasonality, trend, seasonLength: m });
    if (Number.isFinite(fitted.squaredError)) return smoothed(values, fitted, { asked });
  }
  const shape = { seasonality: 'additive', trend, seasonLength: m } as const;
  const fallback =
    seasonality === 'additive' ? null : 'additive: a multiplicative season needs values above 0';
  return smoothed(values, fitParameters(values, shape), { asked, fallback });
}

function refuse(values: readonly number[], { seasonLength }: ForecastQuestion): void {
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) {
    const found = `${values[at]} at ${at}`;
    const reason = 'every value must be a finite number: fill gaps or leave them out';
    throw refusal(reason, found);
  }
  if (values.length < LEAST_VALUES) {
    throw refusal(`a forecast needs at least ${LEAST_VALUES} values`, `${values.length} values`);
  }
  if (!Number.isInteger(seasonLength) || seasonLength < 1) {
    throw refusal('a season has a whole number of values, 1 or more', `${seasonLength}`);
  }
}

function refusal(reason: string, found: string): EngineError {
  return new EngineError('FORECAST_REFUSED', `forecast: found ${found}; ${reason}`, {
    reason,
    found,
  });
}

function constant(value: number, fallback: string): Forecast {
  return {
    model: 'constant',
    fallback,
    parameters: null,
    sigma: 0,
    meanAt: () => value,
    quantileAt: () => value,
  };
}

function unseasonal(
  values: readonly number[],
  asked: ForecastQuestion,
  fallback: string,
): Forecast {
  const shape = { seasonality: 'none', trend: 'none', seasonLength: 1 } as const;
  return smoothed(values, fitParameters(values, shape), { asked, fallback });
}

/** The value of a season before. Its error adds up from season to season. */
function seasonalNaive(values: readonly number[], asked: ForecastQuestion): Forecast {
  const m = asked.seasonLength;
  const last = values.slice(-m);
  let squares = 0;
  for (let t = m; t < values.length; t += 1) {
    squares += ((values[t] as number) - (values[t - m] as number)) ** 2;
  }
  return bounded(asked, {
    model: 'seasonal naive',
    fallback: null,
    parameters: null,
    sigma: Math.sqrt(squares / (values.length - m)),
    mean: (step) => last[(step - 1) % m] as number,
    spread: (step, sigma) => sigma * Math.sqrt(Math.floor((step - 1) / m) + 1),
  });
}

function smoothed(
  values: readonly number[],
  fitted: FittedSmoothing,
  how: { readonly asked: ForecastQuestion; readonly fallback?: string | null },
): Forecast {
  const { shape, parameters, end } = fitted;
  const isRelative = shape.seasonality === 'multiplicative';
  const growth = varianceGrowth(fitted);
  const mean = (step: number) => ahead(fitted, end, step);
  const names = {
    none: 'simple exponential smoothing',
    additive: 'holt-winters additive',
    multiplicative: 'holt-winters multiplicative',
  } as const;
  return bounded(how.asked, {
    model: names[shape.seasonality],
    fallback: how.fallback ?? null,
    parameters,
    sigma: isRelative ? relativeSigma(values, fitted) : sigmaOf(values, fitted),
    mean,
    spread: (step, sigma) =>
      sigma * Math.sqrt(growth(step)) * (isRelative ? Math.abs(mean(step)) : 1),
  });
}

function sigmaOf(values: readonly number[], { squaredError, shape }: FittedSmoothing): number {
  return Math.sqrt(squaredError / Math.max(1, values.length - freeParameters(shape)));
}

/** σ of errors as a share of the mean value of their place in the season: errors grow with the
 * season of a multiplicative model. Of pooled squares over pooled squared means, so that places of
 * nearly nothing do not rule. */
function relativeSigma(values: readonly number[], fitted: FittedSmoothing): number {
  const squaredMean = values.reduce((sum, value) => sum + value * value, 0);
  const share = fitted.squaredError / squaredMean;
  const n = values.length;
  return Math.sqrt((share * n) / Math.max(1, n - freeParameters(fitted.shape)));
}

function freeParameters({ trend, seasonality }: SmoothingShape): number {
  const ofTrend = { none: 0, linear: 1, damped: 2 }[trend];
  return 1 + ofTrend + (seasonality === 'none' ? 0 : 1);
}

/** Var of the error `step` ahead over that of one step: 1 + Σ c², the c being how much of an old
 * error is still in the forecast. Exact for additive models; for multiplicative ones the first
 * order, of relative errors. */
function varianceGrowth({ shape, parameters }: FittedSmoothing): (step: number) => number {
  const { alpha, beta, gamma, phi } = parameters;
  const sums = [1];
  return (step) => {
    for (let j = sums.length; j < step; j += 1) {
      const ofSeason = shape.seasonality !== 'none' && j % shape.seasonLength === 0 ? gamma : 0;
      const c = alpha * (1 + beta * dampedSteps(phi, j)) + ofSeason;
      sums.push((sums[j - 1] as number) + c * c);
    }
    return sums[step - 1] as number;
  };
}

/** A forecast whose means and quantiles stop at the least value. */
function bounded(
  { least = Number.NEGATIVE_INFINITY }: ForecastQuestion,
  made: Omit<Forecast, 'meanAt' | 'quantileAt'> & {
    readonly mean: (step: number) => number;
    readonly spread: (step: number, sigma: number) => number;
  },
): Forecast {
  const { mean, spread, ...rest } = made;
  return {
    ...rest,
    meanAt: (step) => Math.max(least, mean(step)),
    quantileAt(step, q) {
      const at = mean(step) + normalQuantile(q) * spread(step, rest.sigma);
      return Math.max(least, at);
    },
  };
}
