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
}

/** Empty moments. Source: Welford 1962; merging by Chan, Golub and LeVeque 1979. */
export function createMoments(): Moments {
  let count = 0;
  let mean = 0;
  let squaredDeviations = 0;
  return {
    add(value) {
      requireArgument(Number.isFinite(value), { argument: 'value', found: value, rule: 'finite' });
      count += 1;
      const delta = value - mean;
      mean += delta / count;
      squaredDeviations += delta * (value - mean);
    },
    merge(other) {
      if (other.count === 0) return;
      const total = count + other.count;
      const delta = other.mean - (count === 0 ? 0 : mean);
      squaredDeviations += other.squaredDeviations + (delta * delta * count * other.count) / total;
      mean += (delta * other.count) / total;
      count = total;
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
}

/** A level that starts at `startUs` with `level`. */
export function createTimeWeightedMean(startUs: number, level: number): TimeWeightedMean {
  let area = 0;
  let lastUs = startUs;
  let current = level;
  const areaUntil = (untilUs: number): number => {
    const rule = `at or after ${lastUs} µs, the last change`;
    requireArgument(untilUs >= lastUs, { argument: 'time', found: untilUs, rule });
    return area + current * (untilUs - lastUs);
  };
  return {
    set(atUs, nextLevel) {
      area = areaUntil(atUs);
      lastUs = atUs;
      current = nextLevel;
    },
    areaUntil,
    meanUntil: (untilUs) =>
      untilUs === startUs ? current : areaUntil(untilUs) / (untilUs - startUs),
  };
}
