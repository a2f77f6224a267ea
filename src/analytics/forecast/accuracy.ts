/** How good forecasts were, once what came is known. Measures that a series cannot bear (a division
 * by 0) are null, and what was left out is counted.
 * Source: Hyndman & Koehler, Another look at measures of forecast accuracy, 2006; Gneiting,
 * Quantiles as optimal point forecasts, 2011. Spec: M87–M89. */

/** One forecast beside what came. */
export interface ForecastOutcome {
  readonly actual: number;
  readonly mean: number;
  /** By the quantiles asked for, in their order. */
  readonly quantiles: readonly number[];
}

/** Accuracy over many forecasts. */
export interface ForecastAccuracy {
  readonly forecasts: number;
  /** Mean of |error| ÷ |actual| over the actuals other than 0; null where all are 0. */
  readonly mape: number | null;
  /** Forecasts that it leaves out, their actual being 0. */
  readonly zeros: number;
  /** Mean of 2·|error| ÷ (|actual| + |forecast|), 0 where both are 0: between 0 and 2. */
  readonly smape: number;
  /** Σ |error| ÷ Σ |actual|; null where all actuals are 0. */
  readonly wape: number | null;
  readonly rmse: number;
  /** Mean |error| over that of the seasonal naive one season ahead, on the history: below 1 it is
   * better. Null where the naive makes no error, or the history has no second season. */
  readonly mase: number | null;
  /** Mean pinball loss at each quantile, in the unit of the series. */
  readonly pinball: readonly { readonly quantile: number; readonly loss: number }[];
  /** Share of actuals within the interval from the lowest to the highest quantile, and the share
   * that it promises. Null with fewer than two quantiles. */
  readonly coverage: { readonly promised: number; readonly found: number } | null;
}

/** Sums up outcomes. @param history - What `mase` is scaled by; undefined where there is none.
 * @returns null without outcomes. Cost O(outcomes × quantiles). */
export function accuracyOf(
  outcomes: readonly ForecastOutcome[],
  measured: { readonly quantiles: readonly number[]; readonly scale: number | null },
): ForecastAccuracy | null {
  const n = outcomes.length;
  if (n === 0) return null;
  let absolute = 0;
  let actuals = 0;
  let squares = 0;
  let shares = 0;
  let symmetric = 0;
  let zeros = 0;
  for (const { actual, mean } of outcomes) {
    const error = Math.abs(actual - mean);
    absolute += error;
    actuals += Math.abs(actual);
    squares += error * error;
    if (actual === 0) zeros += 1;
    else shares += error / Math.abs(actual);
    if (error > 0) symmetric += (2 * error) / (Math.abs(actual) + Math.abs(mean));
  }
  const { quantiles, scale } = measured;
  return {
    forecasts: n,
    mape: zeros === n ? null : shares / (n - zeros),
    zeros,
    smape: symmetric / n,
    wape: actuals === 0 ? null : absolute / actuals,
    rmse: Math.sqrt(squares / n),
    mase: scale === null || scale === 0 ? null : absolute / n / scale,
    pinball: quantiles.map((quantile, i) => ({
      quantile,
      loss: outcomes.reduce((sum, one) => sum + pinball(one, quantile, i), 0) / n,
    })),
    coverage: coverageOf(outcomes, quantiles),
  };
}

/** Mean |error| of the seasonal naive, one season ahead; null for a single season. */
export function naiveScale(history: readonly number[], seasonLength: number): number | null {
  const n = history.length - seasonLength;
  if (n <= 0) return null;
  let sum = 0;
  for (let t = seasonLength; t < history.length; t += 1) {
    sum += Math.abs((history[t] as number) - (history[t - seasonLength] as number));
  }
  return sum / n;
}

/** Too low costs q a unit, too high 1 − q. */
function pinball({ actual, quantiles }: ForecastOutcome, quantile: number, i: number): number {
  const short = actual - (quantiles[i] as number);
  return short >= 0 ? quantile * short : (quantile - 1) * short;
}

function coverageOf(outcomes: readonly ForecastOutcome[], quantiles: readonly number[]) {
  const last = quantiles.length - 1;
  if (last < 1) return null;
  const within = outcomes.filter(
    (one) =>
      one.actual >= (one.quantiles[0] as number) && one.actual <= (one.quantiles[last] as number),
  );
  const promised = (quantiles[last] as number) - (quantiles[0] as number);
  return { promised, found: within.length / outcomes.length };
}
