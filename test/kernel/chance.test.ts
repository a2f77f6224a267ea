/** Named chance: the published vectors of the generator, uniformity within and independence across
 * keys, and the promise that the same key gives the same value for ever. */
import { describe, expect, it } from 'vitest';
import { createChance, type Draws, threefryBlock } from '../../src/kernel/chance.ts';

const N = 20_000;

/** Chi-square statistic of uniforms over 100 cells; 99 degrees of freedom. */
function chiSquare(values: readonly number[]): number {
  const cells = new Array<number>(100).fill(0);
  for (const value of values)
    cells[Math.floor(value * 100)] = (cells[Math.floor(value * 100)] ?? 0) + 1;
  const expected = values.length / 100;
  return cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** z of the chi-square statistic by Wilson and Hilferty. */
function chiSquareZ(statistic: number): number {
  const df = 99;
  return ((statistic / df) ** (1 / 3) - (1 - 2 / (9 * df))) / Math.sqrt(2 / (9 * df));
}

/** Correlation of two equally long samples, times √n: about standard normal when independent. */
function correlationZ(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  a.forEach((value, i) => {
    const [da, db] = [value - meanA, (b[i] ?? 0) - meanB];
    ab += da * db;
    aa += da * da;
    bb += db * db;
  });
  return (ab / Math.sqrt(aa * bb)) * Math.sqrt(a.length);
}

function draws(purpose = 'p', seed = 1, replication = 0): Draws {
  return createChance({ seed, replication }).draws(purpose);
}

function along(key: (i: number) => number): readonly number[] {
  return Array.from({ length: N }, (_, i) => key(i));
}

/** Samples that differ in one part of the key only: all must be uniform and unrelated. */
const WALKS: readonly (readonly [string, readonly number[]])[] = [
  ['index', along((i) => draws().uniform(7, i))],
  ['entity', along((i) => draws().uniform(i, 7))],
  ['entity, next index', along((i) => draws().uniform(i, 8))],
  ['both', along((i) => draws().uniform(i, i))],
  ['another purpose', along((i) => draws('q').uniform(7, i))],
  ['next seed', along((i) => draws('p', 2).uniform(7, i))],
  ['next replication', along((i) => draws('p', 1, 1).uniform(7, i))],
  ['purpose by number', along((i) => draws(`p${i}`).uniform(7, 7))],
  ['seeds', along((i) => draws('p', i).uniform(7, 7))],
  ['replications', along((i) => draws('p', 1, i).uniform(7, 7))],
];

describe('named chance', () => {
  it('C1: is Threefry-2x32 with 20 rounds, by the vectors of Random123', () => {
    expect(threefryBlock([0, 0], [0, 0])).toEqual([0x6b200159, 0x99ba4efe]);
    expect(threefryBlock([-1, -1], [-1, -1])).toEqual([0x1cb996fc, 0xbb002be7]);
    expect(threefryBlock([0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3])).toEqual([
      0xc4923a9c, 0x483df7a0,
    ]);
  });

  it('C1: a draw is a function of its key alone', () => {
    const one = draws('viewer.think-time', 9, 3);
    const other = draws('viewer.think-time', 9, 3);
    const backwards = along((i) => one.uniform(N - i, 5)).toReversed();
    expect(along((i) => other.uniform(i + 1, 5))).toEqual(backwards);
  });

  it('C1: the same seed gives these values in every version', () => {
    const { uniform, bits } = draws('golden', 42, 7);
    const pinned = [uniform.call(draws('golden', 42, 7), 0, 0)];
    expect(pinned[0]).toBe(draws('golden', 42, 7).uniform(0, 0));
    expect(bits.call(draws('golden', 42, 7), 3, 9)).toBe(draws('golden', 42, 7).bits(3, 9));
    expect([0, 1, 2].map((i) => draws('golden', 42, 7).uniform(i, 10 - i))).toMatchInlineSnapshot(`
      [
        0.8547176505693341,
        0.45146163621536967,
        0.6622056119260638,
      ]
    `);
  });

  it('C2: stays inside the open unit interval, with 53 bits', () => {
    const values = along((i) => draws().uniform(i, 0));
    expect(Math.min(...values)).toBeGreaterThan(0);
    expect(Math.max(...values)).toBeLessThan(1);
    expect(new Set(values).size).toBe(N);
  });

  for (const [name, values] of WALKS) {
    it(`C3: uniform along ${name} (chi-square, |z| < 5)`, () => {
      expect(Math.abs(chiSquareZ(chiSquare(values)))).toBeLessThan(5);
    });
  }

  it('C3: neighbouring keys are uncorrelated (|z| < 5 for every pair and lag 1)', () => {
    let pairs = 0;
    for (const [i, [, a]] of WALKS.entries()) {
      expect(Math.abs(correlationZ(a.slice(1), a.slice(0, -1)))).toBeLessThan(5);
      for (const [, b] of WALKS.slice(i + 1)) {
        expect(Math.abs(correlationZ(a, b))).toBeLessThan(5);
        pairs += 1;
      }
    }
    expect(pairs).toBe(45);
  });
});

describe('antithetic draws', () => {
  const chanceOf = (replication: number, isAntithetic: boolean) =>
    createChance({ seed: 7, replication, isAntithetic });

  it('E151: are 1 − u in the odd replication, and as ever in the even one', () => {
    const [even, odd] = [chanceOf(4, true).draws('x'), chanceOf(5, true).draws('x')];
    const plain = chanceOf(4, false).draws('x');
    for (let entity = 0; entity < 200; entity += 1) {
      expect(even.uniform(entity, 1)).toBe(plain.uniform(entity, 1));
      expect(even.uniform(entity, 1) + odd.uniform(entity, 1)).toBeCloseTo(1, 15);
      expect(even.bits(entity, 1) + odd.bits(entity, 1)).toBe(0xffff_ffff);
      expect(odd.uniform(entity, 1)).toBeGreaterThan(0);
      expect(odd.uniform(entity, 1)).toBeLessThan(1);
    }
  });

  it('E151: leave pairs independent of each other', () => {
    const values = (replication: number) => {
      const draws = chanceOf(replication, true).draws('x');
      return Array.from({ length: 2_000 }, (_, i) => draws.uniform(i, 0));
    };
    expect(correlationZ(values(0), values(1))).toBeLessThan(-40);
    expect(Math.abs(correlationZ(values(1), values(3)))).toBeLessThan(4.5);
  });
});
