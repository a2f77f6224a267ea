/** Logistic regression, against published coefficients and known truth. */
import { describe, expect, it } from 'vitest';
import { standardErrors } from '../../../src/analytics/outcomes/coefficient-covariance.ts';
import {
  type DenseRows,
  fitLogistic,
  type LogisticFit,
  logits,
  sigmoid,
} from '../../../src/analytics/outcomes/logistic-regression.ts';
import { createChance } from '../../../src/kernel/chance.ts';
import { normalQuantile } from '../../../src/stats/normal.ts';

/** Joint temperatures (°F) of 23 shuttle flights and whether an O-ring was damaged. Source: Dalal,
 * Fowlkes and Hoadley, "Risk analysis of the space shuttle", JASA 84 (1989), table 1. */
const TEMPERATURES = [
  66, 70, 69, 68, 67, 72, 73, 70, 57, 63, 70, 78, 67, 53, 67, 75, 70, 81, 76, 79, 75, 76, 58,
];
const DAMAGED = Uint8Array.of(0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1);

function column(values: readonly number[]): DenseRows {
  return { rows: values.length, columns: 1, values: Float64Array.from(values) };
}

function fitted(design: DenseRows, outcome: Uint8Array, penalty = 0): LogisticFit {
  const fit = fitLogistic(design, outcome, { penalty });
  if ('code' in fit) throw new Error(fit.text);
  return fit;
}

function errorsOf(
  design: DenseRows,
  fit: LogisticFit,
  by: { readonly outcome: Uint8Array; readonly unit?: Int32Array },
): Float64Array {
  const errors = standardErrors(design, fit, by);
  if ('code' in errors) throw new Error(errors.text);
  return errors;
}

/** Rows whose log-odds are −1 + 0.8·x₁ − 0.5·x₂, of standard normal x. */
function simulated(rows: number, seed: number) {
  const chance = createChance({ seed, replication: 0 });
  const draws = chance.draws('test.logistic');
  const values = new Float64Array(rows * 2);
  const outcome = new Uint8Array(rows);
  for (let i = 0; i < rows; i += 1) {
    const x = [normalQuantile(draws.uniform(i, 0)), normalQuantile(draws.uniform(i, 1))] as const;
    values.set(x, i * 2);
    outcome[i] = Number(draws.uniform(i, 2) < sigmoid(-1 + 0.8 * x[0] - 0.5 * x[1]));
  }
  return { design: { rows, columns: 2, values }, outcome };
}

describe('logistic regression', () => {
  it('M60: gives the published coefficients and errors of the O-rings', () => {
    const design = column(TEMPERATURES);
    const fit = fitted(design, DAMAGED);
    const errors = errorsOf(design, fit, { outcome: DAMAGED });
    expect(fit.intercept).toBeCloseTo(15.0429, 4);
    expect(fit.weights[0]).toBeCloseTo(-0.2322, 4);
    expect(errors[0]).toBeCloseTo(7.3786, 3);
    expect(errors[1]).toBeCloseTo(0.1082, 4);
    // Residual deviance, as published.
    expect(-2 * fit.logLikelihood).toBeCloseTo(20.315, 3);
  });

  it('M60: has no slope left where it ends, penalised or not', () => {
    const { design, outcome } = simulated(400, 3);
    for (const penalty of [0, 1, 50]) {
      const fit = fitted(design, outcome, penalty);
      const z = logits(design, fit);
      const gradient = [0, -penalty * (fit.weights[0] ?? 0), -penalty * (fit.weights[1] ?? 0)];
      z.forEach((value, i) => {
        const residual = (outcome[i] ?? 0) - sigmoid(value);
        gradient[0] = (gradient[0] ?? 0) + residual;
        gradient[1] = (gradient[1] ?? 0) + residual * (design.values[i * 2] ?? 0);
        gradient[2] = (gradient[2] ?? 0) + residual * (design.values[i * 2 + 1] ?? 0);
      });
      for (const slope of gradient) expect(Math.abs(slope)).toBeLessThan(1e-6);
    }
  });

  it('M60: shrinks weights, and never the intercept', () => {
    const { design, outcome } = simulated(400, 3);
    const fit = fitted(design, outcome, 1e9);
    expect(Math.abs(fit.weights[0] ?? 1)).toBeLessThan(1e-6);
    const ones = outcome.reduce((sum, y) => sum + y, 0);
    expect(fit.intercept).toBeCloseTo(Math.log(ones / (400 - ones)), 6);
  });

  it('M62: says why there is no fit, and never gives NaN', () => {
    const rows = column([1, 2, 3, 4]);
    const code = (outcome: number[], design = rows, penalty = 0) => {
      const fit = fitLogistic(design, Uint8Array.from(outcome), { penalty });
      return 'code' in fit ? fit.code : fit;
    };
    expect(code([], column([]))).toBe('no-rows');
    expect(code([1, 1, 1, 1])).toBe('one-class');
    expect(code([0, 0, 0, 0])).toBe('one-class');
    expect(code([0, 0, 1, 1])).toBe('separated');
    // Quasi-complete: told apart but for a tie.
    expect(code([0, 0, 1, 0, 1, 1], column([1, 2, 3, 3, 4, 5]))).toBe('separated');
    expect(code([0, 1, 0, 1], column([7, 7, 7, 7]))).toBe('collinear');
    expect(code([0, 0, 1, 1], rows, 1)).toMatchObject({ isSeparated: true });
  });

  it('M63: gives no intervals where the classes are told apart, or of too few viewers', () => {
    const design = column([1, 2, 3, 4]);
    const outcome = Uint8Array.of(0, 0, 1, 1);
    const apart = standardErrors(design, fitted(design, outcome, 1), { outcome });
    expect(apart).toMatchObject({ code: 'separated' });
    const rings = column(TEMPERATURES);
    const unit = Int32Array.from(TEMPERATURES, (_, i) => i % 5);
    const few = standardErrors(rings, fitted(rings, DAMAGED), { outcome: DAMAGED, unit });
    expect(few).toMatchObject({ code: 'too-few-values' });
  });

  it('M63: covers the true weights about as often as it says', () => {
    const worlds = Array.from({ length: 120 }, (_, seed) => simulated(300, seed));
    const hits = worlds.filter(({ design, outcome }) => {
      const fit = fitted(design, outcome);
      const errors = errorsOf(design, fit, { outcome });
      return Math.abs((fit.weights[0] ?? 0) - 0.8) <= 1.96 * (errors[1] ?? 0);
    });
    // Of 120 at 95 %: at least 106 at all but one in a thousand.
    expect(hits.length).toBeGreaterThanOrEqual(106);
    expect(hits.length).toBeLessThanOrEqual(119);
  });

  it('M63: errors over viewers tell that a row written ten times is one row', () => {
    const { design, outcome } = simulated(300, 8);
    const honest = errorsOf(design, fitted(design, outcome), { outcome });
    const times = 10;
    const rows = Array.from({ length: 300 * times }, (_, i) => Math.floor(i / times));
    const copied = {
      rows: rows.length,
      columns: 2,
      values: Float64Array.from(rows.flatMap((i) => [...design.values.slice(i * 2, i * 2 + 2)])),
    };
    const answers = Uint8Array.from(rows, (i) => outcome[i] ?? 0);
    const fit = fitted(copied, answers);
    const naive = errorsOf(copied, fit, { outcome: answers });
    const robust = errorsOf(copied, fit, { outcome: answers, unit: Int32Array.from(rows) });
    const of = (errors: Float64Array) => (errors[1] ?? 0) / (honest[1] ?? 1);
    expect(of(naive)).toBeCloseTo(1 / Math.sqrt(times), 2);
    expect(of(robust)).toBeGreaterThan(0.85);
    expect(of(robust)).toBeLessThan(1.15);
  });

  it('is the same to the bit, twice', () => {
    const { design, outcome } = simulated(500, 1);
    expect(fitted(design, outcome, 1)).toEqual(fitted(design, outcome, 1));
  });
});
