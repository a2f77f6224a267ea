/** The part `load` of a `backlot.learn/1` document: what will be asked in the next season, learned
 * from what was, and how good such forecasts were against the seasonal naive. Spec: M94. */
import type { ForecastAccuracy } from '../../analytics/forecast/accuracy.ts';
import {
  type Forecast,
  type ForecastQuestion,
  fitForecast,
} from '../../analytics/forecast/forecast-model.ts';
import { type LoadKind, type LoadSeries, readLoad } from '../../analytics/forecast/load-series.ts';
import { rollingAccuracy } from '../../analytics/forecast/rolling-origin.ts';
import { EngineError } from '../../kernel/errors.ts';
import { hours, minutes, US_PER_SECOND } from '../../kernel/time.ts';
import type { Warehouse } from '../../storage/warehouse.ts';

/** The load of a warehouse, and its forecast. */
export interface LearnedLoad {
  readonly kind: LoadKind;
  readonly bucketSeconds: number;
  /** Buckets that it was learned from, and of a season; 1 where there is none. */
  readonly buckets: number;
  readonly seasonLength: number;
  readonly model: Forecast['model'];
  /** Why it is not Holt–Winters with a season; null where it is. */
  readonly fallback: string | null;
  readonly parameters: Forecast['parameters'];
  /** Where the forecast begins, µs since the Unix epoch; events a bucket from there on. */
  readonly fromUs: number;
  readonly mean: readonly number[];
  /** The interval that is to hold 90 % of the buckets. */
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** A season ahead, by rolling origin; null where the history is too short for one. */
  readonly accuracy: ForecastAccuracy | null;
  readonly naiveAccuracy: ForecastAccuracy | null;
  /** Its WAPE ÷ that of the seasonal naive: below 1 is better; null where one of them has none. */
  readonly errorRatio: number | null;
}

const KINDS: readonly LoadKind[] = ['page views', 'plays', 'playback sessions'];
const QUANTILES = [0.05, 0.5, 0.95];
/** Without a season an hour is forecast, minute by minute. */
const MINUTES_AHEAD = 60;

/** Learns it: by the hour with a season of a day where there are two days, else by the minute.
 * @returns null with the reason where there is nothing to learn from. Cost: a scan of the facts,
 * and a fit a day. */
export function learnLoad(warehouse: Pick<Warehouse, 'query'>): {
  readonly load: LearnedLoad | null;
  readonly loadMissing: string | null;
} {
  const hourly = firstLoad(warehouse, hours(1));
  if (hourly === undefined) return { load: null, loadMissing: 'there are no page views or plays' };
  try {
    const isDaily = hourly.series.values.length >= 2 * 24;
    if (isDaily) return { load: learned(hourly.kind, hourly.series, 24), loadMissing: null };
    const bucketUs = minutes(1);
    const series = readLoad(warehouse, { kind: hourly.kind, bucketUs });
    const load = learned(hourly.kind, series ?? hourly.series, 1);
    return { load, loadMissing: null };
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'FORECAST_REFUSED') throw error;
    return { load: null, loadMissing: error.message };
  }
}

function firstLoad(warehouse: Pick<Warehouse, 'query'>, bucketUs: number) {
  for (const kind of KINDS) {
    const series = readLoad(warehouse, { kind, bucketUs });
    if (series !== undefined) return { kind, series };
  }
  return undefined;
}

function learned(
  kind: LoadKind,
  { fromUs, bucketUs, values }: LoadSeries,
  season: number,
): LearnedLoad {
  const asked = { model: 'holt-winters', seasonLength: season, least: 0 } as const;
  const forecast = fitForecast(values, asked);
  const horizon = season === 1 ? MINUTES_AHEAD : season;
  const over = (of: (step: number) => number) =>
    Array.from({ length: horizon }, (_, i) => of(i + 1));
  const first = Math.max(2 * season, Math.ceil(values.length / 2 / season) * season);
  const judged = (model: ForecastQuestion['model']) =>
    rollingAccuracy(
      values,
      { ...asked, model },
      { first, every: horizon, horizon, quantiles: QUANTILES },
    );
  const accuracy = first < MIN_HISTORY ? null : judged('holt-winters');
  const naiveAccuracy = first < MIN_HISTORY ? null : judged('seasonal-naive');
  const wape = accuracy?.wape ?? null;
  const naiveWape = naiveAccuracy?.wape ?? null;
  return {
    kind,
    bucketSeconds: bucketUs / US_PER_SECOND,
    buckets: values.length,
    seasonLength: season,
    model: forecast.model,
    fallback: forecast.fallback,
    parameters: forecast.parameters,
    fromUs: fromUs + values.length * bucketUs,
    mean: over((step) => forecast.meanAt(step)),
    low: over((step) => forecast.quantileAt(step, 0.05)),
    high: over((step) => forecast.quantileAt(step, 0.95)),
    accuracy,
    naiveAccuracy,
    errorRatio: wape === null || naiveWape === null || naiveWape === 0 ? null : wape / naiveWape,
  };
}

/** Fits on less are refused. */
const MIN_HISTORY = 3;
