/** Ridge regressions, one an arm, that learn one observation after the other. A⁻¹ is kept up
 * to date by Sherman–Morrison, so that neither estimate nor width takes a solve. An arm that has
 * learned nothing takes no memory. Source: Li, Chu, Langford, Schapire 2010, algorithm 1. */

/** Regressions on vectors of one length d. */
export interface RidgeArms {
  /** Adds θ·x + α · √(xᵀ A⁻¹ x) of an arm for each of the vectors: estimate and width. An arm that
   * has learned nothing has θ = 0 and A = ridge · I. Cost O(vectors · d²), or · d with α = 0.
   * @param options - `vectors`: row-major n × d; `into`: length n. */
  addBounds(
    arm: number,
    options: {
      readonly vectors: Float64Array;
      readonly alpha: number;
      readonly into: Float64Array;
    },
  ): void;
  /** One observation y at x. Cost O(d²). */
  learn(arm: number, x: Float64Array, y: number): void;
}

interface Arm {
  /** A⁻¹, row-major d × d, symmetric. */
  readonly inverse: Float64Array;
  readonly theta: Float64Array;
}

/** Makes them. @param options - `ridge`: A begins as ridge · I; above 0. Memory: 8 · d² bytes an
 * arm that has learned something. */
export function createRidgeArms(options: {
  readonly length: number;
  readonly ridge: number;
}): RidgeArms {
  const { length, ridge } = options;
  const arms = new Map<number, Arm>();
  const blank = emptyArm(length, ridge);
  const product = new Float64Array(length);
  return {
    addBounds(arm, { vectors, alpha, into }) {
      const { inverse, theta } = arms.get(arm) ?? blank;
      for (let row = 0; row < into.length; row += 1) {
        const from = row * length;
        let bound = 0;
        for (let i = 0; i < length; i += 1) {
          bound += (theta[i] as number) * (vectors[from + i] as number);
        }
        if (alpha > 0) bound += alpha * width(inverse, { vectors, from, length });
        into[row] = (into[row] as number) + bound;
      }
    },
    learn(arm, x, y) {
      const known = arms.get(arm) ?? emptyArm(length, ridge);
      arms.set(arm, known);
      const { inverse, theta } = known;
      let quadratic = 0;
      let estimate = 0;
      for (let i = 0; i < length; i += 1) {
        let sum = 0;
        for (let j = 0; j < length; j += 1) {
          sum += (inverse[i * length + j] as number) * (x[j] as number);
        }
        product[i] = sum;
        quadratic += sum * (x[i] as number);
        estimate += (theta[i] as number) * (x[i] as number);
      }
      const scale = 1 / (1 + quadratic);
      for (let i = 0; i < length; i += 1) {
        const step = scale * (product[i] as number);
        theta[i] = (theta[i] as number) + step * (y - estimate);
        for (let j = 0; j < length; j += 1) {
          const at = i * length + j;
          inverse[at] = (inverse[at] as number) - step * (product[j] as number);
        }
      }
    },
  };
}

function emptyArm(length: number, ridge: number): Arm {
  const inverse = new Float64Array(length * length);
  for (let i = 0; i < length; i += 1) inverse[i * length + i] = 1 / ridge;
  return { inverse, theta: new Float64Array(length) };
}

/** √(xᵀ A⁻¹ x), of half the matrix: it is symmetric. */
function width(
  inverse: Float64Array,
  at: { readonly vectors: Float64Array; readonly from: number; readonly length: number },
): number {
  const { vectors, from, length } = at;
  let quadratic = 0;
  for (let i = 0; i < length; i += 1) {
    const xi = vectors[from + i] as number;
    let others = 0;
    for (let j = i + 1; j < length; j += 1) {
      others += (inverse[i * length + j] as number) * (vectors[from + j] as number);
    }
    quadratic += xi * ((inverse[i * length + i] as number) * xi + 2 * others);
  }
  // Rounding may take a quadratic form of next to nothing below 0.
  return Math.sqrt(Math.max(0, quadratic));
}
