/** Probabilities that were forecast, and what came of them. */

/** Columns of one length. */
export interface Forecasts {
  /** 0–1. */
  readonly probability: Float64Array;
  /** 0 or 1. */
  readonly outcome: Uint8Array;
  /** Whose row it is, by number from 0: rows of one unit hang together, and intervals are taken
   * over units. */
  readonly unit: Int32Array;
}

/** How many there are, how many came true, and of how many units they are. */
export interface ForecastCounts {
  readonly rows: number;
  readonly ones: number;
  readonly units: number;
}

/** Counts them. */
export function countForecasts({ outcome, unit }: Forecasts): ForecastCounts {
  const ones = outcome.reduce((sum, y) => sum + y, 0);
  return { rows: outcome.length, ones, units: new Set(unit).size };
}

/** Sums of a value a row, by unit; units without rows have none. */
export function sumsByUnit(unit: Int32Array, value: (row: number) => number): Float64Array {
  const sums = new Map<number, number>();
  unit.forEach((one, row) => {
    sums.set(one, (sums.get(one) ?? 0) + value(row));
  });
  return Float64Array.from(sums.values());
}
