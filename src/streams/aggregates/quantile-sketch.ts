/** Quantiles with a relative error in value: buckets grow by γ = (1 + a) / (1 − a), so that the
 * middle of a bucket is within `a` of everything in it. Source: Masson, Rim and Lee, DDSketch: a
 * fast and fully-mergeable quantile sketch with relative-error guarantees (2019). Buckets are never
 * collapsed: values from 1 ns to 30 years at 1 % are at most some 2,100. */
import type { Scalar } from '../plan/expression.ts';
import type { Aggregator } from './aggregate-spec.ts';

/** Counts by bucket: above zero, zero, below zero. */
export interface QuantileSketch {
  count: number;
  zeros: number;
  readonly above: Map<number, number>;
  readonly below: Map<number, number>;
}

/** What is nearer to zero counts as zero. */
const LEAST_VALUE = 2 ** -1_000;

/** The q-quantile of numbers, NULL for none: of n sorted values, that at ⌊q · (n − 1)⌋.
 * @param options - `q` in [0, 1]; `accuracy`, the relative error, in (0, 1). */
export function createQuantileSketch(options: {
  readonly q: number;
  readonly accuracy: number;
}): Aggregator<Scalar, QuantileSketch, number | null> {
  const { q, accuracy } = options;
  const gamma = (1 + accuracy) / (1 - accuracy);
  const perLog = 1 / Math.log(gamma);
  // By the bucket's lower bound, which is a double where its upper one no longer is.
  const middleOf = (bucket: number) =>
    Math.min(Number.MAX_VALUE, gamma ** (bucket - 1) * ((2 * gamma) / (gamma + 1)));
  return {
    create: () => ({ count: 0, zeros: 0, above: new Map(), below: new Map() }),
    add(acc, value) {
      const number = value as number;
      acc.count += 1;
      if (Math.abs(number) < LEAST_VALUE) acc.zeros += 1;
      else {
        const bucket = Math.ceil(Math.log(Math.abs(number)) * perLog);
        increase(number > 0 ? acc.above : acc.below, bucket, 1);
      }
      return acc;
    },
    merge(into, from) {
      into.count += from.count;
      into.zeros += from.zeros;
      for (const [bucket, count] of from.above) increase(into.above, bucket, count);
      for (const [bucket, count] of from.below) increase(into.below, bucket, count);
      return into;
    },
    result(acc) {
      if (acc.count === 0) return null;
      let left = Math.floor(q * (acc.count - 1));
      for (const [bucket, count] of sorted(acc.below).reverse()) {
        if (left < count) return -middleOf(bucket);
        left -= count;
      }
      if (left < acc.zeros) return 0;
      left -= acc.zeros;
      for (const [bucket, count] of sorted(acc.above)) {
        if (left < count) return middleOf(bucket);
        left -= count;
      }
      return null;
    },
    save: (acc) => [acc.zeros, sorted(acc.above), sorted(acc.below)],
    load(saved) {
      const [zeros, above, below] = saved as readonly [number, Bucket[], Bucket[]];
      const count = [...above, ...below].reduce((sum, [, n]) => sum + n, zeros);
      return { count, zeros, above: new Map(above), below: new Map(below) };
    },
  };
}

type Bucket = [number, number];

function increase(buckets: Map<number, number>, bucket: number, by: number): void {
  buckets.set(bucket, (buckets.get(bucket) ?? 0) + by);
}

function sorted(buckets: ReadonlyMap<number, number>): Bucket[] {
  return [...buckets].sort(([a], [b]) => a - b);
}
