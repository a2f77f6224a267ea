/** Euler's gamma function, for means and for the gamma distribution. */

/** Γ(x) for x > 0 by Lanczos' approximation (g = 7, n = 9; Godfrey's coefficients), 1e-13. */
export function gammaFunction(x: number): number {
  return Math.exp(logGamma(x));
}

/** ln Γ(x) for x > 0. Source: Lanczos 1964, coefficients of P. Godfrey. */
export function logGamma(x: number): number {
  const t = x + 6.5;
  let series = 0.99999999999980993;
  LANCZOS.forEach((coefficient, i) => {
    series += coefficient / (x + i);
  });
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(series);
}

const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;
