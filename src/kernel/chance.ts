/** Named chance: every draw is a pure function of (seed, replication, purpose, entity, index). The
 * generator is Threefry-2x32 with 20 rounds: key = hash of (seed, replication, purpose), counter =
 * (entity, index). Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2,
 * 3", SC'11 (Random123). No state, so nothing to save, share or seed twice. Spec: C1–C3. */
import { hashText } from './hash.ts';

/** Draws for one purpose, like `viewer.think-time`. */
export interface Draws {
  /** A uniform number in the open interval (0, 1), 53 bits, the same for the same arguments.
   * @param entity - Who draws: an integer 0 … 2³²−1. @param index - Their n-th draw: 0 … 2³²−1. */
  uniform(entity: number, index: number): number;
  /** 32 uniform bits of the same key, as an unsigned integer. */
  bits(entity: number, index: number): number;
}

/** The chance of one replication of one seed. */
export interface Chance {
  readonly seed: number;
  readonly replication: number;
  /** The draws of a purpose. Cheap, but meant to be called once and kept. */
  draws(purpose: string): Draws;
}

/** Makes the chance of one replication.
 * @param options - Seed and replication: integers 0 … 2³²−1. `isAntithetic`: replications come in
 * pairs, 2k and 2k + 1; the even one draws u as ever, the odd one 1 − u of the same draws. */
export function createChance(options: {
  readonly seed: number;
  readonly replication: number;
  readonly isAntithetic?: boolean | undefined;
}): Chance {
  const { seed, replication, isAntithetic = false } = options;
  const isMirror = isAntithetic && replication % 2 === 1;
  const drawn = isMirror ? replication - 1 : replication;
  return {
    seed,
    replication,
    draws(purpose) {
      threefry(hashText(purpose, 0x9e3779b9), hashText(purpose, 0x85ebca6b), seed, drawn);
      const draws = new ThreefryDraws(word0, word1);
      return isMirror ? new MirroredDraws(draws) : draws;
    },
  };
}

/** 1 − u of another's draws. A uniform number stands in the middle of one of 2⁵³ equal cells, so
 * that 1 − u is such a middle again and never 0 or 1. */
class MirroredDraws implements Draws {
  readonly #draws: Draws;

  constructor(draws: Draws) {
    this.#draws = draws;
  }

  uniform(entity: number, index: number): number {
    this.#draws.bits(entity, index);
    return uniformOf(~word0, ~word1);
  }

  bits(entity: number, index: number): number {
    return ~this.#draws.bits(entity, index) >>> 0;
  }
}

class ThreefryDraws implements Draws {
  readonly #key0: number;
  readonly #key1: number;

  constructor(key0: number, key1: number) {
    this.#key0 = key0;
    this.#key1 = key1;
  }

  uniform(entity: number, index: number): number {
    threefry(this.#key0, this.#key1, entity, index);
    return uniformOf(word0, word1);
  }

  bits(entity: number, index: number): number {
    threefry(this.#key0, this.#key1, entity, index);
    return word0 >>> 0;
  }
}

/** The middle of the cell that the first 53 bits of two words name. */
function uniformOf(first: number, second: number): number {
  return ((first >>> 6) * 2 ** 27 + (second >>> 5) + 0.5) * 2 ** -53;
}

/** The two words of the last block: module-level, so that a draw allocates nothing. They are
 * written and read within one call, so no state is shared between draws. */
let word0 = 0;
let word1 = 0;

/** One block of Threefry-2x32-20 into {@link word0} and {@link word1}, as unsigned integers.
 * @returns both words, for tests against the published vectors. */
export function threefryBlock(
  key: readonly [number, number],
  counter: readonly [number, number],
): readonly [number, number] {
  threefry(key[0], key[1], counter[0], counter[1]);
  return [word0 >>> 0, word1 >>> 0];
}

/** Parity constant of the key schedule (Threefish). */
const PARITY = 0x1bd11bda;

function threefry(key0: number, key1: number, counter0: number, counter1: number): void {
  const key2 = PARITY ^ key0 ^ key1;
  let x0 = (counter0 + key0) | 0;
  let x1 = (counter1 + key1) | 0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
  x0 = (x0 + key1) | 0;
  x1 = (x1 + key2 + 1) | 0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0;
  x0 = (x0 + key2) | 0;
  x1 = (x1 + key0 + 2) | 0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
  x0 = (x0 + key0) | 0;
  x1 = (x1 + key1 + 3) | 0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0;
  x0 = (x0 + key1) | 0;
  x1 = (x1 + key2 + 4) | 0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
  word0 = (x0 + key2) | 0;
  word1 = (x1 + key0 + 5) | 0;
}
