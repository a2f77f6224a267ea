/** The quantile of the gamma distribution with scale 1, by inverting its distribution function. */
import { logGamma } from './gamma-function.ts';
import { normalQuantile } from './normal-quantile.ts';

const MAX_STEPS = 100;
const TOLERANCE = 1e-10;

/** x with P(shape, x) = u. Newton steps with bisection as the safety net, from Wilson and
 * Hilferty's start. Sources: Press et al., Numerical Recipes §6.2; Wilson & Hilferty, 1931. */
export function gammaQuantile(shape: number, u: number): number {
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let x = start(shape, u);
  const logScale = logGamma(shape);
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const error = gammaCdf(shape, x, logScale) - u;
    if (error > 0) high = x;
    else low = x;
    const density = Math.exp((shape - 1) * Math.log(x) - x - logScale);
    const stepSize = error / density;
    // Asked first: a step too small to move x would look like one out of the bracket.
    if (Math.abs(stepSize) <= TOLERANCE * x) return x - stepSize;
    const next = x - stepSize;
    const isInside = next > low && next < high;
    const fallback = Number.isFinite(high) ? (low + high) / 2 : x * 2;
    x = isInside ? next : fallback;
  }
  return x;
}

/** P(shape, x), the regularised lower incomplete gamma function. */
export function gammaCdf(shape: number, x: number, logScale = logGamma(shape)): number {
  if (x <= 0) return 0;
  const factor = Math.exp(shape * Math.log(x) - x - logScale);
  return x < shape + 1 ? factor * lowerSeries(shape, x) : 1 - factor * upperFraction(shape, x);
}

function start(shape: number, u: number): number {
  const c = 1 / (9 * shape);
  const cubeRoot = 1 - c + normalQuantile(u) * Math.sqrt(c);
  const guess = shape * cubeRoot ** 3;
  const forSmallShapes = Math.exp((Math.log(u) + logGamma(shape + 1)) / shape);
  return shape < 1 || !(guess > 1e-8) ? Math.max(1e-300, forSmallShapes) : guess;
}

function lowerSeries(shape: number, x: number): number {
  let term = 1 / shape;
  let sum = term;
  for (let n = 1; n < 1_000 && term > sum * 1e-16; n += 1) {
    term *= x / (shape + n);
    sum += term;
  }
  return sum;
}

/** Lentz's continued fraction. */
function upperFraction(shape: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - shape;
  let c = 1 / tiny;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 1_000; i += 1) {
    const a = -i * (i - shape);
    b += 2;
    d = 1 / nonZero(a * d + b, tiny);
    c = nonZero(b + a / c, tiny);
    const delta = d * c;
    h *= delta;
    if (Math.abs(delta - 1) < 1e-15) break;
  }
  return h;
}

function nonZero(value: number, tiny: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}
