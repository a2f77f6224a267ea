/** Logistic regression with a quadratic penalty: P(y = 1 | x) = σ(b₀ + Σ bⱼ·xⱼ). Found by Newton's
 * method (iteratively reweighted least squares) with step halving, on one core in a fixed order of
 * sums: the same rows give the same bits. Source: McCullagh and Nelder 1989, 4.4; the penalty as le
 * Cessie and van Houwelingen 1992. Spec: M60–M62. */
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { type Refusal, refusal } from '../../stats/refusal.ts';

/** Rows of features, row-major: the value of row i and column j is at i · columns + j. */
export interface DenseRows {
  readonly rows: number;
  readonly columns: number;
  /** Finite; length rows × columns. */
  readonly values: Float64Array;
}

/** What a fit is told. */
export interface LogisticOptions {
  /** λ of λ/2 · Σ bⱼ², the intercept left out: at least 0. It presumes columns of one scale. */
  readonly penalty: number;
}

/** A fitted regression. */
export interface LogisticFit {
  readonly intercept: number;
  /** One a column. */
  readonly weights: Float64Array;
  readonly penalty: number;
  readonly logLikelihood: number;
  readonly iterations: number;
  /** Whether the fit tells all 1s from all 0s of its own rows. Only the penalty keeps the weights
   * finite then, and their errors mean nothing. */
  readonly isSeparated: boolean;
}

/** Of a fit at some coefficients. */
interface Slope {
  readonly logLikelihood: number;
  /** Of the penalised log-likelihood; the intercept first. */
  readonly gradient: Float64Array;
  /** Its negative second derivative, symmetric, row-major. */
  readonly hessian: Float64Array;
}

const STEPS_MAX = 100;
const HALVINGS_MAX = 30;
/** What a step may still gain at the end, relative to the log-likelihood. */
const AT_END = 1e-13;
/** Where Newton's method ends well, its steps shrink quadratically; where the classes are
 * separated, they stay as long as they are. */
const SEPARATED_STEP = 1e-3;

/** Fits it.
 * @param outcome - 0 or 1, one a row.
 * @returns The fit, or why there is none: no rows, one class only, and, without a penalty, columns
 * that are combinations of others, or classes that the columns separate (then no finite weights are
 * best). Cost O(iterations · rows · columns²), some 6–10 iterations. */
export function fitLogistic(
  design: DenseRows,
  outcome: Uint8Array,
  { penalty }: LogisticOptions,
): LogisticFit | Refusal {
  const ones = outcome.reduce((sum, y) => sum + y, 0);
  const trouble = unfit(design.rows, ones);
  if (trouble !== null) return trouble;
  let at = new Float64Array(design.columns + 1);
  at[0] = Math.log(ones / (design.rows - ones));
  let here = slopeAt(design, outcome, { at, penalty });
  for (let iterations = 1; iterations <= STEPS_MAX; iterations += 1) {
    const step = newtonStep(here);
    if (step === null) return penalty === 0 && longest(at) > 10 ? separated() : collinear();
    const decrement = step.reduce((sum, d, j) => sum + d * (here.gradient[j] ?? 0), 0);
    const isAtEnd = decrement <= AT_END * (1 + Math.abs(here.logLikelihood));
    const next = isAtEnd ? null : climb(here, { design, outcome, penalty, at, step });
    if (next !== null) {
      ({ at, here } = next);
      continue;
    }
    // So near to the end a whole step squares what is missing.
    if (isAtEnd) at = at.map((b, j) => b + (step[j] ?? 0));
    const isSeparated = isTellingApart(linearPredictor(design, at), outcome);
    const isEndless = isSeparated || longest(step) > SEPARATED_STEP;
    if (penalty === 0 && isEndless) return separated();
    const { logLikelihood } = here;
    const weights = at.slice(1);
    return { intercept: at[0] ?? 0, weights, penalty, logLikelihood, iterations, isSeparated };
  }
  return separated();
}

/** b₀ + Σ bⱼ·xⱼ of every row, in log-odds. */
export function logits(design: DenseRows, { intercept, weights }: LogisticFit): Float64Array {
  return linearPredictor(design, Float64Array.of(intercept, ...weights));
}

/** σ(z), without overflow. */
export function sigmoid(z: number): number {
  if (z >= 0) return 1 / (1 + Math.exp(-z));
  const odds = Math.exp(z);
  return odds / (1 + odds);
}

function unfit(rows: number, ones: number): Refusal | null {
  if (rows === 0) return refusal('no-rows', 'there is no row to learn from');
  if (ones > 0 && ones < rows) return null;
  return refusal(
    'one-class',
    `all ${rows} rows have the outcome ${ones > 0 ? 1 : 0}: nothing tells it from the other`,
  );
}

function separated(): Refusal {
  return refusal(
    'separated',
    'the features tell all 1s from all 0s, so that no finite weights are best: use a penalty',
  );
}

function collinear(): Refusal {
  return refusal('collinear', 'a feature is a combination of others: leave one of them out');
}

/** The longest step along −Newton's direction, halved until it climbs; null where none does, which
 * is where rounding ends the search. */
function climb(
  here: Slope,
  from: {
    readonly design: DenseRows;
    readonly outcome: Uint8Array;
    readonly penalty: number;
    readonly at: Float64Array;
    readonly step: Float64Array;
  },
): { readonly at: Float64Array<ArrayBuffer>; readonly here: Slope } | null {
  const { design, outcome, penalty, step } = from;
  const worth = here.logLikelihood - ridge(from.at, penalty);
  let factor = 1;
  for (let halving = 0; halving < HALVINGS_MAX; halving += 1) {
    const at = from.at.map((b, j) => b + factor * (step[j] ?? 0));
    const there = slopeAt(design, outcome, { at, penalty });
    if (there.logLikelihood - ridge(at, penalty) > worth) return { at, here: there };
    factor /= 2;
  }
  return null;
}

function ridge(at: Float64Array, penalty: number): number {
  let sum = 0;
  for (let j = 1; j < at.length; j += 1) sum += (at[j] ?? 0) ** 2;
  return (penalty / 2) * sum;
}

function newtonStep({ gradient, hessian }: Slope): Float64Array | null {
  const size = gradient.length;
  const decomposition = new CholeskyDecomposition(Matrix.from1DArray(size, size, hessian));
  if (!decomposition.isPositiveDefinite()) return null;
  const step = decomposition.solve(Matrix.columnVector([...gradient])).to1DArray();
  return step.every(Number.isFinite) ? Float64Array.from(step) : null;
}

/** One pass over the rows. */
function slopeAt(
  { rows, columns, values }: DenseRows,
  outcome: Uint8Array,
  { at, penalty }: { readonly at: Float64Array; readonly penalty: number },
): Slope {
  const size = columns + 1;
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  const x = new Float64Array(size);
  x[0] = 1;
  let logLikelihood = 0;
  for (let i = 0; i < rows; i += 1) {
    const from = i * columns;
    let z = at[0] as number;
    for (let j = 1; j < size; j += 1) {
      const value = values[from + j - 1] as number;
      x[j] = value;
      z += value * (at[j] as number);
    }
    const y = outcome[i] as number;
    logLikelihood -= logOnePlusExp(y === 1 ? -z : z);
    const p = sigmoid(z);
    const weight = p * (1 - p);
    for (let j = 0; j < size; j += 1) {
      const value = x[j] as number;
      gradient[j] = (gradient[j] as number) + (y - p) * value;
      const scaled = weight * value;
      const row = j * size;
      for (let k = 0; k <= j; k += 1) {
        hessian[row + k] = (hessian[row + k] as number) + scaled * (x[k] as number);
      }
    }
  }
  for (let j = 1; j < size; j += 1) {
    gradient[j] = (gradient[j] ?? 0) - penalty * (at[j] ?? 0);
    hessian[j * size + j] = (hessian[j * size + j] ?? 0) + penalty;
  }
  for (let j = 0; j < size; j += 1) {
    for (let k = 0; k < j; k += 1) hessian[k * size + j] = hessian[j * size + k] ?? 0;
  }
  return { logLikelihood, gradient, hessian };
}

function linearPredictor({ rows, columns, values }: DenseRows, at: Float64Array): Float64Array {
  const all = new Float64Array(rows);
  for (let i = 0; i < rows; i += 1) {
    let z = at[0] ?? 0;
    for (let j = 0; j < columns; j += 1) z += (values[i * columns + j] ?? 0) * (at[j + 1] ?? 0);
    all[i] = z;
  }
  return all;
}

function isTellingApart(z: Float64Array, outcome: Uint8Array): boolean {
  let lowestOne = Number.POSITIVE_INFINITY;
  let highestZero = Number.NEGATIVE_INFINITY;
  z.forEach((value, i) => {
    if (outcome[i] === 1) lowestOne = Math.min(lowestOne, value);
    else highestZero = Math.max(highestZero, value);
  });
  return lowestOne > highestZero;
}

/** ln(1 + eᶻ), without overflow: what a forecast of −z log-odds loses where the outcome is 1. */
function logOnePlusExp(z: number): number {
  return z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z));
}

function longest(vector: Float64Array): number {
  return vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
