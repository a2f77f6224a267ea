/** The recursions of Holt and Winters in component form: a level, a trend (none, linear or damped)
 * and a season that is added or multiplied, or none at all. A pass takes a series through a state
 * and leaves the state and the one-step errors.
 * Source: Hyndman & Athanasopoulos, Forecasting: Principles and Practice, chapter 8. Spec: M80. */

/** What a model is made of. */
export interface SmoothingShape {
  readonly seasonality: 'none' | 'additive' | 'multiplicative';
  readonly trend: 'none' | 'linear' | 'damped';
  /** Values of one season, m; 1 where there is none. */
  readonly seasonLength: number;
}

/** How fast each part follows, 0 … 1. */
export interface SmoothingParameters {
  readonly alpha: number;
  /** β*, of the trend. */
  readonly beta: number;
  /** Of the season; at most 1 − α. */
  readonly gamma: number;
  /** What is left of the trend from step to step; 1 where it is not damped. */
  readonly phi: number;
}

/** Where a series stands. `season[0]` is of the next value. */
export interface SmoothingState {
  readonly level: number;
  readonly trend: number;
  readonly season: readonly number[];
}

/** What a pass found. */
export interface SmoothingPass {
  readonly state: SmoothingState;
  /** Σ (value − one-step forecast)²; Infinity where a multiplicative model left positive ground. */
  readonly squaredError: number;
}

/** Takes a series through a state. Cost O(values). @param onStep - Told of each one-step forecast,
 * before the value is known. */
export function smooth(
  values: readonly number[],
  model: {
    readonly shape: SmoothingShape;
    readonly parameters: SmoothingParameters;
    readonly start: SmoothingState;
  },
  onStep?: (forecast: number, value: number) => void,
): SmoothingPass {
  const { alpha, beta, gamma, phi } = model.parameters;
  const { seasonality } = model.shape;
  const { start } = model;
  const hasTrend = model.shape.trend !== 'none';
  const season = Float64Array.from(start.season);
  let { level, trend } = start;
  let squaredError = 0;
  let at = 0;
  for (const value of values) {
    const base = level + phi * trend;
    const index = season[at] as number;
    const forecast = seasonality === 'multiplicative' ? base * index : base + index;
    onStep?.(forecast, value);
    const error = value - forecast;
    squaredError += error * error;
    const isMultiplied = seasonality === 'multiplicative';
    const adjusted = isMultiplied ? value / index : value - index;
    const next = alpha * adjusted + (1 - alpha) * base;
    if (seasonality !== 'none') {
      const seen = isMultiplied ? value / base : value - base;
      season[at] = gamma * seen + (1 - gamma) * index;
    }
    if (hasTrend) trend = beta * (next - level) + (1 - beta) * phi * trend;
    level = next;
    at = at + 1 === season.length ? 0 : at + 1;
  }
  const isLost = !Number.isFinite(squaredError) || !Number.isFinite(level);
  return {
    state: { level, trend, season: [...season.subarray(at), ...season.subarray(0, at)] },
    squaredError: isLost ? Number.POSITIVE_INFINITY : squaredError,
  };
}

/** The forecast `step` values ahead (from 1). */
export function ahead(
  {
    shape,
    parameters,
  }: { readonly shape: SmoothingShape; readonly parameters: SmoothingParameters },
  { level, trend, season }: SmoothingState,
  step: number,
): number {
  const base = level + dampedSteps(parameters.phi, step) * trend;
  const index = season[(step - 1) % season.length] as number;
  return shape.seasonality === 'multiplicative' ? base * index : base + index;
}

/** φ + φ² + … + φ^step. */
export function dampedSteps(phi: number, step: number): number {
  return phi === 1 ? step : (phi * (1 - phi ** step)) / (1 - phi);
}

/** Where a series begins, out of its first season, or its first two: the level before the first
 * value, the mean change from season to season, and what is left, averaged.
 * Exact on a noiseless additive series; on a multiplicative one without trend. Spec: M81. */
export function firstState(values: readonly number[], shape: SmoothingShape): SmoothingState {
  const m = shape.seasonLength;
  if (shape.seasonality === 'none') {
    const first = values.slice(0, Math.min(values.length, FIRST_VALUES));
    return { level: mean(first), trend: 0, season: [0] };
  }
  const first = mean(values.slice(0, m));
  const second = mean(values.slice(m, 2 * m));
  const slope = shape.trend === 'none' ? 0 : (second - first) / m;
  const level = shape.trend === 'none' ? mean(values.slice(0, 2 * m)) : first;
  const atStart = level - (slope * (m + 1)) / 2;
  const isMultiplied = shape.seasonality === 'multiplicative';
  const season = Array.from({ length: m }, (_, i) => {
    const parts = [i, i + m].map((t) => {
      const value = values[t] as number;
      const base = shape.trend === 'none' ? level : atStart + slope * (t + 1);
      return isMultiplied ? value / base : value - base;
    });
    return mean(parts);
  });
  return { level: atStart, trend: slope, season };
}

/** Values that a series without season takes its first level from. */
const FIRST_VALUES = 4;

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
