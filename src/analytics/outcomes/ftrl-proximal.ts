/** FTRL-Proximal: logistic regression that learns row by row, in one pass, with a rate of its own
 * for each feature and weights that are exactly 0 where a feature says too little. For streams too
 * long to be kept. Source: McMahan et al., "Ad click prediction: a view from the trenches", KDD
 * 2013, algorithm 1. Spec: M75. */
import { type DenseRows, sigmoid } from './logistic-regression.ts';

/** Its four knobs. */
export interface FtrlSettings {
  /** α: the learning rate is α ÷ (β + √Σ g²). Above 0. */
  readonly alpha: number;
  /** β: at least 0. */
  readonly beta: number;
  /** λ₁: weights whose evidence is less are 0. At least 0. */
  readonly sparsity: number;
  /** λ₂: pulls weights to 0. At least 0. */
  readonly penalty: number;
}

/** As published: β = 1; α found good on standardised features. */
const DEFAULT_FTRL: FtrlSettings = { alpha: 0.1, beta: 1, sparsity: 1, penalty: 1 };

/** What it knows. */
export interface FtrlModel {
  readonly intercept: number;
  readonly weights: Float64Array;
  /** P(y = 1) of each row. */
  forecast(design: DenseRows): Float64Array;
}

/** Learns the rows in their order. Cost O(rows · columns), once. */
export function trainFtrl(
  { rows, columns, values }: DenseRows,
  outcome: Uint8Array,
  settings: Partial<FtrlSettings> = {},
): FtrlModel {
  const options = { ...DEFAULT_FTRL, ...settings };
  const size = columns + 1;
  const state: FtrlState = {
    evidence: new Float64Array(size),
    squares: new Float64Array(size),
    weights: new Float64Array(size),
  };
  const { evidence, squares, weights } = state;
  for (let i = 0; i < rows; i += 1) {
    weigh(state, options);
    const residual = forecastOf({ columns, values }, i, weights) - (outcome[i] as number);
    for (let j = 0; j < size; j += 1) {
      const gradient = residual * (j === 0 ? 1 : (values[i * columns + j - 1] as number));
      const before = squares[j] as number;
      const after = before + gradient * gradient;
      const slowing = (Math.sqrt(after) - Math.sqrt(before)) / options.alpha;
      evidence[j] = (evidence[j] as number) + gradient - slowing * (weights[j] as number);
      squares[j] = after;
    }
  }
  weigh(state, options);
  return {
    intercept: weights[0] ?? 0,
    weights: weights.slice(1),
    forecast: (design) =>
      Float64Array.from({ length: design.rows }, (_, i) => forecastOf(design, i, weights)),
  };
}

interface FtrlState {
  readonly evidence: Float64Array;
  readonly squares: Float64Array;
  readonly weights: Float64Array;
}

/** Weights of what is known. The intercept, at 0, is neither thinned out nor pulled. */
function weigh(
  { evidence, squares, weights }: FtrlState,
  { alpha, beta, sparsity, penalty }: FtrlSettings,
): void {
  for (let j = 0; j < weights.length; j += 1) {
    const own = evidence[j] as number;
    const thin = j === 0 ? 0 : sparsity;
    const rate = (beta + Math.sqrt(squares[j] as number)) / alpha + (j === 0 ? 0 : penalty);
    weights[j] = Math.abs(own) <= thin ? 0 : -(own - Math.sign(own) * thin) / rate;
  }
}

function forecastOf(
  { columns, values }: Pick<DenseRows, 'columns' | 'values'>,
  row: number,
  weights: Float64Array,
): number {
  let z = weights[0] ?? 0;
  for (let j = 0; j < columns; j += 1)
    z += (values[row * columns + j] ?? 0) * (weights[j + 1] ?? 0);
  return sigmoid(z);
}
