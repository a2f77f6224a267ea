/** Latin hypercube: points that fall once into each of n equal slices of every dimension. */
import { requireArgument } from '../bad-argument.ts';

/** What to draw. */
export interface LatinHypercubeOptions {
  /** Points n, at least 1. */
  readonly rows: number;
  /** Dimensions, at least 1. */
  readonly columns: number;
  /** Points in the middle of their slices, or anywhere within. */
  readonly kind: 'centred' | 'random';
  /** A uniform number of the open interval (0, 1) for a pair of whole numbers ≥ 0, the same each
   * time. Rows below n order the slices of a column, rows from n to 2n − 1 place a point within its
   * slice. */
  readonly uniform: (row: number, column: number) => number;
}

/** Points of the unit cube, one row a point: `[row][column]`, each strictly between 0 and 1.
 *
 * A column hangs on its own draws alone: adding a dimension leaves the others as they are.
 * @throws EngineError `STATS_BAD_ARGUMENT`. Cost O(rows · columns).
 * Source: McKay, Beckman, Conover 1979; shuffles by Fisher and Yates. Spec: N50. */
export function latinHypercube(options: LatinHypercubeOptions): number[][] {
  const { rows, columns, kind, uniform } = options;
  const rule = 'a whole number above 0';
  const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 1;
  requireArgument(isCount(rows), { argument: 'rows', found: rows, rule });
  requireArgument(isCount(columns), { argument: 'columns', found: columns, rule });
  const slices = Array.from({ length: columns }, (_, column) =>
    shuffled(rows, { column, uniform }),
  );
  return Array.from({ length: rows }, (_, row) =>
    slices.map((order, column) => {
      const within = kind === 'centred' ? 0.5 : uniform(rows + row, column);
      return ((order[row] ?? 0) + within) / rows;
    }),
  );
}

/** 0 … rows − 1 in an order drawn for the column. */
function shuffled(
  rows: number,
  { column, uniform }: { readonly column: number } & Pick<LatinHypercubeOptions, 'uniform'>,
): number[] {
  const order = Array.from({ length: rows }, (_, row) => row);
  for (let last = rows - 1; last > 0; last -= 1) {
    const pick = Math.floor(uniform(last, column) * (last + 1));
    const picked = order[pick] ?? 0;
    order[pick] = order[last] ?? 0;
    order[last] = picked;
  }
  return order;
}
