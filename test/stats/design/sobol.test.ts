/** Sobol's sequence: published points, balance in every dimension, primitive polynomials. */
import { describe, expect, it } from 'vitest';
import { SOBOL_DIMENSIONS_MAX, sobolPoints } from '../../../src/stats/design/sobol.ts';

describe("Sobol's sequence", () => {
  it('N51: begins with the published points', () => {
    // Joe and Kuo's program with `new-joe-kuo-6.21201`, 10 points of 3 dimensions.
    expect(sobolPoints({ dimensions: 3, count: 10 })).toEqual([
      [0, 0, 0],
      [0.5, 0.5, 0.5],
      [0.75, 0.25, 0.25],
      [0.25, 0.75, 0.75],
      [0.375, 0.375, 0.625],
      [0.875, 0.875, 0.125],
      [0.625, 0.125, 0.875],
      [0.125, 0.625, 0.375],
      [0.1875, 0.3125, 0.9375],
      [0.6875, 0.8125, 0.4375],
    ]);
  });

  it.each([undefined, (d: number) => (0.123 + 0.377 * d) % 1])(
    'N51: is balanced in every dimension and every stretch of 2^m, shift %s',
    (shift) => {
      const extra = shift === undefined ? {} : { shift };
      const dimensions = SOBOL_DIMENSIONS_MAX;
      const points = sobolPoints({ dimensions, count: 4_096, ...extra });
      for (const m of [1, 4, 8, 12]) {
        const size = 2 ** m;
        for (let d = 0; d < dimensions; d += 1) {
          const last = points.slice(-size).map((point) => Math.floor((point[d] ?? 0) * size));
          expect(new Set(last).size).toBe(size);
        }
      }
      expect(points.flat().every((x) => x >= 0 && x < 1)).toBe(true);
    },
  );

  it('N51: fills the squares of every two neighbouring dimensions, as no bad table would', () => {
    const points = sobolPoints({ dimensions: SOBOL_DIMENSIONS_MAX, count: 4_096 });
    for (let d = 1; d < SOBOL_DIMENSIONS_MAX; d += 1) {
      const squares = new Set(
        points.map((p) => 16 * Math.floor((p[d - 1] ?? 0) * 16) + Math.floor((p[d] ?? 0) * 16)),
      );
      expect(squares.size).toBe(256);
    }
  });

  it('integrates a product far better than its number of points would by chance', () => {
    const count = 2 ** 13;
    const points = sobolPoints({ dimensions: 8, count, shift: (d) => (0.5 + d * 0.618) % 1 });
    // ∏ (1 + (x − ½) ÷ 2) has mean 1; by chance the error would be about 0.005.
    const mean =
      points.reduce((sum, point) => sum + point.reduce((f, x) => f * (0.75 + x / 2), 1), 0) / count;
    expect(Math.abs(mean - 1)).toBeLessThan(0.0005);
  });

  it('goes on where it left, and refuses what it has no numbers for', () => {
    const whole = sobolPoints({ dimensions: 5, count: 40 });
    expect(sobolPoints({ dimensions: 5, count: 23, skip: 17 })).toEqual(whole.slice(17));
    expect(sobolPoints({ dimensions: 5, count: 0 })).toEqual([]);
    expect(() => sobolPoints({ dimensions: 17, count: 1 })).toThrow(/dimensions is 17/);
    expect(() => sobolPoints({ dimensions: 1, count: -1 })).toThrow(/count is -1/);
    expect(() => sobolPoints({ dimensions: 1, count: 1, skip: 0.5 })).toThrow(/skip is 0.5/);
  });
});
