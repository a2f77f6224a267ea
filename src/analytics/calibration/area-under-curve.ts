/** How well forecasts rank: the probability that a row with outcome 1 was given more than one with
 * outcome 0 (ties count half). Source: DeLong, DeLong and Clarke-Pearson 1988, by midranks as Sun
 * and Xu 2014; over units whose rows hang together as Obuchowski 1997. Spec: M67. */
import { normalQuantile } from '../../stats/normal.ts';
import { type Refusal, refusal } from '../../stats/refusal.ts';
import type { Forecasts } from './forecasts.ts';

/** The area under the ROC curve: ½ ranks nothing, 1 ranks all. */
export interface RankingQuality {
  readonly value: number;
  /** 95 %, on the scale of log-odds, so that it stays within 0 and 1; null where there is none. */
  readonly interval: { readonly low: number; readonly high: number } | null;
  /** Why there is no interval. */
  readonly refusal: Refusal | null;
}

/** The area, or why there is none. Cost O(n log n). */
export function areaUnderCurve(forecasts: Forecasts): RankingQuality | Refusal {
  const { outcome } = forecasts;
  const ones = outcome.reduce((sum, y) => sum + y, 0);
  const zeros = outcome.length - ones;
  if (ones === 0 || zeros === 0) {
    return refusal(
      'one-class',
      `of ${outcome.length} rows, ${ones} have the outcome 1: there is nothing to tell apart`,
    );
  }
  const placements = placementsOf(forecasts, { ones, zeros });
  let value = 0;
  outcome.forEach((y, i) => {
    if (y === 1) value += (placements[i] ?? 0) / ones;
  });
  const variance = varianceOf(forecasts, placements, { value, ones, zeros });
  if (variance === null) {
    const text = 'the rows are of one viewer, or all of one class are: there is no spread to take';
    return { value, interval: null, refusal: refusal('too-few-values', text) };
  }
  if (value <= 0 || value >= 1 || variance <= 0) {
    const text = 'the ranking is perfect, or no two rows differ: there is no spread to take';
    return { value, interval: null, refusal: refusal('no-spread', text) };
  }
  const logit = Math.log(value / (1 - value));
  const halfWidth = (normalQuantile(0.975) * Math.sqrt(variance)) / (value * (1 - value));
  const back = (z: number): number => 1 / (1 + Math.exp(-z));
  const interval = { low: back(logit - halfWidth), high: back(logit + halfWidth) };
  return { value, interval, refusal: null };
}

/** Of a row with outcome 1: the share of 0s below it; of one with 0: the share of 1s above it. */
function placementsOf(
  { probability, outcome }: Forecasts,
  { ones, zeros }: { readonly ones: number; readonly zeros: number },
): Float64Array {
  const order = Int32Array.from(outcome.keys()).sort(
    (a, b) => (probability[a] as number) - (probability[b] as number) || a - b,
  );
  const placements = new Float64Array(outcome.length);
  let zerosBelow = 0;
  let onesBelow = 0;
  for (let from = 0, to = 0; from < order.length; from = to) {
    to = endOfTies(probability, order, from);
    let tiedOnes = 0;
    for (let i = from; i < to; i += 1) tiedOnes += outcome[order[i] as number] as number;
    const tiedZeros = to - from - tiedOnes;
    const ofOne = (zerosBelow + tiedZeros / 2) / zeros;
    const ofZero = (ones - onesBelow - tiedOnes / 2) / ones;
    for (let i = from; i < to; i += 1) {
      const row = order[i] as number;
      placements[row] = outcome[row] === 1 ? ofOne : ofZero;
    }
    zerosBelow += tiedZeros;
    onesBelow += tiedOnes;
  }
  return placements;
}

function endOfTies(probability: Float64Array, order: Int32Array, from: number): number {
  let to = from + 1;
  const first = probability[order[from] as number];
  while (to < order.length && probability[order[to] as number] === first) to += 1;
  return to;
}

/** Sums of a unit over its rows of either outcome: placements less the area. */
interface UnitSums {
  ofOnes: number;
  ofZeros: number;
  hasOne: boolean;
  hasZero: boolean;
}

/** Obuchowski's; of units of one row each it is DeLong's. Null where units are too few. */
function varianceOf(
  { outcome, unit }: Forecasts,
  placements: Float64Array,
  { value, ones, zeros }: { readonly value: number; readonly ones: number; readonly zeros: number },
): number | null {
  const sums = new Map<number, UnitSums>();
  outcome.forEach((y, row) => {
    const key = unit[row] ?? 0;
    const known = sums.get(key) ?? { ofOnes: 0, ofZeros: 0, hasOne: false, hasZero: false };
    const excess = (placements[row] ?? 0) - value;
    if (y === 1) {
      known.ofOnes += excess;
      known.hasOne = true;
    } else {
      known.ofZeros += excess;
      known.hasZero = true;
    }
    sums.set(key, known);
  });
  const all = [...sums.values()];
  const unitsOfOnes = all.filter(({ hasOne }) => hasOne).length;
  const unitsOfZeros = all.filter(({ hasZero }) => hasZero).length;
  if (unitsOfOnes < 2 || unitsOfZeros < 2) return null;
  const total = (of: (one: UnitSums) => number) => all.reduce((sum, one) => sum + of(one), 0);
  const s10 = (total((u) => u.ofOnes ** 2) * unitsOfOnes) / ((unitsOfOnes - 1) * ones);
  const s01 = (total((u) => u.ofZeros ** 2) * unitsOfZeros) / ((unitsOfZeros - 1) * zeros);
  const s11 = (total((u) => u.ofOnes * u.ofZeros) * all.length) / (all.length - 1);
  return s10 / ones + s01 / zeros + (2 * s11) / (ones * zeros);
}
