/** Least squares against certified values and by hand. */
import { describe, expect, it } from 'vitest';
import { type LeastSquaresFit, leastSquares } from '../../../src/stats/regression/least-squares.ts';

/** Longley 1967: nearly collinear on purpose. Certified by NIST, Statistical Reference Datasets.
 * Columns: y (employed), GNP deflator, GNP, unemployed, armed forces, population, year. */
const LONGLEY = [
  [60323, 83.0, 234289, 2356, 1590, 107608, 1947],
  [61122, 88.5, 259426, 2325, 1456, 108632, 1948],
  [60171, 88.2, 258054, 3682, 1616, 109773, 1949],
  [61187, 89.5, 284599, 3351, 1650, 110929, 1950],
  [63221, 96.2, 328975, 2099, 3099, 112075, 1951],
  [63639, 98.1, 346999, 1932, 3594, 113270, 1952],
  [64989, 99.0, 365385, 1870, 3547, 115094, 1953],
  [63761, 100.0, 363112, 3578, 3350, 116219, 1954],
  [66019, 101.2, 397469, 2904, 3048, 117388, 1955],
  [67857, 104.6, 419180, 2822, 2857, 118734, 1956],
  [68169, 108.4, 442769, 2936, 2798, 120445, 1957],
  [66513, 110.8, 444546, 4681, 2637, 121950, 1958],
  [68655, 112.6, 482704, 3813, 2552, 123366, 1959],
  [69564, 114.2, 502601, 3931, 2514, 125368, 1960],
  [69331, 115.7, 518173, 4806, 2572, 127852, 1961],
  [70551, 116.9, 554894, 4007, 2827, 130081, 1962],
] as const;

const CERTIFIED = [
  [-3482258.63459582, 890420.383607373],
  [15.0618722713733, 84.9149257747669],
  [-0.035819179292591, 0.0334910077722432],
  [-2.02022980381683, 0.488399681651699],
  [-1.03322686717359, 0.214274163161675],
  [-0.0511041056535807, 0.22607320006937],
  [1829.15146461355, 455.478499142212],
] as const;

describe('least squares', () => {
  it('equals the certified fit of the Longley data', () => {
    const y = LONGLEY.map((row) => row[0]);
    const columns = [1, 2, 3, 4, 5, 6].map((j) => LONGLEY.map((row) => row[j] ?? Number.NaN));
    const fit = leastSquares(columns, y) as LeastSquaresFit;
    const found = [fit.intercept, ...fit.slopes];
    for (const [j, [value, error]] of CERTIFIED.entries()) {
      expect((found[j]?.value ?? 0) / value).toBeCloseTo(1, 8);
      expect((found[j]?.standardError ?? 0) / error).toBeCloseTo(1, 8);
    }
    expect(fit.explained).toBeCloseTo(0.995479004577296, 10);
    expect(Math.sqrt(fit.residualVariance)).toBeCloseTo(304.854073561965, 6);
    expect(fit.df).toBe(9);
  });

  it('fits a line by hand', () => {
    const fit = leastSquares([[1, 2, 3, 4]], [1, 3, 2, 4]) as LeastSquaresFit;
    expect(fit.slopes[0]?.value).toBeCloseTo(0.8, 12);
    expect(fit.intercept.value).toBeCloseTo(0.5, 12);
    expect(fit.residualVariance).toBeCloseTo(0.9, 12);
    expect(fit.slopes[0]?.standardError).toBeCloseTo(Math.sqrt(0.9 / 5), 12);
    expect(fit.explained).toBeCloseTo(0.64, 12);
  });

  it('fits exactly what is exact, and a mean where there is no column', () => {
    const exact = leastSquares([[0, 1, 2, 5]], [3, 5, 7, 13]) as LeastSquaresFit;
    expect(exact.slopes[0]?.value).toBeCloseTo(2, 12);
    expect(exact.explained).toBeCloseTo(1, 12);
    const mean = leastSquares([], [1, 2, 3]) as LeastSquaresFit;
    expect(mean.intercept.value).toBe(2);
    expect(mean.intercept.standardError).toBeCloseTo(1 / Math.sqrt(3), 12);
    expect((leastSquares([[1, 2, 4]], [7, 7, 7]) as LeastSquaresFit).explained).toBeNull();
  });

  it('says what cannot be told apart', () => {
    const x = [1, 4, 2, 8, 5];
    expect(leastSquares([x, x.map((v) => 3 * v - 1)], [1, 2, 3, 4, 6])).toBe('collinear');
    expect(leastSquares([[0.1, 0.1, 0.1]], [1, 2, 3])).toBe('collinear');
    expect(() => leastSquares([x, x], [1, 2, 3])).toThrow(/number of values is 3/);
    expect(() => leastSquares([[1, 2]], [1, 2, 3, 4])).toThrow(/values of a column is 2/);
  });
});
