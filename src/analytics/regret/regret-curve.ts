/** The curve of cumulative regret, and how it grows: as tˢ with s < 1 where a policy learns, and
 * as t where it does not. Spec: M19. */
import { leastSquares } from '../../stats/regression/least-squares.ts';
import type { MeasuredRows } from './regret-meter.ts';

/** How regret grew. Nulls where no row was measured, or where there was no regret at all. */
export interface RegretCurve {
  readonly rows: number;
  /** At about evenly spaced logarithms of the number of rows, ascending; the last has all. */
  readonly points: readonly {
    /** Rows so far, from 1. */
    readonly rows: number;
    /** Σ of the oracle's values less the policy's, in plays watched in full. */
    readonly regret: number;
  }[];
  /** s: slope of ln(regret) over ln(rows) at the points, by least squares. */
  readonly growth: number | null;
  /** Mean regret of a row, in the first and in the last tenth of rows. */
  readonly firstTenth: number | null;
  readonly lastTenth: number | null;
  /** Mean value of a row. */
  readonly value: number | null;
  /** The policy's values ÷ the oracle's. */
  readonly shareOfOracle: number | null;
  /** The same of each floor, by id. */
  readonly shareOfFloors: Readonly<Record<string, number | null>>;
}

const POINTS = 30;
/** Growth is read from this share of the rows on: the first few say little. */
const FIRST_SHARE = 0.01;

/** The curve. Cost O(rows). */
export function regretCurve({ own, best, floors }: MeasuredRows): RegretCurve {
  const rows = own.length;
  const cumulative = new Float64Array(rows + 1);
  for (let i = 0; i < rows; i += 1) {
    cumulative[i + 1] = (cumulative[i] as number) + (best[i] as number) - (own[i] as number);
  }
  const points = spacedCounts(rows).map((count) => ({
    rows: count,
    regret: cumulative[count] as number,
  }));
  const tenth = Math.floor(rows / 10);
  const total = sumOf(best);
  const shareOf = (values: readonly number[]) => (total > 0 ? sumOf(values) / total : null);
  return {
    rows,
    points,
    growth: growthOf(points),
    firstTenth: tenth > 0 ? (cumulative[tenth] as number) / tenth : null,
    lastTenth:
      tenth > 0
        ? ((cumulative[rows] as number) - (cumulative[rows - tenth] as number)) / tenth
        : null,
    value: rows > 0 ? sumOf(own) / rows : null,
    shareOfOracle: shareOf(own),
    shareOfFloors: Object.fromEntries(
      Object.entries(floors).map(([id, values]) => [id, shareOf(values)]),
    ),
  };
}

/** Ascending, each once. */
function spacedCounts(rows: number): readonly number[] {
  if (rows === 0) return [];
  const counts = Array.from({ length: POINTS + 1 }, (_, k) =>
    Math.max(1, Math.round(rows * FIRST_SHARE ** (1 - k / POINTS))),
  );
  return [...new Set(counts)];
}

function growthOf(points: RegretCurve['points']): number | null {
  const grown = points.filter(({ regret }) => regret > 0);
  if (grown.length < 3) return null;
  const fit = leastSquares(
    [grown.map((point) => Math.log(point.rows))],
    grown.map((point) => Math.log(point.regret)),
  );
  return fit === 'collinear' ? null : (fit.slopes[0]?.value ?? null);
}

function sumOf(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
