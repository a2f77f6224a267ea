/** Accuracy by rolling origin: fit on what was known, forecast what came next, move on. Nothing of
 * the future reaches a fit. Source: Hyndman & Athanasopoulos, §5.10. Spec: M90. */
import { accuracyOf, type ForecastAccuracy, type ForecastOutcome, naiveScale } from './accuracy.ts';
import { type ForecastQuestion, fitForecast } from './forecast-model.ts';

/** Where origins are, and what is forecast from each. */
export interface RollingOrigins {
  /** Values known at the first origin. */
  readonly first: number;
  /** Values from one origin to the next. */
  readonly every: number;
  /** Values forecast from each. */
  readonly horizon: number;
  /** Ascending. */
  readonly quantiles: readonly number[];
}

/** Accuracy of a model on a series; null where the series has no whole horizon after the first
 * origin. Cost: a fit an origin.
 * @throws EngineError `FORECAST_REFUSED` as {@link fitForecast} does. */
export function rollingAccuracy(
  values: readonly number[],
  asked: ForecastQuestion,
  { first, every, horizon, quantiles }: RollingOrigins,
): ForecastAccuracy | null {
  const outcomes: ForecastOutcome[] = [];
  for (let origin = first; origin + horizon <= values.length; origin += every) {
    const forecast = fitForecast(values.slice(0, origin), asked);
    for (let step = 1; step <= horizon; step += 1) {
      outcomes.push({
        actual: values[origin + step - 1] as number,
        mean: forecast.meanAt(step),
        quantiles: quantiles.map((q) => forecast.quantileAt(step, q)),
      });
    }
  }
  const scale = naiveScale(values.slice(0, first), asked.seasonLength);
  return accuracyOf(outcomes, { quantiles, scale });
}
