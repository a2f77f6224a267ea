/** What the evenings before let expect of tonight, by time bucket, as the autoscaler's reducer asks
 * for it. Spec: M98. */
import { type Forecast, fitForecast } from '../../../analytics/forecast/forecast-model.ts';
import type { Chance } from '../../../kernel/chance.ts';
import { US_PER_SECOND } from '../../../kernel/time.ts';
import type { LoadOutlook } from '../../../queueing/autoscaling/anticipation.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { rememberedLoad } from './history.ts';

/** How an autoscaler wants its load forecast. */
export type AutoscalerForecast = NonNullable<
  NonNullable<Scenario['services'][string]['autoscaler']>['forecast']
>;

/** A forecast of tonight. */
export interface TonightsOutlook extends LoadOutlook {
  readonly forecast: Forecast;
  readonly bucketUs: number;
  /** Buckets of a season. */
  readonly seasonLength: number;
  /** What it was learned from, one value a bucket. */
  readonly history: readonly number[];
}

/** Learns from the evenings before. */
export function tonightsOutlook(
  settings: AutoscalerForecast,
  from: { readonly scenario: Scenario; readonly chance: Chance; readonly epochUs: number },
): TonightsOutlook {
  const bucketUs = settings.bucket;
  const seasonUs = settings.season ?? from.scenario.clock.duration;
  const seasonLength = Math.max(1, Math.round(seasonUs / bucketUs));
  const history = rememberedLoad({ ...from, bucketUs, buckets: seasonLength });
  const { model, seasonality, trend, quantile } = settings;
  const forecast = fitForecast(history, { model, seasonality, trend, seasonLength, least: 0 });
  const bucketAt = (atUs: number) => Math.max(0, Math.floor(atUs / bucketUs));
  return {
    forecast,
    bucketUs,
    seasonLength,
    history,
    expected(fromUs, toUs) {
      let sum = 0;
      for (let bucket = bucketAt(fromUs); bucket * bucketUs < toUs; bucket += 1) {
        const startUs = Math.max(fromUs, bucket * bucketUs);
        const endUs = Math.min(toUs, (bucket + 1) * bucketUs);
        sum += forecast.meanAt(bucket + 1) * ((endUs - startUs) / bucketUs);
      }
      return sum;
    },
    highestPerSec(fromUs, toUs) {
      let most = 0;
      for (let bucket = bucketAt(fromUs); bucket <= bucketAt(toUs); bucket += 1) {
        const mean = forecast.meanAt(bucket + 1);
        most = Math.max(most, quantile === 0.5 ? mean : forecast.quantileAt(bucket + 1, quantile));
      }
      return (most * US_PER_SECOND) / bucketUs;
    },
  };
}
