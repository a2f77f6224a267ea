/** Aggregates beside exact arithmetic and beside all values at once, however they are split,
 * merged, saved and ordered. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { aggregatorOf } from '../../../../src/streams/aggregates/aggregator-of.ts';
import { TopN } from '../../../../src/streams/aggregates/top-n.ts';
import type { Scalar } from '../../../../src/streams/plan/expression.ts';
import { throughJson } from '../../../streams/windows/window-builder.ts';
import { type ZooProperty, zooProperty } from '../../hunt/property.ts';

/** Values, in parts that are aggregated apart and merged; a part can be saved between. */
interface Parts<V> {
  readonly parts: readonly (readonly V[])[];
  readonly isSaved: boolean;
}

function partsOf<V>(value: fc.Arbitrary<V>, most: number): fc.Arbitrary<Parts<V>> {
  return fc.record({
    parts: fc.array(fc.array(value, { maxLength: most, size: 'max' }), { maxLength: 4 }),
    isSaved: fc.boolean(),
  });
}

function aggregated<V extends Scalar>(
  spec: Parameters<typeof aggregatorOf>[0],
  { parts, isSaved }: Parts<V>,
): Scalar {
  const aggregator = aggregatorOf(spec);
  let all = aggregator.create();
  for (const part of parts) {
    let acc = aggregator.create();
    for (const value of part) acc = aggregator.add(acc, value);
    if (isSaved) acc = aggregator.load(throughJson(aggregator.save(acc)));
    all = aggregator.merge(all, acc);
  }
  return aggregator.result(all);
}

function sizeOf({ parts }: Parts<unknown>): { readonly commands: number; readonly faults: number } {
  return { commands: parts.flat().length, faults: 0 };
}

const ANY = { kind: 'column' as const, name: 'any' };

/** A double as a whole number of 2⁻¹⁰⁷⁴. */
function exact(value: number): bigint {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const word = bits.getBigUint64(0);
  const power = Number((word >> 52n) & 0x7ffn);
  const fraction = word & 0xf_ffff_ffff_ffffn;
  const size =
    power === 0 ? fraction : (fraction | 0x10_0000_0000_0000n) << BigInt(Math.max(0, power - 1));
  return value < 0 ? -size : size;
}

/** The double nearest to a whole number of 2⁻¹⁰⁷⁴, half to even. */
function nearest(sum: bigint): number {
  const size = sum < 0n ? -sum : sum;
  const drop = Math.max(0, size.toString(2).length - 53);
  let kept = size >> BigInt(drop);
  const rest = size - (kept << BigInt(drop));
  const half = drop === 0 ? 0n : 1n << BigInt(drop - 1);
  if (rest > half || (rest === half && half > 0n && (kept & 1n) === 1n)) kept += 1n;
  const double = Number(kept) * 2 ** (drop - 537) * 2 ** -537;
  return sum < 0n ? -double : double;
}

const addend = fc.oneof(
  fc.constantFrom(0.1, 0.2, -0.3, 1e16, -1e16, 1, 1e100, -1e100, 2 ** -1_000),
  fc.integer(),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
);

const sumsAreExact = zooProperty({
  name: 'sums-are-exact',
  claim: 'a sum is the double nearest to the exact one, in whatever order and parts it is made',
  arbitrary: partsOf(addend, 12),
  sizeOf,
  holds(drawn) {
    const values = drawn.parts.flat();
    const sum = values.reduce((all, value) => all + exact(value), 0n);
    const wanted = values.length === 0 ? null : nearest(sum);
    assert.equal(aggregated({ kind: 'sum', of: ANY }, drawn), wanted);
    const backwards = { ...drawn, parts: drawn.parts.map((part) => part.toReversed()).reverse() };
    assert.equal(aggregated({ kind: 'sum', of: ANY }, backwards), wanted);
  },
});

const PRECISION = 6;

const sketchesMerge = zooProperty({
  name: 'sketches-merge',
  claim: 'sketches of parts, merged, are the sketch of all; few distinct values are counted well',
  arbitrary: partsOf(fc.nat(200), 60),
  sizeOf,
  holds(drawn) {
    const whole = { parts: [drawn.parts.flat()], isSaved: false };
    const spec = { kind: 'approx_count_distinct' as const, of: ANY, precision: PRECISION };
    const estimate = aggregated(spec, drawn);
    assert.equal(estimate, aggregated(spec, whole), 'merged = whole');
    const distinct = new Set(whole.parts[0]).size;
    // Five standard errors: of 10⁶ draws less than one beyond, and the hash is fixed.
    const most = 2 + 5 * (1.04 / Math.sqrt(2 ** PRECISION)) * distinct;
    assert.ok(Math.abs(Number(estimate) - distinct) <= most, `${estimate} of ${distinct}`);
  },
});

const quantilesAreNear = zooProperty({
  name: 'quantiles-are-near',
  claim: 'a quantile is within its relative error of the value that sorting finds',
  arbitrary: fc.record({
    drawn: partsOf(fc.oneof(fc.integer({ min: -500, max: 5_000 }), fc.constant(0)), 20),
    q: fc.constantFrom(0, 0.25, 0.5, 0.95, 1),
    accuracy: fc.constantFrom(0.01, 0.1),
  }),
  sizeOf: ({ drawn }) => sizeOf(drawn),
  holds({ drawn, q, accuracy }) {
    const values = drawn.parts.flat().sort((a, b) => a - b);
    const found = aggregated({ kind: 'quantile', of: ANY, q, accuracy }, drawn);
    const wanted = values[Math.floor(q * (values.length - 1))];
    if (wanted === undefined) return assert.equal(found, null);
    const most = Math.abs(wanted) * accuracy * (1 + 1e-9);
    return assert.ok(Math.abs(Number(found) - wanted) <= most, `${found} for ${wanted}`);
  },
});

interface Ranked {
  readonly key: string;
  readonly value: number;
}

const ranked = fc.record({
  key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  value: fc.nat(4),
  isFlush: fc.boolean(),
  isCut: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true)),
});

const topsAsSorted = zooProperty({
  name: 'tops-as-sorted',
  claim: 'the first rows are those that sorting by value and then by key finds',
  arbitrary: fc.record({
    limit: fc.integer({ min: 1, max: 3 }),
    rows: fc.array(ranked, { maxLength: 30, size: 'max' }),
  }),
  sizeOf: ({ rows }) => ({
    commands: rows.length,
    faults: rows.filter((row) => row.isCut).length,
  }),
  holds({ limit, rows }) {
    const compare = (a: Ranked, b: Ranked) =>
      b.value - a.value || (a.key < b.key ? -1 : 1) * Number(a.key !== b.key);
    const create = () => new TopN<Ranked>({ limit, compare });
    let top = create();
    const newest = new Map<string, Ranked>();
    const told: Ranked[] = [];
    const flush = () => {
      top.flush(({ rank, row, before }) => {
        assert.deepEqual(before, told[rank - 1] ?? null, 'what was told before');
        told[rank - 1] = row;
      });
      const best = [...newest.values()].sort(compare).slice(0, limit);
      assert.deepEqual(told, best);
    };
    for (const { key, value, isFlush, isCut } of rows) {
      const row = { key, value };
      newest.set(key, row);
      top.accept('w', key, row);
      if (isFlush || isCut) flush();
      if (!isCut) continue;
      const saved = throughJson(top.save());
      top = create();
      top.load(saved);
    }
    flush();
  },
});

/** All properties of aggregates. */
export const AGGREGATES: readonly ZooProperty[] = [
  sumsAreExact,
  sketchesMerge,
  quantilesAreNear,
  topsAsSorted,
];
