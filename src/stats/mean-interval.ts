/** The mean of independent values with its t interval. One value a replication goes in: values
 * that depend on each other (page loads of one run) make the interval too narrow. */
import { momentsOf } from './moments.ts';
import { intervalFactor } from './student-t.ts';

/** An estimate with its interval; bounds are null where the data cannot bear one. */
export interface Estimate {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** A mean and how far the true one may lie from it. */
export interface MeanInterval {
  /** NaN without a value. */
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
  /** Half the interval's width; null below two values. */
  readonly halfWidth: number | null;
  readonly n: number;
}

/** mean ± t(n − 1) · s ÷ √n.
 * @param confidence - Between 0 and 1; 0.95 unless given.
 * @throws EngineError `STATS_BAD_ARGUMENT` on a value that is not finite. */
export function meanInterval(values: readonly number[], confidence = 0.95): MeanInterval {
  const { mean, variance, count: n } = momentsOf(values);
  if (n < 2) return { mean, low: null, high: null, halfWidth: null, n };
  const halfWidth = intervalFactor(confidence, n - 1) * Math.sqrt(variance / n);
  return { mean, low: mean - halfWidth, high: mean + halfWidth, halfWidth, n };
}
