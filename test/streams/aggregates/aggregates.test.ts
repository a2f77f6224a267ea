/** Aggregates: their laws (merging, order, snapshots) for every kind, and their exactness. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { AggregateSpec } from '../../../src/streams/aggregates/aggregate-spec.ts';
import { aggregatorOf, combinedAggregator } from '../../../src/streams/aggregates/aggregator-of.ts';
import { createSum } from '../../../src/streams/aggregates/exact-sum.ts';
import { createHyperLogLog } from '../../../src/streams/aggregates/hyper-log-log.ts';
import { createQuantileSketch } from '../../../src/streams/aggregates/quantile-sketch.ts';
import type { Scalar } from '../../../src/streams/plan/expression.ts';

const of = { kind: 'column', name: 'x' } as const;
const SPECS: readonly AggregateSpec[] = [
  { kind: 'count' },
  { kind: 'sum', of },
  { kind: 'min', of },
  { kind: 'max', of },
  { kind: 'avg', of },
  { kind: 'count_distinct', of },
  { kind: 'approx_count_distinct', of, precision: 5 },
  { kind: 'quantile', of, q: 0.5, accuracy: 0.02 },
  { kind: 'quantile', of, q: 0.99, accuracy: 0.001 },
];

const numbers = fc.oneof(
  fc.integer({ min: -50, max: 50 }),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }),
  fc.constantFrom(0, 0.1, -0.1, 1e16, -1e16, 1e300, -1e300, 2 ** 53 - 1, 5e-324),
);
const values = fc.array(numbers, { maxLength: 60 });

function fold(spec: AggregateSpec, all: readonly Scalar[]) {
  const aggregator = aggregatorOf(spec);
  return all.reduce<unknown>((acc, value) => aggregator.add(acc, value), aggregator.create());
}

describe.each(SPECS.map((spec) => ({ name: JSON.stringify(spec), spec })))('$name', ({ spec }) => {
  const aggregator = aggregatorOf(spec);

  test.prop([values, values, values], { seed: 1, numRuns: 150 })(
    'merging is adding, in any grouping and order',
    (a, b, c) => {
      const whole = aggregator.result(fold(spec, [...a, ...b, ...c]));
      const left = aggregator.merge(aggregator.merge(fold(spec, a), fold(spec, b)), fold(spec, c));
      const right = aggregator.merge(fold(spec, c), aggregator.merge(fold(spec, b), fold(spec, a)));
      expect(aggregator.result(left)).toEqual(whole);
      expect(aggregator.result(right)).toEqual(whole);
      expect(aggregator.result(fold(spec, [...c, ...a, ...b].reverse()))).toEqual(whole);
    },
  );

  test.prop([values, values], { seed: 2, numRuns: 150 })('a snapshot is invisible', (a, b) => {
    const saved = JSON.parse(JSON.stringify(aggregator.save(fold(spec, a))));
    const restored = b.reduce<unknown>(
      (acc, value) => aggregator.add(acc, value),
      aggregator.load(saved),
    );
    expect(aggregator.result(restored)).toEqual(aggregator.result(fold(spec, [...a, ...b])));
    expect(aggregator.save(restored)).toEqual(aggregator.save(fold(spec, [...a, ...b])));
  });

  it('leaves the accumulator that it merges from alone', () => {
    const from = fold(spec, [1, 2.5, 3]);
    const before = JSON.stringify(aggregator.save(from));
    aggregator.add(aggregator.merge(aggregator.create(), from), 7);
    expect(JSON.stringify(aggregator.save(from))).toBe(before);
  });
});

describe('sums', () => {
  const sum = createSum();
  const sumOf = (all: readonly number[]) =>
    sum.result(all.reduce((acc, value) => sum.add(acc, value), sum.create()));

  /** Exact: every double below 2^53 in size is a whole multiple of 2^-1074. */
  function exactSum(all: readonly number[]): number {
    let total = 0n;
    for (const value of all) total += toFixed(value);
    return fromFixed(total);
  }

  test.prop([fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { maxLength: 30 })], {
    seed: 3,
    numRuns: 400,
  })('are the double nearest to the exact sum', (all) => {
    expect(sumOf(all)).toBe(all.length === 0 ? null : exactSum(all));
  });

  it('of integers are exact past 2^53, and come back', () => {
    const most = Number.MAX_SAFE_INTEGER;
    expect(sumOf([most, 1, 1, -most])).toBe(2);
    expect(sumOf([1e16, 1, -1e16])).toBe(1);
    expect(sumOf([0.1, 0.2, -0.3])).toBe(2.7755575615628914e-17);
  });

  it('of nothing are NULL; past the range of doubles too', () => {
    expect(sumOf([])).toBeNull();
    expect(sumOf([1.7e308, 1.7e308])).toBeNull();
    const acc = [1.7e308, 1.7e308].reduce((so, value) => sum.add(so, value), sum.create());
    expect(sum.result(sum.load(JSON.parse(JSON.stringify(sum.save(acc)))))).toBeNull();
  });
});

const FRACTION_BITS = 1_074n;

function toFixed(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = (bits >> 52n) & 0x7ffn;
  const mantissa = bits & 0xfffffffffffffn;
  const size = exponent === 0n ? mantissa : (mantissa | (1n << 52n)) << (exponent - 1n);
  return bits >> 63n === 1n ? -size : size;
}

/** Rounds half to even. */
function fromFixed(value: bigint): number {
  const size = value < 0n ? -value : value;
  const bits = BigInt(size.toString(2).length);
  const shift = bits > 53n ? bits - 53n : 0n;
  let kept = size >> shift;
  const rest = size - (kept << shift);
  const half = shift > 0n ? 1n << (shift - 1n) : 0n;
  if (shift > 0n && (rest > half || (rest === half && (kept & 1n) === 1n))) kept += 1n;
  let result = Number(kept);
  for (let n = shift - FRACTION_BITS; n < 0n; n += 1n) result /= 2;
  for (let n = shift - FRACTION_BITS; n > 0n; n -= 1n) result *= 2;
  return (value < 0n ? -result : result) + 0;
}

describe('sketches', () => {
  it.each([
    { precision: 8, size: 300 },
    { precision: 10, size: 5_000 },
    { precision: 12, size: 100 },
    { precision: 12, size: 12_000 },
  ])('HyperLogLog keeps its standard error: 2^$precision registers, $size values', (given) => {
    const { precision, size } = given;
    const sketch = createHyperLogLog(precision);
    const errors: number[] = [];
    for (let trial = 0; trial < 40; trial += 1) {
      const acc = sketch.create();
      for (let n = 0; n < size; n += 1) {
        const value = trial % 2 === 0 ? `viewer-${trial}-${n}` : trial * 1_000_003 + n;
        sketch.add(sketch.add(acc, value), value);
      }
      errors.push(sketch.result(acc) / size - 1);
    }
    const bias = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    const rms = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);
    const standard = 1.04 / Math.sqrt(2 ** precision);
    // 40 trials: the mean is within 4 σ/√40, the root mean square within 40 % with room to spare.
    expect(Math.abs(bias)).toBeLessThan((4 * standard) / Math.sqrt(40));
    expect(rms).toBeLessThan(1.4 * standard);
  });

  it('HyperLogLog tells types apart and knows nothing of nothing', () => {
    const sketch = createHyperLogLog(12);
    const all: Scalar[] = [1, '1', true, 0, '', false, 'true'];
    expect(sketch.result(all.reduce((acc, value) => sketch.add(acc, value), sketch.create()))).toBe(
      all.length,
    );
    expect(sketch.result(sketch.create())).toBe(0);
  });

  it('quantiles of the greatest doubles are numbers', () => {
    const sketch = createQuantileSketch({ q: 0.5, accuracy: 0.1 });
    const of = (value: number) => sketch.result(sketch.add(sketch.create(), value)) ?? Number.NaN;
    for (const value of [Number.MAX_VALUE, 1.6e308, -Number.MAX_VALUE]) {
      expect(Math.abs(of(value) / value - 1)).toBeLessThan(0.1 + 1e-9);
    }
  });

  test.prop(
    [
      fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1, maxLength: 200 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.constantFrom(0.001, 0.01, 0.1),
    ],
    { seed: 4, numRuns: 400 },
  )('quantiles are within the accuracy of the true value', (all, q, accuracy) => {
    const sketch = createQuantileSketch({ q, accuracy });
    const found = sketch.result(
      all.reduce((acc, value) => sketch.add(acc, value), sketch.create()),
    );
    const sorted = [...all].sort((a, b) => a - b);
    const exact = sorted[Math.floor(q * (all.length - 1))] ?? Number.NaN;
    expect(Math.abs((found ?? Number.NaN) - exact)).toBeLessThanOrEqual(
      accuracy * Math.abs(exact) * (1 + 1e-9) + 2 ** -1_000,
    );
  });
});

describe('aggregates over rows', () => {
  it('skip NULL and rows that do not take part', () => {
    const read = ({ x }: { x: number | null }) => x;
    const aggregator = combinedAggregator({
      rows: { spec: { kind: 'count' }, read: undefined, isCounted: undefined },
      values: { spec: { kind: 'count', of }, read, isCounted: undefined },
      positive: { spec: { kind: 'sum', of }, read, isCounted: ({ x }) => x !== null && x > 0 },
      least: { spec: { kind: 'min', of }, read, isCounted: undefined },
      none: { spec: { kind: 'avg', of }, read, isCounted: () => false },
    });
    const acc = [{ x: 3 }, { x: null }, { x: -5 }, { x: 4 }].reduce(
      (so, row) => aggregator.add(so, row),
      aggregator.create(),
    );
    expect(aggregator.result(acc)).toEqual({
      rows: 4,
      values: 3,
      positive: 7,
      least: -5,
      none: null,
    });
    const twice = aggregator.merge(acc, aggregator.load(aggregator.save(acc)));
    expect(aggregator.result(twice)).toMatchObject({ rows: 8, positive: 14 });
  });

  it('refuse a kind that is none', () => {
    expect(() => aggregatorOf({ kind: 'median' } as unknown as AggregateSpec)).toThrow(
      /STREAMS_BAD_ARGUMENT: aggregate "median"/,
    );
  });
});
