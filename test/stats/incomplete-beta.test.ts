/** The incomplete beta function against closed forms, and the binomial distribution by addition. */
import { describe, expect, it } from 'vitest';
import { binomialProbability, incompleteBeta } from '../../src/stats/incomplete-beta.ts';
import { studentTQuantile } from '../../src/stats/student-t.ts';

/** P(X ≤ k) term by term. */
function summed(k: number, n: number, p: number): number {
  let term = (1 - p) ** n;
  let sum = term;
  for (let i = 1; i <= k; i += 1) {
    term *= ((n - i + 1) / i) * (p / (1 - p));
    sum += term;
  }
  return sum;
}

describe('incomplete beta function', () => {
  it('equals its closed forms', () => {
    for (const x of [0.01, 0.3, 0.5, 0.77, 0.99]) {
      expect(incompleteBeta(x, { a: 1, b: 1 })).toBeCloseTo(x, 12);
      expect(incompleteBeta(x, { a: 3, b: 1 })).toBeCloseTo(x ** 3, 12);
      expect(incompleteBeta(x, { a: 1, b: 4 })).toBeCloseTo(1 - (1 - x) ** 4, 12);
      const arcsine = (2 / Math.PI) * Math.asin(Math.sqrt(x));
      expect(incompleteBeta(x, { a: 0.5, b: 0.5 })).toBeCloseTo(arcsine, 11);
    }
    expect(incompleteBeta(0, { a: 2, b: 3 })).toBe(0);
    expect(incompleteBeta(1, { a: 2, b: 3 })).toBe(1);
  });

  it('gives binomial probabilities', () => {
    for (const [n, p] of [
      [10, 0.5],
      [200, 0.9],
      [500, 0.01],
    ] as const) {
      for (const k of [0, 1, Math.floor(n * p), n - 1]) {
        expect(binomialProbability(k, { n, p })).toBeCloseTo(summed(k, n, p), 10);
      }
    }
    expect(binomialProbability(-1, { n: 5, p: 0.5 })).toBe(0);
    expect(binomialProbability(5, { n: 5, p: 0.5 })).toBe(1);
  });

  it.each([2.5, 7.3, 18.61])("gives Student's distribution at %s degrees of freedom", (df) => {
    // With t = √df · tan θ the density is cos^(df − 1) θ up to a factor that cancels.
    const integral = (to: number): number => {
      const steps = 20_000;
      const at = (i: number): number => Math.cos(((i + 0.5) / steps) * to) ** (df - 1);
      return (Array.from({ length: steps }, (_, i) => at(i)).reduce((a, b) => a + b) * to) / steps;
    };
    const t = studentTQuantile(0.975, df);
    const share = integral(Math.atan(t / Math.sqrt(df))) / integral(Math.PI / 2);
    expect(share).toBeCloseTo(0.95, 6);
  });
});
