/** The knee of a curve that rises and flattens: Kneedle. */

/** How knees are found, for documents. */
export const KNEE_METHOD =
  'Kneedle (Satopää, Albrecht, Irwin, Raghavan, ICDCS workshops 2011): the largest distance ' +
  'above the diagonal of the normalised curve, sensitivity 1';

/** A point of a curve. */
export interface CurvePoint {
  readonly x: number;
  readonly y: number;
}

/** Index of the knee of a concave, rising curve; undefined where there is none: fewer than three
 * points, a flat curve, or one that never leaves the diagonal by more than the mean gap between
 * points (sensitivity 1) before it falls below that. Unsmoothed. @param points - Ascending in x. */
export function kneeOf(points: readonly CurvePoint[]): number | undefined {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [width, height] = [spanOf(xs), spanOf(ys)];
  if (points.length < 3 || width === 0 || height === 0) return undefined;
  const [left, bottom] = [Math.min(...xs), Math.min(...ys)];
  const above = points.map(({ x, y }) => (y - bottom) / height - (x - left) / width);
  const knee = above.indexOf(Math.max(...above));
  const threshold = (above[knee] ?? 0) - 1 / (points.length - 1);
  const falls = above.slice(knee + 1).some((value) => value < threshold);
  return (above[knee] ?? 0) > 0 && falls ? knee : undefined;
}

function spanOf(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}
