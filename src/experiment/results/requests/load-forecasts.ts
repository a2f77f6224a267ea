/** What autoscalers by forecast expected of the evening, beside what came: by time bucket, with the
 * interval, and how good it was against the seasonal naive. Spec: M101. */
import {
  accuracyOf,
  type ForecastAccuracy,
  naiveScale,
} from '../../../analytics/forecast/accuracy.ts';
import { type Forecast, fitForecast } from '../../../analytics/forecast/forecast-model.ts';
import { US_PER_MINUTE, US_PER_SECOND } from '../../../kernel/time.ts';
import type { World } from '../../assemble.ts';
import type { Anticipation } from '../../requests/anticipation/anticipation.ts';

/** The forecast of one autoscaler. Rates are pages a minute. */
export interface LoadForecast {
  readonly server: string;
  /** What was used in the end, and why it is not what was asked for; null where it is. */
  readonly model: Forecast['model'];
  readonly fallback: string | null;
  readonly parameters: Forecast['parameters'];
  /** Evenings that it learned from. */
  readonly evenings: number;
  readonly bucketSeconds: number;
  readonly leadSeconds: number;
  /** Middle of each bucket, minutes since the start of the run. */
  readonly minutes: readonly number[];
  readonly mean: readonly number[];
  /** The interval that is to hold 90 % of the buckets. */
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly came: readonly number[];
  /** Of this evening, in pages a bucket; null without a whole bucket. */
  readonly accuracy: ForecastAccuracy | null;
  /** The same of the evening before, repeated. */
  readonly naiveAccuracy: ForecastAccuracy | null;
}

const QUANTILES = [0.05, 0.5, 0.95] as const;

/** The part of a result. */
export interface LoadForecasts {
  /** One a server whose autoscaler forecasts; absent where none does. */
  readonly loadForecasts?: readonly LoadForecast[];
}

/** Sums them up. */
export function loadForecasts(world: World): LoadForecasts {
  const found = world.wired.servers.flatMap(({ name, anticipation }) =>
    anticipation === undefined ? [] : [loadForecast(world, name, anticipation)],
  );
  return found.length === 0 ? {} : { loadForecasts: found };
}

function loadForecast(world: World, server: string, anticipation: Anticipation): LoadForecast {
  const { outlook, leadUs } = anticipation;
  const { forecast, bucketUs, history, seasonLength } = outlook;
  const came = cameBy(world, bucketUs);
  const perMinute = US_PER_MINUTE / bucketUs;
  const rates = (of: (step: number) => number) => came.map((_, i) => of(i + 1) * perMinute);
  const naive = fitForecast(history, { model: 'seasonal-naive', seasonLength, least: 0 });
  const scale = naiveScale(history, seasonLength);
  return {
    server,
    model: forecast.model,
    fallback: forecast.fallback,
    parameters: forecast.parameters,
    evenings: Math.round(history.length / seasonLength),
    bucketSeconds: bucketUs / US_PER_SECOND,
    leadSeconds: leadUs / US_PER_SECOND,
    minutes: came.map((_, i) => ((i + 0.5) * bucketUs) / US_PER_MINUTE),
    mean: rates((step) => forecast.meanAt(step)),
    low: rates((step) => forecast.quantileAt(step, QUANTILES[0])),
    high: rates((step) => forecast.quantileAt(step, QUANTILES[2])),
    came: came.map((count) => count * perMinute),
    accuracy: accuracyOf(outcomes(came, forecast), { quantiles: QUANTILES, scale }),
    naiveAccuracy: accuracyOf(outcomes(came, naive), { quantiles: QUANTILES, scale }),
  };
}

/** Pages that were asked for, by whole buckets of the arrivals. */
function cameBy({ recorder, durationUs }: World, bucketUs: number): readonly number[] {
  const counts = new Array<number>(Math.floor(durationUs / bucketUs)).fill(0);
  for (const { askedAtUs } of recorder.loads) {
    const bucket = Math.floor(askedAtUs / bucketUs);
    if (bucket < counts.length) counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  return counts;
}

function outcomes(came: readonly number[], forecast: Forecast) {
  return came.map((actual, i) => ({
    actual,
    mean: forecast.meanAt(i + 1),
    quantiles: QUANTILES.map((q) => forecast.quantileAt(i + 1, q)),
  }));
}
