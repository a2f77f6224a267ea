/** Estimates how many distinct values there were: m = 2^precision registers, each the greatest
 * number of leading zeros seen; standard error 1.04 / √m. Few values are kept as pairs, many as
 * one byte a register. Sources: Flajolet et al., HyperLogLog (2007); the estimator without bias
 * tables is Ertl's, New cardinality estimation algorithms for HyperLogLog sketches (2017). */
import type { Scalar } from '../plan/expression.ts';
import type { Aggregator } from './aggregate-spec.ts';
import { hashValue, hashWords } from './hash-value.ts';

/** Registers: by number where they are few, else all of them. */
export interface HyperLogLog {
  sparse: Map<number, number> | null;
  dense: Uint8Array | null;
}

const HASH_BITS = 64;
/** Sparse pairs cost some forty bytes each. */
const REGISTERS_PER_PAIR = 32;
/** Registers are written as letters from here on. */
const FIRST_LETTER = 48;

/** The aggregate. Merging gives the registers of all values together, exactly. */
export function createHyperLogLog(precision: number): Aggregator<Scalar, HyperLogLog, number> {
  const size = 2 ** precision;
  const sparseMax = Math.floor(size / REGISTERS_PER_PAIR);
  const set = (acc: HyperLogLog, index: number, rank: number) => {
    const { dense, sparse } = acc;
    if (dense !== null) {
      if (rank > (dense[index] ?? 0)) dense[index] = rank;
      return;
    }
    if (sparse === null || rank <= (sparse.get(index) ?? 0)) return;
    sparse.set(index, rank);
    if (sparse.size <= sparseMax) return;
    acc.dense = new Uint8Array(size);
    for (const [at, value] of sparse) acc.dense[at] = value;
    acc.sparse = null;
  };
  return {
    create: () => ({ sparse: new Map(), dense: null }),
    add(acc, value) {
      hashValue(value);
      const high = hashWords[0] ?? 0;
      const low = hashWords[1] ?? 0;
      const rest = (high << precision) >>> 0;
      const zeros = rest === 0 ? HASH_BITS / 2 - precision + Math.clz32(low) : Math.clz32(rest);
      set(acc, high >>> (HASH_BITS / 2 - precision), zeros + 1);
      return acc;
    },
    merge(into, from) {
      for (const [index, rank] of pairsOf(from)) set(into, index, rank);
      return into;
    },
    result: (acc) => Math.round(estimate(acc, precision)),
    save(acc) {
      if (acc.dense === null) return [...(acc.sparse ?? [])].sort(([a], [b]) => a - b);
      return Array.from(acc.dense, (rank) => String.fromCharCode(FIRST_LETTER + rank)).join('');
    },
    load(saved) {
      if (typeof saved !== 'string') {
        return { sparse: new Map(saved as readonly [number, number][]), dense: null };
      }
      const dense = Uint8Array.from(saved, (letter) => letter.charCodeAt(0) - FIRST_LETTER);
      return { sparse: null, dense };
    },
  };
}

function* pairsOf({ sparse, dense }: HyperLogLog): Iterable<readonly [number, number]> {
  if (dense === null) {
    yield* sparse ?? [];
    return;
  }
  for (const [index, rank] of dense.entries()) {
    if (rank > 0) yield [index, rank];
  }
}

function estimate(acc: HyperLogLog, precision: number): number {
  const size = 2 ** precision;
  const ranks = HASH_BITS - precision;
  const counts = new Array<number>(ranks + 2).fill(0);
  let occupied = 0;
  for (const [, rank] of pairsOf(acc)) {
    counts[rank] = (counts[rank] ?? 0) + 1;
    occupied += 1;
  }
  if (occupied === 0) return 0;
  let z = size * tau(1 - (counts[ranks + 1] ?? 0) / size);
  for (let rank = ranks; rank >= 1; rank -= 1) z = 0.5 * (z + (counts[rank] ?? 0));
  z += size * sigma((size - occupied) / size);
  return (size * size) / (2 * Math.LN2 * z);
}

/** x + Σ x^(2^k) · 2^(k−1), for the registers that are empty. */
function sigma(x: number): number {
  let power = x;
  let weight = 1;
  let sum = x;
  for (let before = Number.NaN; sum !== before; weight += weight) {
    power *= power;
    before = sum;
    sum += power * weight;
  }
  return sum;
}

/** (1 − x − Σ (1 − x^(2^−k))² · 2^−k) / 3, for the registers that are full. */
function tau(x: number): number {
  if (x === 0 || x === 1) return 0;
  let root = x;
  let weight = 1;
  let sum = 1 - x;
  for (let before = Number.NaN; sum !== before; ) {
    root = Math.sqrt(root);
    weight *= 0.5;
    before = sum;
    sum -= (1 - root) ** 2 * weight;
  }
  return sum / 3;
}
