/** Welch's moving average: by hand and on a line. */
import { describe, expect, it } from 'vitest';
import { welchMovingAverage } from '../../../src/stats/warm-up/welch-moving-average.ts';

describe("Welch's moving average", () => {
  it('N13: averages replications, then neighbours, fewer near the start', () => {
    const series = [
      [0, 2, 4, 6, 8, 10, 12, 14],
      [2, 4, 0, 2, 4, 6, 0, 2],
    ];
    // Means: 1, 3, 2, 4, 6, 8, 6, 8.
    const smooth = welchMovingAverage(series, 2);
    expect(smooth).toEqual([1, 2, 16 / 5, 23 / 5, 26 / 5, 32 / 5]);
  });

  it('N13: leaves a line as it is', () => {
    const line = Array.from({ length: 40 }, (_, i) => 3 + 2 * i);
    expect(welchMovingAverage([line], 10)).toEqual(line.slice(0, 30));
    expect(welchMovingAverage([line], 0)).toEqual(line);
  });

  it('refuses a window that leaves too little', () => {
    expect(() => welchMovingAverage([[1, 2, 3, 4]], 2)).toThrow(/window is 2/);
  });
});
