/** Two-level designs: balance, orthogonality, and the published first rows. */
import { describe, expect, it } from 'vitest';
import {
  foldover,
  fullFactorial,
  PLACKETT_BURMAN_RUNS,
  plackettBurman,
  type TwoLevelDesign,
} from '../../../src/stats/design/two-level.ts';

const column = (design: TwoLevelDesign, j: number): number[] => design.map((row) => row[j] ?? 0);
const product = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

function expectOrthogonal(design: TwoLevelDesign): void {
  const columns = (design[0] ?? []).map((_, j) => column(design, j));
  for (const [j, a] of columns.entries()) {
    expect(a.reduce((sum, value) => sum + value, 0)).toBe(0);
    for (const b of columns.slice(j + 1)) expect(product(a, b)).toBe(0);
  }
}

describe('two-level designs', () => {
  it('N52: full factorials hold every combination once, in the order of Yates', () => {
    expect(fullFactorial(2)).toEqual([
      [-1, -1],
      [1, -1],
      [-1, 1],
      [1, 1],
    ]);
    const design = fullFactorial(5);
    expect(new Set(design.map(String)).size).toBe(32);
    expectOrthogonal(design);
  });

  it.each(PLACKETT_BURMAN_RUNS)('N52: Plackett and Burman with %s runs is orthogonal', (runs) => {
    const design = plackettBurman(runs - 1, runs);
    expect(design.length).toBe(runs);
    expect(design.at(-1)?.every((level) => level === -1)).toBe(true);
    expectOrthogonal(design);
    expectOrthogonal(foldover(design));
  });

  it('N52: takes the smallest one that holds the factors', () => {
    expect([1, 7, 8, 11, 12, 15, 16, 19].map((k) => plackettBurman(k).length)).toEqual([
      8, 8, 12, 12, 16, 16, 20, 20,
    ]);
    expect(plackettBurman(3, 12)[0]).toEqual([1, 1, -1]);
  });

  it('N52: a foldover clears main effects of two-factor interactions', () => {
    const plain = plackettBurman(5, 12);
    const folded = foldover(plain);
    const worst = (design: TwoLevelDesign): number => {
      const columns = [0, 1, 2, 3, 4].map((j) => column(design, j));
      const products = columns.flatMap((main) =>
        columns.flatMap((a, i) =>
          columns.slice(i + 1).map((b) =>
            product(
              main,
              a.map((v, r) => v * (b[r] ?? 0)),
            ),
          ),
        ),
      );
      return Math.max(...products.map(Math.abs));
    };
    expect(worst(plain)).toBe(4);
    expect(worst(folded)).toBe(0);
  });

  it('refuses factors and runs that have no design', () => {
    expect(() => fullFactorial(17)).toThrow(/factors is 17/);
    expect(() => plackettBurman(20)).toThrow(/factors is 20/);
    expect(() => plackettBurman(8, 8)).toThrow(/runs is 8/);
    expect(() => plackettBurman(3, 10)).toThrow(/runs is 10/);
  });
});
