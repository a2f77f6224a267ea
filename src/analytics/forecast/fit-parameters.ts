/** The parameters with the least squared one-step error: a pattern search within bounds, from a
 * few fixed places. It draws nothing and breaks ties by order, so that the same series gives the
 * same parameters to the bit. Source: Hooke & Jeeves, 1961. Spec: M82. */
import {
  firstState,
  type SmoothingParameters,
  type SmoothingShape,
  type SmoothingState,
  smooth,
} from './smoothing.ts';

/** What a search found. */
export interface FittedSmoothing {
  readonly shape: SmoothingShape;
  readonly parameters: SmoothingParameters;
  /** Before the first value, and after the last one. */
  readonly start: SmoothingState;
  readonly end: SmoothingState;
  readonly squaredError: number;
  /** Passes over the series. */
  readonly evaluations: number;
}

/** A point of the search: alpha, beta, gamma, phi. */
type Point = readonly [number, number, number, number];

const MIN_SHARE = 1e-4;
const MAX_SHARE = 1 - MIN_SHARE;
/** A damping below forgets the trend at once, one above is none. Source: ets() of R. */
const MIN_PHI = 0.8;
const MAX_PHI = 0.98;
const FIRST_STEP = 0.2;
const LAST_STEP = 1e-3;
const PLACES: readonly Point[] = [
  [0.1, 0.01, 0.1, 0.95],
  [0.5, 0.1, 0.2, 0.9],
  [0.05, 0.05, 0.6, 0.95],
];

/** Fits a shape to a series. Cost O(values × about 200). */
export function fitParameters(values: readonly number[], shape: SmoothingShape): FittedSmoothing {
  const start = firstState(values, shape);
  const axes = axesOf(shape);
  let evaluations = 0;
  const errorAt = (point: Point): number => {
    evaluations += 1;
    return smooth(values, { shape, start, parameters: parametersAt(point, shape) }).squaredError;
  };
  let best = bounded(PLACES[0] as Point);
  let bestError = Number.POSITIVE_INFINITY;
  for (const place of PLACES) {
    const found = search(bounded(place), axes, errorAt);
    if (found.error >= bestError) continue;
    best = found.point;
    bestError = found.error;
  }
  const parameters = parametersAt(best, shape);
  const { state, squaredError } = smooth(values, { shape, parameters, start });
  return { shape, parameters, start, end: state, squaredError, evaluations };
}

/** Walks along the axes, in smaller and smaller steps, as long as it gets better. */
function search(
  from: Point,
  axes: readonly number[],
  errorAt: (point: Point) => number,
): { readonly point: Point; readonly error: number } {
  let point = from;
  let error = errorAt(point);
  for (let step = FIRST_STEP; step >= LAST_STEP; ) {
    const better = betterNeighbour({ point, error, step }, axes, errorAt);
    if (better === undefined) step /= 2;
    else ({ point, error } = better);
  }
  return { point, error };
}

function betterNeighbour(
  from: { readonly point: Point; readonly error: number; readonly step: number },
  axes: readonly number[],
  errorAt: (point: Point) => number,
): { readonly point: Point; readonly error: number } | undefined {
  for (const axis of axes) {
    for (const sign of [1, -1]) {
      const moved = from.point.map((value, i) => (i === axis ? value + sign * from.step : value));
      const point = bounded(moved as unknown as Point);
      if (point.every((value, i) => value === from.point[i])) continue;
      const error = errorAt(point);
      if (error < from.error * (1 - LEAST_GAIN)) return { point, error };
    }
  }
  return undefined;
}

/** Gains below are rounding, and walks would not end. */
const LEAST_GAIN = 1e-9;

function axesOf({ trend, seasonality }: SmoothingShape): readonly number[] {
  return [
    0,
    ...(trend === 'none' ? [] : [1]),
    ...(seasonality === 'none' ? [] : [2]),
    ...(trend === 'damped' ? [3] : []),
  ];
}

function bounded([alpha, beta, gamma, phi]: Point): Point {
  const a = within(alpha, MIN_SHARE, MAX_SHARE);
  return [
    a,
    within(beta, MIN_SHARE, MAX_SHARE),
    within(gamma, MIN_SHARE, Math.max(MIN_SHARE, 1 - a)),
    within(phi, MIN_PHI, MAX_PHI),
  ];
}

function parametersAt([alpha, beta, gamma, phi]: Point, shape: SmoothingShape) {
  return {
    alpha,
    beta: shape.trend === 'none' ? 0 : beta,
    gamma: shape.seasonality === 'none' ? 0 : gamma,
    phi: shape.trend === 'damped' ? phi : 1,
  };
}

function within(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
