/** Numbers of a beta distribution, keyed: by rejection, with as many draws of the key as it takes.
 * Source: Marsaglia, Tsang 2000, "A simple method for generating gamma variables". */
import { normalQuantile } from '../../../kernel/distributions/normal-quantile.ts';

/** Attempts of a gamma number: each is accepted with more than 95 %. */
const ATTEMPTS_MAX = 20;
/** Draws that one beta number may use: those of its key from 0 on. */
export const DRAWS_PER_BETA = 2 * (2 * ATTEMPTS_MAX + 1);

/** A number of Beta(a, b), 0–1. @param shapes - a and b, above 0.
 * @param uniform - The k-th number of its key, k below {@link DRAWS_PER_BETA}. */
export function betaDraw(
  { a, b }: { readonly a: number; readonly b: number },
  uniform: (k: number) => number,
): number {
  const first = gammaDraw(a, uniform);
  const second = gammaDraw(b, (k) => uniform(DRAWS_PER_BETA / 2 + k));
  const total = first + second;
  // Both underflow where both shapes are next to 0: then it is 0 or 1, by their sizes.
  return total > 0 ? first / total : Number(uniform(0) * (a + b) < a);
}

function gammaDraw(shape: number, uniform: (k: number) => number): number {
  if (shape < 1) {
    const boost = uniform(2 * ATTEMPTS_MAX) ** (1 / shape);
    return boost * gammaDraw(shape + 1, uniform);
  }
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  let v = 1;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const x = normalQuantile(uniform(2 * attempt));
    v = Math.max(0, 1 + c * x) ** 3;
    if (v === 0) continue;
    if (Math.log(uniform(2 * attempt + 1)) < 0.5 * x * x + d - d * v + d * Math.log(v)) break;
  }
  return d * v;
}
