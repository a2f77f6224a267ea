/** Sums that do not depend on the order of their values: integers are added exactly while they fit,
 * and everything else is kept as parts that do not overlap, whose sum is exact. The result is the
 * double nearest to the exact sum; NULL for no values, or where the sum left the range of doubles
 * on the way. Source: Shewchuk, Adaptive Precision Floating-Point Arithmetic (1997), on growing an
 * expansion. Spec: W44. */
import type { Scalar } from '../plan/expression.ts';
import type { Aggregator } from './aggregate-spec.ts';

/** A running sum. */
export interface ExactSum {
  count: number;
  /** A safe integer: the sum of the integers, while it fits. */
  whole: number;
  /** The rest, ascending in size, without overlap. */
  parts: number[] | null;
}

/** The sum of numbers. Cost of an integer O(1); of another O(parts), at most some forty. */
export function createSum(): Aggregator<Scalar, ExactSum, number | null> {
  return { ...EXACT, result: (acc) => (acc.count === 0 ? null : finite(total(acc))) };
}

/** The mean: the exact sum, rounded, over the count. */
export function createAvg(): Aggregator<Scalar, ExactSum, number | null> {
  return { ...EXACT, result: (acc) => (acc.count === 0 ? null : finite(total(acc) / acc.count)) };
}

const EXACT: Omit<Aggregator<Scalar, ExactSum, number | null>, 'result'> = {
  create: () => ({ count: 0, whole: 0, parts: null }),
  add(acc, value) {
    acc.count += 1;
    include(acc, value as number);
    return acc;
  },
  merge(into, from) {
    into.count += from.count;
    include(into, from.whole);
    for (const part of from.parts ?? []) grow(into, part);
    return into;
  },
  save: ({ count, whole, parts }) => [
    count,
    whole,
    parts?.map((part) => (Number.isFinite(part) ? part : null)) ?? null,
  ],
  load(saved) {
    const [count, whole, parts] = saved as readonly [
      number,
      number,
      readonly (number | null)[] | null,
    ];
    return { count, whole, parts: parts?.map((part) => part ?? Number.NaN) ?? null };
  },
};

function include(acc: ExactSum, value: number): void {
  if (Number.isSafeInteger(value)) {
    const whole = acc.whole + value;
    if (Number.isSafeInteger(whole)) {
      acc.whole = whole;
      return;
    }
  }
  grow(acc, value);
}

/** Adds a number to the parts, without loss. */
function grow(acc: ExactSum, value: number): void {
  acc.parts ??= [];
  const { parts } = acc;
  let carry = value;
  let kept = 0;
  for (const part of parts) {
    const isLarger = Math.abs(carry) >= Math.abs(part);
    const large = isLarger ? carry : part;
    const small = isLarger ? part : carry;
    carry = large + small;
    const lost = small - (carry - large);
    if (lost !== 0) {
      parts[kept] = lost;
      kept += 1;
    }
  }
  parts.length = kept;
  parts.push(carry);
  // Past the range of doubles there is no way back.
  if (!Number.isFinite(carry)) acc.parts = [Number.NaN];
}

/** The double nearest to the exact sum of whole and parts, half to even. */
function total(acc: ExactSum): number {
  if (acc.parts === null) return acc.whole;
  const copy: ExactSum = { count: 0, whole: 0, parts: [...acc.parts] };
  grow(copy, acc.whole);
  const parts = copy.parts ?? [];
  let n = parts.length - 1;
  let high = parts[n] ?? 0;
  let low = 0;
  while (n > 0) {
    n -= 1;
    const next = parts[n] ?? 0;
    const sum = high + next;
    low = next - (sum - high);
    high = sum;
    if (low !== 0) break;
  }
  // A half that was rounded to even, though what lies below it says the other way.
  const below = n > 0 ? (parts[n - 1] ?? 0) : 0;
  if ((low < 0 && below < 0) || (low > 0 && below > 0)) {
    const twice = low * 2;
    const moved = high + twice;
    if (twice === moved - high) return moved;
  }
  return high;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value + 0 : null;
}
