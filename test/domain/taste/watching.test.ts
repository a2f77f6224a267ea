/** How much is watched: the mean in closed form. */
import { describe, expect, it } from 'vitest';
import { expectedShare, watchedShare } from '../../../src/domain/taste/watching.ts';

describe('watching', () => {
  it('M1: the mean share is the sigmoid of enjoyment, over all of (0, 1)', () => {
    const n = 20_000;
    for (const enjoyment of [-4, -1, 0, 0.7, 3]) {
      let sum = 0;
      for (let i = 0; i < n; i += 1) sum += watchedShare(enjoyment, (i + 0.5) / n);
      expect(sum / n).toBeCloseTo(expectedShare(enjoyment), 3);
    }
  });

  it('M1: grows with the draw and with enjoyment, and stays within 0 and 1', () => {
    const shares = [0.01, 0.3, 0.6, 0.99].map((u) => watchedShare(0, u));
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
    expect(watchedShare(-2, 0.5)).toBeLessThan(watchedShare(2, 0.5));
    for (const extreme of [-800, 800]) {
      const share = watchedShare(extreme, 0.5);
      expect(share >= 0 && share <= 1).toBe(true);
    }
  });
});
