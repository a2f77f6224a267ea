/** The standard normal distribution: the probability below a value, and its inverse. */
import { requireArgument } from './bad-argument.ts';

/** Φ(z). Relative error below 1e-12, in the lower tail too.
 * Source: Abramowitz and Stegun 26.2.11 (the middle) and 26.2.14 (the tails). */
export function normalProbability(z: number): number {
  if (Number.isNaN(z)) return z;
  if (z > 0) return z >= 3 ? 1 - upperTail(z) : 0.5 + middle(z);
  return z <= -3 ? upperTail(-z) : 0.5 - middle(-z);
}

/** z with Φ(z) = p, 0 < p < 1: 1.959964 for 0.975. Absolute error below 1e-12.
 * Source: a start by Abramowitz and Stegun 26.2.23, polished by Halley's method. */
export function normalQuantile(p: number): number {
  requireArgument(p > 0 && p < 1, { argument: 'p', found: p, rule: 'between 0 and 1' });
  if (p > 0.5) return -normalQuantile(1 - p);
  const t = Math.sqrt(-2 * Math.log(p));
  const above = 2.515517 + t * (0.802853 + t * 0.010328);
  const below = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
  let z = above / below - t;
  for (let step = 0; step < 3; step += 1) {
    const error = (normalProbability(z) - p) / density(z);
    z -= error / (1 + (z * error) / 2);
  }
  return z;
}

function density(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

/** Φ(z) − ½ for 0 ≤ z < 3. */
function middle(z: number): number {
  let term = z;
  let sum = z;
  for (let odd = 3; term > sum * 1e-17; odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return density(z) * sum;
}

/** 1 − Φ(z) for z ≥ 3, by Laplace's continued fraction from the inside out. */
function upperTail(z: number): number {
  let fraction = z;
  for (let k = 100; k >= 1; k -= 1) fraction = z + k / fraction;
  return density(z) / fraction;
}
