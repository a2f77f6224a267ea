/** Whether probabilities mean what they say: of all rows with a forecast of about 30 %, do 30 %
 * come true? Bins hold equally many rows; equal forecasts are never torn apart. Source: Murphy
 * 1973 (three parts of Brier's score), Stephenson et al. 2008 (what bins hide); Wilson 1927.
 * Spec: M69. */
import { normalQuantile } from '../../stats/normal.ts';
import type { Forecasts } from './forecasts.ts';

/** Rows with forecasts next to each other. */
export interface ReliabilityBin {
  readonly rows: number;
  /** Mean forecast. */
  readonly forecast: number;
  /** Share that came true. */
  readonly share: number;
  /** Wilson's interval of the share, 95 %, as of independent rows. */
  readonly low: number;
  readonly high: number;
}

/** The curve, and Brier's score in parts: reliability − resolution + uncertainty + withinBins. */
export interface Reliability {
  /** Ascending in their forecasts. */
  readonly bins: readonly ReliabilityBin[];
  /** Mean distance of forecast and share over rows: the expected calibration error. */
  readonly calibrationError: number;
  /** The greatest such distance of a bin. */
  readonly calibrationErrorMax: number;
  /** Mean squared distance of forecast and share: 0 is best. */
  readonly reliability: number;
  /** Mean squared distance of the bins' shares from the base rate: the more the better. */
  readonly resolution: number;
  /** Variance of the outcome: what nobody can do anything about. */
  readonly uncertainty: number;
  /** What forecasts differ within bins adds; 0 where each bin has one forecast. */
  readonly withinBins: number;
}

const BINS = 10;

/** The curve; null of no rows. @param bins - At most so many. Cost O(n log n). */
export function reliabilityOf(forecasts: Forecasts, bins = BINS): Reliability | null {
  const { outcome, probability } = forecasts;
  const rows = outcome.length;
  if (rows === 0) return null;
  const found = binsOf(forecasts, bins);
  const baseRate = outcome.reduce((sum, y) => sum + y, 0) / rows;
  const mean = (of: (bin: ReliabilityBin) => number): number =>
    found.reduce((sum, bin) => sum + (bin.rows / rows) * of(bin), 0);
  const brier = outcome.reduce((sum, y, i) => sum + ((probability[i] ?? 0) - y) ** 2, 0) / rows;
  const reliability = mean(({ forecast, share }) => (forecast - share) ** 2);
  const resolution = mean(({ share }) => (share - baseRate) ** 2);
  const uncertainty = baseRate * (1 - baseRate);
  return {
    bins: found,
    calibrationError: mean(({ forecast, share }) => Math.abs(forecast - share)),
    calibrationErrorMax: Math.max(
      ...found.map(({ forecast, share }) => Math.abs(forecast - share)),
    ),
    reliability,
    resolution,
    uncertainty,
    withinBins: brier - (reliability - resolution + uncertainty),
  };
}

/** Of those with the highest forecasts, how many times more come true than of all. */
export interface Lift {
  /** Rows of the top, at least 1. */
  readonly rows: number;
  /** Share of them that came true: rows tied at the edge count as their mean. */
  readonly share: number;
  /** Share ÷ base rate. */
  readonly lift: number;
}

/** The lift of the top; null of no rows or of rows of which none came true. */
export function topLift({ probability, outcome }: Forecasts, topShare = 0.1): Lift | null {
  const ones = outcome.reduce((sum, y) => sum + y, 0);
  if (ones === 0) return null;
  const rows = Math.max(1, Math.floor(outcome.length * topShare));
  const order = ascending(probability).reverse();
  const edge = probability[order[rows - 1] ?? 0] ?? 0;
  let above = 0;
  let onesAbove = 0;
  let tied = 0;
  let onesTied = 0;
  outcome.forEach((y, row) => {
    const p = probability[row] ?? 0;
    above += Number(p > edge);
    onesAbove += p > edge ? y : 0;
    tied += Number(p === edge);
    onesTied += p === edge ? y : 0;
  });
  const share = (onesAbove + (onesTied * (rows - above)) / tied) / rows;
  return { rows, share, lift: share / (ones / outcome.length) };
}

function binsOf({ probability, outcome }: Forecasts, bins: number): ReliabilityBin[] {
  const order = ascending(probability);
  const found: ReliabilityBin[] = [];
  for (let from = 0; from < order.length; ) {
    const share = (order.length - from) / (bins - found.length);
    let to = Math.min(order.length, from + Math.max(1, Math.round(share)));
    const last = probability[order[to - 1] ?? 0];
    while (to < order.length && probability[order[to] ?? 0] === last) to += 1;
    found.push(binOf({ probability, outcome }, order.subarray(from, to)));
    from = to;
  }
  return found;
}

function binOf(
  { probability, outcome }: Pick<Forecasts, 'outcome' | 'probability'>,
  members: Int32Array,
): ReliabilityBin {
  const rows = members.length;
  const forecast = members.reduce((sum, row) => sum + (probability[row] ?? 0), 0) / rows;
  const share = members.reduce((sum, row) => sum + (outcome[row] ?? 0), 0) / rows;
  const z = normalQuantile(0.975);
  const middle = (share + (z * z) / (2 * rows)) / (1 + (z * z) / rows);
  const halfWidth =
    (z * Math.sqrt((share * (1 - share)) / rows + (z * z) / (4 * rows * rows))) /
    (1 + (z * z) / rows);
  const low = Math.max(0, middle - halfWidth);
  return { rows, forecast, share, low, high: Math.min(1, middle + halfWidth) };
}

function ascending(probability: Float64Array): Int32Array {
  return Int32Array.from(probability.keys()).sort(
    (a, b) => (probability[a] ?? 0) - (probability[b] ?? 0) || a - b,
  );
}
