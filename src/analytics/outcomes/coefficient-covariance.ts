/** How uncertain the weights of a logistic regression are. Rows of one viewer are no
 * independent rows, so the errors are taken over viewers (cluster-robust): H⁻¹ · (Σ_v
 * s_v·s_vᵀ) · H⁻¹, where s_v sums the scores of a viewer's rows. Source: Huber 1967, White
 * 1980, Liang and Zeger 1986; with the penalty in H as le Cessie and van Houwelingen 1992.
 * Spec: M63. */
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { type Refusal, refusal } from '../../stats/refusal.ts';
import { type DenseRows, type LogisticFit, logits, sigmoid } from './logistic-regression.ts';

/** How many units more than coefficients it takes: with fewer, the middle matrix is nearly
 * singular and intervals come out far too narrow. */
const SPARE_UNITS = 10;

/** Standard errors, the intercept's first.
 * @param unit - Whose row it is, by number from 0; left out, rows are independent and the errors
 * are those of the information matrix.
 * @returns Or why there are none. Cost O(rows · columns²). */
export function standardErrors(
  design: DenseRows,
  fit: LogisticFit,
  by: { readonly outcome: Uint8Array; readonly unit?: Int32Array },
): Float64Array | Refusal {
  if (fit.isSeparated) {
    return refusal(
      'separated',
      'the features tell all 1s from all 0s of the training rows: only the penalty keeps the ' +
        'weights finite, and they have no interval',
    );
  }
  const size = design.columns + 1;
  const z = logits(design, fit);
  const information = new Float64Array(size * size);
  const scores = by.unit === undefined ? null : new Float64Array(unitCount(by.unit) * size);
  const seen = new Set<number>();
  const x = new Float64Array(size);
  x[0] = 1;
  for (let i = 0; i < design.rows; i += 1) {
    x.set(design.values.subarray(i * design.columns, (i + 1) * design.columns), 1);
    const p = sigmoid(z[i] ?? 0);
    addOuter(information, x, p * (1 - p));
    if (scores === null) continue;
    const unit = by.unit?.[i] ?? 0;
    seen.add(unit);
    const residual = (by.outcome[i] ?? 0) - p;
    for (let j = 0; j < size; j += 1) {
      scores[unit * size + j] = (scores[unit * size + j] ?? 0) + residual * (x[j] ?? 0);
    }
  }
  if (scores !== null && seen.size < size + SPARE_UNITS) {
    return refusal(
      'too-few-values',
      `rows of ${seen.size} viewers bear no interval for ${size} coefficients; it takes ` +
        `${size + SPARE_UNITS} viewers`,
    );
  }
  const middle = scores === null ? information : outerOfScores(scores, size, seen.size);
  return sandwich(information, middle, { size, penalty: fit.penalty });
}

function unitCount(unit: Int32Array): number {
  return unit.reduce((most, one) => Math.max(most, one), -1) + 1;
}

/** Adds to the lower triangle. */
function addOuter(into: Float64Array, x: Float64Array, weight: number): void {
  const size = x.length;
  for (let j = 0; j < size; j += 1) {
    const scaled = weight * (x[j] as number);
    if (scaled === 0) continue;
    const row = j * size;
    for (let k = 0; k <= j; k += 1) {
      into[row + k] = (into[row + k] as number) + scaled * (x[k] as number);
    }
  }
}

/** The whole of a symmetric matrix, of its lower triangle. */
function symmetric(lower: Float64Array, size: number): Matrix {
  const whole = Matrix.zeros(size, size);
  for (let j = 0; j < size; j += 1) {
    for (let k = 0; k <= j; k += 1) {
      whole.set(j, k, lower[j * size + k] as number);
      whole.set(k, j, lower[j * size + k] as number);
    }
  }
  return whole;
}

/** Σ s·sᵀ · u / (u − 1) of u units. */
function outerOfScores(scores: Float64Array, size: number, units: number): Float64Array {
  const sum = new Float64Array(size * size);
  for (let at = 0; at < scores.length; at += size) addOuter(sum, scores.subarray(at, at + size), 1);
  return sum.map((value) => (value * units) / (units - 1));
}

function sandwich(
  information: Float64Array,
  middle: Float64Array,
  { size, penalty }: { readonly size: number; readonly penalty: number },
): Float64Array | Refusal {
  const bread = symmetric(information, size);
  for (let j = 1; j < size; j += 1) bread.set(j, j, bread.get(j, j) + penalty);
  const decomposition = new CholeskyDecomposition(bread);
  if (!decomposition.isPositiveDefinite()) {
    return refusal('collinear', 'a feature is a combination of others: no interval can be had');
  }
  const inverse = decomposition.solve(Matrix.eye(size));
  const covariance = inverse.mmul(symmetric(middle, size)).mmul(inverse);
  return Float64Array.from({ length: size }, (_, j) =>
    Math.sqrt(Math.max(0, covariance.get(j, j))),
  );
}
