/** FTRL-Proximal, against the paper's algorithm by hand. */
import { describe, expect, it } from 'vitest';
import { trainFtrl } from '../../../src/analytics/outcomes/ftrl-proximal.ts';
import { sigmoid } from '../../../src/analytics/outcomes/logistic-regression.ts';
import { createChance } from '../../../src/kernel/chance.ts';
import { normalQuantile } from '../../../src/stats/normal.ts';

/** Two columns: the first says something, the second nothing. */
function stream(rows: number) {
  const draws = createChance({ seed: 2, replication: 0 }).draws('test.ftrl');
  const values = new Float64Array(rows * 2);
  const outcome = new Uint8Array(rows);
  for (let i = 0; i < rows; i += 1) {
    const x = normalQuantile(draws.uniform(i, 0));
    values.set([x, normalQuantile(draws.uniform(i, 1))], i * 2);
    outcome[i] = Number(draws.uniform(i, 2) < sigmoid(0.5 + x));
  }
  return { design: { rows, columns: 2, values }, outcome };
}

describe('FTRL-Proximal', () => {
  it('M75: is algorithm 1 of the paper, by hand', () => {
    const design = { rows: 2, columns: 1, values: Float64Array.of(2, 1) };
    const settings = { alpha: 0.5, beta: 1, sparsity: 0.1, penalty: 0.2 };
    const { weights, intercept } = trainFtrl(design, Uint8Array.of(1, 0), settings);
    // First row: all weights 0, p = ½, gradients −½ and −1.
    const first = { bias: 0.5 / (3 / 1), weight: (1 - 0.1) / ((1 + 1) / 0.5 + 0.2) };
    const bias = 0.5 / ((1 + 0.5) / 0.5);
    expect(first.bias).toBeCloseTo(bias, 12);
    const p = sigmoid(bias + first.weight);
    const z = { bias: -0.5 + p - ((Math.sqrt(0.25 + p * p) - 0.5) / 0.5) * bias };
    const slowing = (Math.sqrt(1 + p * p) - 1) / 0.5;
    const evidence = -1 + p - slowing * first.weight;
    expect(intercept).toBeCloseTo(-z.bias / ((1 + Math.sqrt(0.25 + p * p)) / 0.5), 12);
    expect(weights[0]).toBeCloseTo(
      -(evidence - Math.sign(evidence) * 0.1) / ((1 + Math.sqrt(1 + p * p)) / 0.5 + 0.2),
      12,
    );
  });

  it('M75: comes near the truth in one pass', () => {
    const { design, outcome } = stream(20_000);
    const { intercept, weights, forecast } = trainFtrl(design, outcome);
    expect(intercept).toBeCloseTo(0.5, 0);
    expect(Math.abs((weights[0] ?? 0) - 1)).toBeLessThan(0.15);
    expect(Math.abs(weights[1] ?? 1)).toBeLessThan(0.1);
    expect(forecast(design).every((p) => p > 0 && p < 1)).toBe(true);
  });

  it('M75: gives exactly 0 where the evidence is small', () => {
    const { design, outcome } = stream(500);
    const { weights } = trainFtrl(design, outcome, { sparsity: 40 });
    expect(weights[0]).not.toBe(0);
    expect(weights[1]).toBe(0);
  });
});
