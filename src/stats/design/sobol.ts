/** Sobol's sequence: points of the unit cube that fill it evenly, however many are taken. The first
 * 2^m points, and each further 2^m, hold one in every slice of 2^−m in every dimension. */
import { requireArgument } from '../bad-argument.ts';

/** Which points. */
export interface SobolOptions {
  /** Dimensions, 1 … {@link SOBOL_DIMENSIONS_MAX}. */
  readonly dimensions: number;
  /** How many points; a power of 2 keeps the balance. */
  readonly count: number;
  /** Points left out at the start; 0 unless given. Point 0 is the corner of zeros. */
  readonly skip?: number;
  /** Shifts every dimension's binary digits by a uniform number of [0, 1), so that several shifts
   * give independent estimates and no point lies in the corner. None unless given. */
  readonly shift?: (dimension: number) => number;
}

/** Dimensions that have direction numbers here. */
export const SOBOL_DIMENSIONS_MAX = 16;

const BITS = 32;

/** Primitive polynomial (degree s, inner coefficients a) and initial direction numbers m of
 * dimensions 2 … 16. Source: Joe and Kuo 2008, table `new-joe-kuo-6.21201`. */
const DIRECTIONS: readonly { readonly a: number; readonly m: readonly number[] }[] = [
  { a: 0, m: [1] },
  { a: 1, m: [1, 3] },
  { a: 1, m: [1, 3, 1] },
  { a: 2, m: [1, 1, 1] },
  { a: 1, m: [1, 1, 3, 3] },
  { a: 4, m: [1, 3, 5, 13] },
  { a: 2, m: [1, 1, 5, 5, 17] },
  { a: 4, m: [1, 1, 5, 5, 5] },
  { a: 7, m: [1, 1, 7, 11, 19] },
  { a: 11, m: [1, 1, 5, 1, 1] },
  { a: 13, m: [1, 1, 1, 3, 11] },
  { a: 14, m: [1, 3, 5, 5, 31] },
  { a: 1, m: [1, 3, 3, 9, 7, 49] },
  { a: 13, m: [1, 1, 1, 15, 21, 21] },
  { a: 16, m: [1, 3, 1, 13, 27, 49] },
];

/** Points `[point][dimension]`, each in [0, 1), in the order of the Gray code.
 * @throws EngineError `STATS_BAD_ARGUMENT`. Cost O((skip + count) · dimensions).
 * Source: Antonov and Saleev 1979; Joe and Kuo, "Constructing Sobol sequences with better
 * two-dimensional projections", SIAM J. Sci. Comput. 30, 2008. Spec: N51. */
export function sobolPoints(options: SobolOptions): number[][] {
  const { dimensions, count, skip = 0, shift } = options;
  requireOptions({ dimensions, count, skip });
  const directions = Array.from({ length: dimensions }, (_, d) => directionsOf(d));
  const state = directions.map((_, d) => Math.floor((shift?.(d) ?? 0) * 2 ** BITS) >>> 0);
  const points: number[][] = [];
  for (let index = 0; index < skip + count; index += 1) {
    if (index >= skip) points.push(state.map((word) => word / 2 ** BITS));
    const flipped = trailingOnes(index);
    for (let d = 0; d < dimensions; d += 1) {
      state[d] = ((state[d] ?? 0) ^ (directions[d]?.[flipped] ?? 0)) >>> 0;
    }
  }
  return points;
}

function requireOptions({ dimensions, count, skip }: Required<Omit<SobolOptions, 'shift'>>): void {
  const isDimensions = Number.isInteger(dimensions) && dimensions >= 1;
  requireArgument(isDimensions && dimensions <= SOBOL_DIMENSIONS_MAX, {
    argument: 'dimensions',
    found: dimensions,
    rule: `a whole number from 1 to ${SOBOL_DIMENSIONS_MAX}`,
  });
  const rule = `a whole number from 0 on, and skip + count at most 2^${BITS - 1}`;
  const isSum = skip + count <= 2 ** (BITS - 1);
  const isCount = Number.isInteger(count) && count >= 0 && isSum;
  requireArgument(isCount, { argument: 'count', found: count, rule });
  const isSkip = Number.isInteger(skip) && skip >= 0;
  requireArgument(isSkip, { argument: 'skip', found: skip, rule });
}

/** The direction numbers of a dimension as words of 32 bits, the first one the highest bit. */
function directionsOf(dimension: number): number[] {
  const one = DIRECTIONS[dimension - 1];
  if (one === undefined) return Array.from({ length: BITS }, (_, i) => 2 ** (BITS - 1 - i));
  const degree = one.m.length;
  const words = one.m.map((m, i) => m * 2 ** (BITS - 1 - i));
  for (let i = degree; i < BITS; i += 1) {
    const before = words[i - degree] ?? 0;
    let word = before ^ (before >>> degree);
    for (let k = 1; k < degree; k += 1) {
      if (((one.a >>> (degree - 1 - k)) & 1) === 1) word ^= words[i - k] ?? 0;
    }
    words.push(word >>> 0);
  }
  return words;
}

/** The place of the lowest zero bit: which digit of the Gray code changes next. */
function trailingOnes(index: number): number {
  let place = 0;
  for (let rest = index; rest % 2 === 1; rest = Math.floor(rest / 2)) place += 1;
  return place;
}
