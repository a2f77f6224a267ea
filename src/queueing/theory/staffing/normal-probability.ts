/** The standard normal distribution function. */
import { gammaCdf } from '../../../kernel/distributions/gamma-quantile.ts';

/** Φ(x) = P(Z ≤ x); absolute error below 1e-12. Source: Φ(x) = ½ ± ½·P(½, x²/2), the regularised
 * incomplete gamma function (Abramowitz and Stegun 26.2, 6.5.16). */
export function normalProbability(x: number): number {
  const middle = gammaCdf(0.5, (x * x) / 2) / 2;
  return x >= 0 ? 0.5 + middle : 0.5 - middle;
}
