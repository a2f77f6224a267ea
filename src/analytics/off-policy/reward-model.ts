/** A reward model: ridge regression on features of context and action. Linear, so that its mean
 * over a policy's actions is its value at the mean features. Cross-fitting: a row is never foretold
 * by a model that saw it. Spec: M161. */
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import type { LoggedFeatures } from './bandit-log.ts';

/** How the model is fitted. */
export interface RewardModelOptions {
  /** Number of folds, at least 2; 2 unless given. */
  readonly folds?: number;
  /** Ridge per row: λ · n is added to the diagonal; 1e-4 unless given. */
  readonly ridge?: number;
}

/** What a model foretells of each row. */
export interface Foretold {
  /** Of the logged action. */
  readonly logged: Float64Array;
  /** Of the target policy's action. */
  readonly target: Float64Array;
}

/** Foretells each row by a model of the other folds. Rows go to folds by cluster in turn, so that
 * no viewer is on both sides. Cost O(n · width²). Source: Chernozhukov et al. 2018
 * (cross-fitting). */
export function crossFit(
  reward: ArrayLike<number>,
  features: LoggedFeatures,
  options: RewardModelOptions & { readonly cluster?: ArrayLike<number> | undefined },
): Foretold {
  const { folds = 2, ridge = 1e-4, cluster } = options;
  const n = reward.length;
  const { width } = features;
  const fold = foldsOf(n, folds, cluster);
  const sums = Array.from({ length: folds }, () => emptySums(width));
  for (let i = 0; i < n; i += 1) {
    const own = sums[fold[i] ?? 0];
    if (own !== undefined) addRow(own, features.logged, { at: i * width, reward: reward[i] ?? 0 });
  }
  const models = sums.map((_, out) =>
    solve(
      sums.filter((__, k) => k !== out),
      { width, ridge },
    ),
  );
  const logged = new Float64Array(n);
  const target = new Float64Array(n);
  for (let i = 0; i < n; i += 1) {
    const model = models[fold[i] ?? 0] ?? [];
    logged[i] = dot(model, features.logged, i * width);
    target[i] = dot(model, features.target, i * width);
  }
  return { logged, target };
}

/** XᵀX (upper part), Xᵀy and n. */
interface NormalSums {
  readonly squares: Float64Array;
  readonly products: Float64Array;
  rows: number;
}

function emptySums(width: number): NormalSums {
  return { squares: new Float64Array(width * width), products: new Float64Array(width), rows: 0 };
}

function addRow(
  sums: NormalSums,
  x: Float64Array,
  { at, reward }: { readonly at: number; readonly reward: number },
): void {
  const width = sums.products.length;
  for (let a = 0; a < width; a += 1) {
    const xa = x[at + a] ?? 0;
    sums.products[a] = (sums.products[a] ?? 0) + xa * reward;
    for (let b = a; b < width; b += 1) {
      const k = a * width + b;
      sums.squares[k] = (sums.squares[k] ?? 0) + xa * (x[at + b] ?? 0);
    }
  }
  sums.rows += 1;
}

function solve(
  parts: readonly NormalSums[],
  { width, ridge }: { readonly width: number; readonly ridge: number },
): readonly number[] {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  if (rows === 0) return new Array<number>(width).fill(0);
  const entry = (a: number, b: number): number => {
    const k = a <= b ? a * width + b : b * width + a;
    return parts.reduce((sum, { squares }) => sum + (squares[k] ?? 0), 0);
  };
  const left = Array.from({ length: width }, (_, a) =>
    Array.from({ length: width }, (__, b) => entry(a, b) + (a === b ? ridge * rows : 0)),
  );
  const right = Array.from({ length: width }, (_, a) => [
    parts.reduce((sum, { products }) => sum + (products[a] ?? 0), 0),
  ]);
  return new CholeskyDecomposition(new Matrix(left)).solve(new Matrix(right)).to1DArray();
}

/** By the order in which clusters first appear. */
function foldsOf(n: number, folds: number, cluster: ArrayLike<number> | undefined): Int32Array {
  const of = new Map<number, number>();
  return Int32Array.from({ length: n }, (_, i) => {
    const key = cluster?.[i] ?? i;
    const known = of.get(key);
    if (known !== undefined) return known;
    const next = of.size % folds;
    of.set(key, next);
    return next;
  });
}

function dot(model: readonly number[], x: Float64Array, at: number): number {
  let sum = 0;
  for (let a = 0; a < model.length; a += 1) sum += (model[a] ?? 0) * (x[at + a] ?? 0);
  return sum;
}
