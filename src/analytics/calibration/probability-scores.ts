/** What forecasts lose: the logarithmic loss and Brier's score, each beside what the base rate
 * loses, the floor that whoever forecasts has to beat. Both are proper: no forecast does better
 * than the true probability. Source: Good 1952; Brier 1950. Spec: M68. */
import { normalQuantile } from '../../stats/normal.ts';
import { type Forecasts, sumsByUnit } from './forecasts.ts';

/** A loss, the floor's, and how much of the floor's is saved. */
export interface LossBesideFloor {
  readonly value: number;
  /** Of the base rate of the training rows, forecast for everybody. */
  readonly floor: number;
  /** Floor − value: above 0 where the model is better. */
  readonly gain: number;
  /** 95 % of the gain, over units; null with fewer than two units. */
  readonly gainInterval: { readonly low: number; readonly high: number } | null;
}

/** A forecast of 0 or 1 that fails would lose infinitely much: probabilities are cut here. */
const CUT = 1e-15;

/** Mean logarithmic loss, nats a row.
 * @param baseRate - Of the training rows, 0–1. @throws nothing; of no rows it is null. */
export function logLoss(forecasts: Forecasts, baseRate: number): LossBesideFloor | null {
  const loss = (p: number, y: number): number => {
    const cut = Math.min(1 - CUT, Math.max(CUT, p));
    return -Math.log(y === 1 ? cut : 1 - cut);
  };
  return besideFloor(forecasts, { baseRate, loss });
}

/** Mean squared error of the probabilities. */
export function brierScore(forecasts: Forecasts, baseRate: number): LossBesideFloor | null {
  return besideFloor(forecasts, { baseRate, loss: (p, y) => (p - y) ** 2 });
}

function besideFloor(
  { probability, outcome, unit }: Forecasts,
  {
    baseRate,
    loss,
  }: { readonly baseRate: number; readonly loss: (p: number, y: number) => number },
): LossBesideFloor | null {
  const rows = outcome.length;
  if (rows === 0) return null;
  const gains = new Float64Array(rows);
  let value = 0;
  let floor = 0;
  outcome.forEach((y, row) => {
    const own = loss(probability[row] ?? 0, y);
    const base = loss(baseRate, y);
    value += own / rows;
    floor += base / rows;
    gains[row] = base - own;
  });
  const gain = floor - value;
  const sums = sumsByUnit(unit, (row) => (gains[row] ?? 0) - gain);
  if (sums.length < 2) return { value, floor, gain, gainInterval: null };
  const spread = sums.reduce((sum, one) => sum + one * one, 0) * (sums.length / (sums.length - 1));
  const halfWidth = (normalQuantile(0.975) * Math.sqrt(spread)) / rows;
  return {
    value,
    floor,
    gain,
    gainInterval: { low: gain - halfWidth, high: gain + halfWidth },
  };
}
