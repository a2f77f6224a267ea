/** The upper tail of the χ² distribution: what a goodness-of-fit test asks for. */
import { requireArgument } from '../bad-argument.ts';
import { logGamma } from '../incomplete-beta.ts';

/** P(X ≥ x) of χ² with `df` > 0 degrees of freedom: Q(df/2, x/2), the regularised upper incomplete
 * gamma function. Relative error below 1e-10 far into the tail, so that tiny p-values keep their
 * size. @throws EngineError `STATS_BAD_ARGUMENT`. Source: Numerical Recipes 6.2. */
export function chiSquareTail(x: number, df: number): number {
  requireArgument(df > 0, { argument: 'df', found: df, rule: 'above 0' });
  requireArgument(!Number.isNaN(x), { argument: 'x', found: x, rule: 'a number' });
  if (x <= 0) return 1;
  const shape = df / 2;
  const half = x / 2;
  const scale = Math.exp(shape * Math.log(half) - half - logGamma(shape));
  return half < shape + 1
    ? 1 - scale * lowerSeries(shape, half)
    : scale * upperFraction(shape, half);
}

/** Σ x^n Γ(a) ÷ Γ(a + 1 + n), which converges fast below a + 1. */
function lowerSeries(shape: number, x: number): number {
  let term = 1 / shape;
  let sum = term;
  for (let n = 1; n < 10_000 && term > sum * 1e-17; n += 1) {
    term *= x / (shape + n);
    sum += term;
  }
  return sum;
}

/** The continued fraction of Γ(a, x) by Lentz's method, above a + 1. */
function upperFraction(shape: number, x: number): number {
  const tiny = 1e-300;
  const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let b = x + 1 - shape;
  let c = 1 / tiny;
  let d = 1 / away(b);
  let fraction = d;
  for (let i = 1; i < 10_000; i += 1) {
    const a = -i * (i - shape);
    b += 2;
    d = 1 / away(a * d + b);
    c = away(b + a / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return fraction;
}
