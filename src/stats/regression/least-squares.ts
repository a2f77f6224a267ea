/** Linear least squares with an intercept: y ≈ b₀ + Σ b_j · x_j, and the standard errors. */
import { requireArgument } from '../bad-argument.ts';

/** The fitted plane. */
export interface LeastSquaresFit {
  /** b₀ and its standard error. */
  readonly intercept: Coefficient;
  /** One a column of x. */
  readonly slopes: readonly Coefficient[];
  /** n − 1 − columns; at least 1. */
  readonly df: number;
  /** Residual variance: Σ (y − fit)² ÷ df. */
  readonly residualVariance: number;
  /** Share of y's variance that the plane explains, 0 … 1; null where y does not vary. */
  readonly explained: number | null;
}

/** An estimate and its standard error. */
export interface Coefficient {
  readonly value: number;
  readonly standardError: number;
}

/** The fit, or why there is none: columns that are constant or linear combinations of others.
 * @param columns - x by columns, each as long as y.
 * @param y - Finite values, more than columns + 1.
 * @throws EngineError `STATS_BAD_ARGUMENT` on lengths that don't fit. Cost O(n · columns²).
 * Source: Householder's QR of the centred columns (Golub and Van Loan, 5.2). */
export function leastSquares(
  columns: readonly (readonly number[])[],
  y: readonly number[],
): LeastSquaresFit | 'collinear' {
  const n = y.length;
  const df = n - 1 - columns.length;
  const rule = `above ${columns.length + 1}, the number of coefficients`;
  requireArgument(df >= 1, { argument: 'number of values', found: n, rule });
  for (const column of columns) {
    const lengthRule = `${n}, as many as of y`;
    const found = column.length;
    requireArgument(found === n, { argument: 'values of a column', found, rule: lengthRule });
  }
  const means = columns.map(meanOf);
  const yMean = meanOf(y);
  const scales = columns.map((column, j) => norm(column.map((v) => v - (means[j] ?? 0))));
  const centred = columns.map((column, j) => {
    return column.map((v) => (v - (means[j] ?? 0)) / (scales[j] || 1));
  });
  const target = y.map((v) => v - yMean);
  const total = norm(target) ** 2;
  const isFlat = columns.some((column, j) => {
    const size = Math.max(...column.map(Math.abs));
    return (scales[j] ?? 0) <= 1e-13 * size * Math.sqrt(n);
  });
  if (isFlat || !triangulate(centred, target)) return 'collinear';
  const scaled = backSubstitute(centred, target);
  const residual = target.slice(columns.length).reduce((sum, v) => sum + v * v, 0);
  const variance = residual / df;
  const inverse = inverseRows(centred);
  const error = (row: readonly number[]) =>
    Math.sqrt(variance * row.reduce((s, v) => s + v * v, 0));
  const slopes = scaled.map((value, j) => {
    const scale = scales[j] || 1;
    return { value: value / scale, standardError: error(inverse[j] ?? []) / scale };
  });
  const shift = inverse[0] === undefined ? [] : inverse[0].map((_, i) => meanShift(inverse, i));
  function meanShift(rows: readonly (readonly number[])[], i: number): number {
    return rows.reduce((s, row, j) => s + ((means[j] ?? 0) / (scales[j] || 1)) * (row[i] ?? 0), 0);
  }
  const intercept = {
    value: yMean - slopes.reduce((sum, slope, j) => sum + slope.value * (means[j] ?? 0), 0),
    standardError: Math.sqrt(variance / n + error(shift) ** 2),
  };
  const explained = total > 0 ? 1 - Math.min(residual, total) / total : null;
  return { intercept, slopes, df, residualVariance: variance, explained };
}

/** Turns columns into R (upper triangle, `columns[j][i]` = R_ij) and y into Qᵀy, in place; false
 * where a column has next to nothing of its own. */
function triangulate(columns: number[][], y: number[]): boolean {
  for (const [j, column] of columns.entries()) {
    const tail = column.slice(j);
    const length = norm(tail);
    if (length < 1e-10) return false;
    const head = tail[0] ?? 0;
    const alpha = head > 0 ? -length : length;
    const reflector = tail.slice();
    reflector[0] = head - alpha;
    const half = reflector.reduce((sum, v) => sum + v * v, 0) / 2;
    for (const other of [...columns.slice(j), y]) {
      const dot = reflector.reduce((sum, v, i) => sum + v * (other[j + i] ?? 0), 0) / half;
      reflector.forEach((v, i) => {
        other[j + i] = (other[j + i] ?? 0) - dot * v;
      });
    }
  }
  return true;
}

function backSubstitute(r: readonly (readonly number[])[], y: readonly number[]): number[] {
  const solution = new Array<number>(r.length).fill(0);
  for (let i = r.length - 1; i >= 0; i -= 1) {
    let rest = y[i] ?? 0;
    for (let j = i + 1; j < r.length; j += 1) rest -= (r[j]?.[i] ?? 0) * (solution[j] ?? 0);
    solution[i] = rest / (r[i]?.[i] ?? Number.NaN);
  }
  return solution;
}

/** Rows of R⁻¹: the squared length of row j is the j-th diagonal element of (XᵀX)⁻¹. */
function inverseRows(r: readonly (readonly number[])[]): number[][] {
  const size = r.length;
  const columns = r.map((_, k) => {
    const unit = Array.from({ length: size }, (__, i) => (i === k ? 1 : 0));
    return backSubstitute(r, unit);
  });
  return r.map((_, j) => columns.map((column) => column[j] ?? 0));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function norm(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
