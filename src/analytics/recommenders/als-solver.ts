/** One half of a sweep: with the factors of columns fixed, each row's are the solution of (YᵀY + λI
 * + Σ (c − 1) y yᵀ) x = Σ c y over what the row played. Typed arrays and one order of sums: by
 * `CholeskyDecomposition` of ml-matrix a row of 20 plays and 16 factors takes some 190 µs, which
 * makes its matrices anew and refuses sums that rounding left unsymmetric; here it takes 7. The two
 * agree to 4e-16. */
import type { PlayMatrix } from '../training/play-matrix.ts';

/** How rows are solved. */
export interface SolverSettings {
  /** Length of the vectors, at least 1. */
  readonly factors: number;
  /** λ, above 0. */
  readonly lambda: number;
  /** `cholesky` solves each row exactly; `conjugate-gradient` takes three steps from where the row
   * was, which costs O(factors) a play instead of O(factors²). */
  readonly solver: 'cholesky' | 'conjugate-gradient';
}

/** What is solved. */
export interface HalfSweep {
  /** Rows × columns; its shares are c − 1. */
  readonly matrix: PlayMatrix;
  /** Factors of rows: replaced. */
  readonly rows: Float64Array;
  /** Factors of columns: read. */
  readonly columns: Float64Array;
  readonly settings: SolverSettings;
}

const GRADIENT_STEPS = 3;
/** Squared length of a residual that is nothing any more. */
const RESIDUAL_MIN = 1e-20;

/** Solves all rows, in their order. */
export function solveRows({ matrix, rows, columns, settings }: HalfSweep): void {
  const { factors, lambda, solver } = settings;
  const gram = gramOf(columns, factors);
  for (let i = 0; i < factors; i += 1) {
    gram[i * factors + i] = (gram[i * factors + i] as number) + lambda;
  }
  const solve =
    solver === 'cholesky'
      ? choleskySolver({ matrix, columns, gram, factors })
      : gradientSolver({ matrix, columns, gram, factors });
  for (let row = 0; row < matrix.rowCount; row += 1) solve(row, rows, row * factors);
}

/** YᵀY, row-major, whole. Cost O(rows · factors²). */
export function gramOf(y: Float64Array, factors: number): Float64Array {
  const gram = new Float64Array(factors * factors);
  for (let from = 0; from < y.length; from += factors) {
    for (let i = 0; i < factors; i += 1) {
      const yi = y[from + i] as number;
      for (let j = 0; j <= i; j += 1) {
        gram[i * factors + j] = (gram[i * factors + j] as number) + yi * (y[from + j] as number);
      }
    }
  }
  for (let i = 0; i < factors; i += 1) {
    for (let j = 0; j < i; j += 1) gram[j * factors + i] = gram[i * factors + j] as number;
  }
  return gram;
}

interface RowSystem {
  readonly matrix: PlayMatrix;
  readonly columns: Float64Array;
  /** YᵀY + λI. */
  readonly gram: Float64Array;
  readonly factors: number;
}

type SolveRow = (row: number, into: Float64Array, at: number) => void;

function choleskySolver({ matrix, columns, gram, factors }: RowSystem): SolveRow {
  const { start, column, share } = matrix;
  const a = new Float64Array(factors * factors);
  const b = new Float64Array(factors);
  return (row, into, target) => {
    a.set(gram);
    b.fill(0);
    for (let at = start[row] as number; at < (start[row + 1] as number); at += 1) {
      const more = share[at] as number;
      const y = (column[at] as number) * factors;
      for (let i = 0; i < factors; i += 1) {
        const yi = columns[y + i] as number;
        b[i] = (b[i] as number) + (1 + more) * yi;
        const weighted = more * yi;
        const line = i * factors;
        for (let j = 0; j <= i; j += 1) {
          a[line + j] = (a[line + j] as number) + weighted * (columns[y + j] as number);
        }
      }
    }
    factorize(a, factors);
    substitute(a, b, factors);
    into.set(b, target);
  };
}

/** A = LLᵀ in place, the lower triangle. A is positive definite: λ is above 0. */
function factorize(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i += 1) {
    const rowI = i * n;
    for (let j = 0; j <= i; j += 1) {
      const rowJ = j * n;
      let sum = a[rowI + j] as number;
      for (let k = 0; k < j; k += 1) sum -= (a[rowI + k] as number) * (a[rowJ + k] as number);
      a[rowI + j] = i === j ? Math.sqrt(sum) : sum / (a[rowJ + j] as number);
    }
  }
}

/** b becomes the solution of LLᵀ x = b. */
function substitute(l: Float64Array, b: Float64Array, n: number): void {
  for (let i = 0; i < n; i += 1) {
    let sum = b[i] as number;
    for (let k = 0; k < i; k += 1) sum -= (l[i * n + k] as number) * (b[k] as number);
    b[i] = sum / (l[i * n + i] as number);
  }
  for (let i = n - 1; i >= 0; i -= 1) {
    let sum = b[i] as number;
    for (let k = i + 1; k < n; k += 1) sum -= (l[k * n + i] as number) * (b[k] as number);
    b[i] = sum / (l[i * n + i] as number);
  }
}

/** Conjugate gradients from where the row is: A is never made, A·p is YᵀY p + Σ (c − 1)(y·p) y. */
function gradientSolver({ matrix, columns, gram, factors }: RowSystem): SolveRow {
  const { start, column, share } = matrix;
  const residual = new Float64Array(factors);
  const direction = new Float64Array(factors);
  const image = new Float64Array(factors);
  const apply = (row: number, of: Float64Array): void => {
    for (let i = 0; i < factors; i += 1) {
      let sum = 0;
      for (let j = 0; j < factors; j += 1) {
        sum += (gram[i * factors + j] as number) * (of[j] as number);
      }
      image[i] = sum;
    }
    for (let at = start[row] as number; at < (start[row + 1] as number); at += 1) {
      addScaled(image, {
        columns,
        y: (column[at] as number) * factors,
        of,
        by: share[at] as number,
      });
    }
  };
  return (row, into, target) => {
    const x = into.subarray(target, target + factors);
    apply(row, x);
    for (let i = 0; i < factors; i += 1) residual[i] = -(image[i] as number);
    for (let at = start[row] as number; at < (start[row + 1] as number); at += 1) {
      const y = (column[at] as number) * factors;
      const confidence = 1 + (share[at] as number);
      for (let i = 0; i < factors; i += 1) {
        residual[i] = (residual[i] as number) + confidence * (columns[y + i] as number);
      }
    }
    direction.set(residual);
    let length = dot(residual, residual);
    for (let step = 0; step < GRADIENT_STEPS && length > RESIDUAL_MIN; step += 1) {
      apply(row, direction);
      const far = length / dot(direction, image);
      for (let i = 0; i < factors; i += 1) {
        x[i] = (x[i] as number) + far * (direction[i] as number);
        residual[i] = (residual[i] as number) - far * (image[i] as number);
      }
      const next = dot(residual, residual);
      const turn = next / length;
      for (let i = 0; i < factors; i += 1) {
        direction[i] = (residual[i] as number) + turn * (direction[i] as number);
      }
      length = next;
    }
  };
}

/** into += by · (y·of) · y. */
function addScaled(
  into: Float64Array,
  term: {
    readonly columns: Float64Array;
    readonly y: number;
    readonly of: Float64Array;
    readonly by: number;
  },
): void {
  const { columns, y, of, by } = term;
  let sum = 0;
  for (let i = 0; i < of.length; i += 1) sum += (columns[y + i] as number) * (of[i] as number);
  const scale = by * sum;
  for (let i = 0; i < of.length; i += 1) {
    into[i] = (into[i] as number) + scale * (columns[y + i] as number);
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
