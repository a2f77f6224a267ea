/** Running moments: values or a piecewise-constant level go in one by one, mean and variance come
 * out at any time. Nothing is stored, and large offsets lose no digits. */
import { requireArgument } from './bad-argument.ts';

/** Count, mean and variance of what was added so far. */
export interface Moments {
  /** Adds one finite value. */
  add(value: number): void;
  /** Takes in all of `other`'s values, as if they had been added here. */
  merge(other: Moments): void;
  readonly count: number;
  /** Arithmetic mean; NaN before the first value. */
  readonly mean: number;
  /** Sample variance (n − 1); NaN below two values. */
  readonly variance: number;
  /** Sum of squared deviations from the mean. */
  readonly squaredDeviations: number;
  /** Smallest and largest value; NaN before the first. */
  readonly min: number;
  readonly max: number;
}

/** Empty moments. Source: Welford 1962; merging by Chan, Golub and LeVeque 1979. */
export function createMoments(): Moments {
  let count = 0;
  let mean = 0;
  let squaredDeviations = 0;
  let min = Infinity;
  let max = -Infinity;
  return {
    add(value) {
      requireArgument(Number.isFinite(value), { argument: 'value', found: value, rule: 'finite' });
      count += 1;
      const delta = value - mean;
      mean += delta / count;
      squaredDeviations += delta * (value - mean);
      min = Math.min(min, value);
      max = Math.max(max, value);
    },
    merge(other) {
      if (other.count === 0) return;
      const total = count + other.count;
      const delta = other.mean - (count === 0 ? 0 : mean);
      squaredDeviations += other.squaredDeviations + (delta * delta * count * other.count) / total;
      mean += (delta * other.count) / total;
      count = total;
      min = Math.min(min, other.min);
      max = Math.max(max, other.max);
    },
    get count() {
      return count;
    },
    get mean() {
      return count === 0 ? Number.NaN : mean;
    },
    get variance() {
      return count < 2 ? Number.NaN : squaredDeviations / (count - 1);
    },
    get squaredDeviations() {
      return squaredDeviations;
    },
    get min() {
      return count === 0 ? Number.NaN : min;
    },
    get max() {
      return count === 0 ? Number.NaN : max;
    },
  };
}

/** Moments of a finished list of values. */
export function momentsOf(values: readonly number[]): Moments {
  const moments = createMoments();
  for (const value of values) moments.add(value);
  return moments;
}

/** The mean over time of a level that stays as it is until it is set again, such as the number of
 * busy workers. */
export interface TimeWeightedMean {
  /** The level becomes `level` at `atUs`; times must not run backwards. */
  set(atUs: number, level: number): void;
  /** ∫ level dt ÷ (untilUs − startUs); the level itself where no time has passed. */
  meanUntil(untilUs: number): number;
  /** ∫ level dt up to `untilUs`, in level · µs. */
  areaUntil(untilUs: number): number;
  /** ∫ (level − mean)² dt ÷ (untilUs − startUs); 0 where no time has passed. */
  varianceUntil(untilUs: number): number;
  /** Smallest and largest level that lasted, or still stands. */
  readonly min: number;
  readonly max: number;
}

/** A level that starts at `startUs` with `level`.
 * Source of the variance: West 1979, weights being the times that levels last. Spec: N3. */
export function createTimeWeightedMean(startUs: number, level: number): TimeWeightedMean {
  let area = 0;
  let lastUs = startUs;
  let current = level;
  let squares = 0;
  let min = Infinity;
  let max = -Infinity;
  const requireTime = (untilUs: number): void => {
    const rule = `at or after ${lastUs} µs, the last change`;
    requireArgument(untilUs >= lastUs, { argument: 'time', found: untilUs, rule });
  };
  const areaUntil = (untilUs: number): number => {
    requireTime(untilUs);
    return area + current * (untilUs - lastUs);
  };
  const squaresUntil = (untilUs: number): number => {
    const before = lastUs - startUs;
    const lasted = untilUs - lastUs;
    if (before === 0 || lasted === 0) return squares;
    const distance = current - area / before;
    return squares + (distance * distance * before * lasted) / (before + lasted);
  };
  return {
    set(atUs, nextLevel) {
      const nextArea = areaUntil(atUs);
      squares = squaresUntil(atUs);
      area = nextArea;
      if (atUs > lastUs) {
        min = Math.min(min, current);
        max = Math.max(max, current);
      }
      lastUs = atUs;
      current = nextLevel;
    },
    areaUntil,
    meanUntil: (untilUs) =>
      untilUs === startUs ? current : areaUntil(untilUs) / (untilUs - startUs),
    varianceUntil(untilUs) {
      requireTime(untilUs);
      return untilUs === startUs ? 0 : squaresUntil(untilUs) / (untilUs - startUs);
    },
    get min() {
      return Math.min(min, current);
    },
    get max() {
      return Math.max(max, current);
    },
  };
}
