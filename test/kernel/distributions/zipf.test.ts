/** Zipf's law: probabilities, and ranks drawn from them. */
import { describe, expect, it } from 'vitest';
import { createChance } from '../../../src/kernel/chance.ts';
import { createZipf } from '../../../src/kernel/distributions/zipf.ts';

describe("Zipf's law", () => {
  it('gives probabilities that fall by the exponent and add up to 1', () => {
    const zipf = createZipf({ n: 50, exponent: 0.9 });
    const total = Array.from({ length: 50 }, (_, i) => zipf.probability(i + 1)).reduce(
      (a, b) => a + b,
    );
    expect(total).toBeCloseTo(1, 12);
    expect(zipf.probability(1) / zipf.probability(10)).toBeCloseTo(10 ** 0.9, 10);
  });

  it('draws ranks with these probabilities (each within 5 standard errors)', () => {
    const zipf = createZipf({ n: 20, exponent: 1.1 });
    const draws = createChance({ seed: 3, replication: 0 }).draws('zipf');
    const n = 50_000;
    const counts = new Array<number>(21).fill(0);
    for (let i = 0; i < n; i += 1) {
      const rank = zipf.rank(draws.uniform(0, i));
      counts[rank] = (counts[rank] ?? 0) + 1;
    }
    for (let rank = 1; rank <= 20; rank += 1) {
      const p = zipf.probability(rank);
      const z = ((counts[rank] ?? 0) - n * p) / Math.sqrt(n * p * (1 - p));
      expect(Math.abs(z)).toBeLessThan(5);
    }
    expect(counts[0]).toBe(0);
  });

  it('is uniform for exponent 0, and stays in range at the ends', () => {
    const zipf = createZipf({ n: 4, exponent: 0 });
    expect([1e-12, 0.26, 0.51, 1 - 1e-12].map((u) => zipf.rank(u))).toEqual([1, 2, 3, 4]);
  });

  it('refuses no ranks and a negative exponent', () => {
    const bad = expect.objectContaining({ code: 'CHANCE_BAD_PARAMETER' });
    expect(() => createZipf({ n: 0, exponent: 1 })).toThrow(bad);
    expect(() => createZipf({ n: 5, exponent: -1 })).toThrow(bad);
  });
});
