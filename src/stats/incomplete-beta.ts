/** The incomplete beta function, from which Student's t and the binomial distribution follow. */

/** P(X ≤ k) of X successes in n trials of probability p, 0 < p < 1.
 * Source: Abramowitz and Stegun 26.5.24. */
export function binomialProbability(
  k: number,
  { n, p }: { readonly n: number; readonly p: number },
): number {
  if (k < 0) return 0;
  return k >= n ? 1 : incompleteBeta(1 - p, { a: n - k, b: k + 1 });
}

/** I_x(a, b), the regularised incomplete beta function, a and b above 0. Absolute error below
 * 1e-12. Source: Numerical Recipes 6.4. */
export function incompleteBeta(
  x: number,
  { a, b }: { readonly a: number; readonly b: number },
): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const scale = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x),
  );
  const isLowSide = x < (a + 1) / (a + b + 2);
  return isLowSide
    ? (scale * betaFraction(x, { a, b })) / a
    : 1 - (scale * betaFraction(1 - x, { a: b, b: a })) / b;
}

/** The continued fraction of the incomplete beta function (Numerical Recipes 6.4). */
function betaFraction(x: number, { a, b }: { readonly a: number; readonly b: number }): number {
  const tiny = 1e-300;
  const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 1_000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return fraction;
}

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
  -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
  1.5056327351493116e-7,
];

/** ln Γ(z) for z > 0. Relative error below 1e-14. Source: Lanczos, g = 7, nine terms. */
export function logGamma(z: number): number {
  if (z < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * z)) - logGamma(1 - z);
  const base = z - 1 + 7.5;
  const series = LANCZOS.reduce((sum, term, i) => (i === 0 ? term : sum + term / (z - 1 + i)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (z - 0.5) * Math.log(base) - base + Math.log(series);
}
