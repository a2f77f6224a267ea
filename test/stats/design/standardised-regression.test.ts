/** Standardised coefficients: against the linear model that made the data, coverage, refusals. */
import { describe, expect, it } from 'vitest';
import { createChance } from '../../../src/kernel/chance.ts';
import { latinHypercube } from '../../../src/stats/design/latin-hypercube.ts';
import { standardisedRegression } from '../../../src/stats/design/standardised-regression.ts';
import { createNormalDraws } from '../normal-draws.ts';
import { COVERAGE_TIMEOUT_MS, coverageBounds, coverageOf, IS_LONG } from '../series/coverage.ts';

const normal = createNormalDraws(113);
const NAMES = ['rate', 'replicas', 'delay'];

function pointsOf(seed: number, rows: number): number[][] {
  const draws = createChance({ seed, replication: 0 }).draws('test.regression');
  const uniform = (row: number, column: number): number => draws.uniform(column, row);
  return latinHypercube({ rows, columns: 3, kind: 'random', uniform });
}

function outputsOf(points: readonly (readonly number[])[], of: { e: number; noise: number }) {
  return points.map(([a = 0, b = 0], i) => 10 + 4 * a - 12 * b + of.noise * normal(of.e, i));
}

describe('standardised regression', { timeout: COVERAGE_TIMEOUT_MS }, () => {
  it('N54: finds the shares of a linear model, the largest first', () => {
    const points = pointsOf(1, 400);
    const found = standardisedRegression(points, outputsOf(points, { e: 0, noise: 0.01 }), {
      names: NAMES,
    });
    expect(found.inputs.map(({ name }) => name)).toEqual(['replicas', 'rate', 'delay']);
    // Inputs of equal spread: coefficients −12 and 4 over √(144 + 16).
    expect(found.inputs[0]?.coefficient).toBeCloseTo(-12 / Math.sqrt(160), 1);
    expect(found.inputs[1]?.coefficient).toBeCloseTo(4 / Math.sqrt(160), 1);
    expect(found.inputs[1]?.slope.value).toBeCloseTo(4, 2);
    expect(found.inputs[0]?.swing).toBeCloseTo(-12, 0);
    expect(found.explained).toBeGreaterThan(0.999);
    const squares = found.inputs.reduce((sum, { coefficient }) => sum + coefficient ** 2, 0);
    expect(squares).toBeCloseTo(1, 1);
  });

  it('N54: covers the true slope as often as it says', () => {
    const replications = IS_LONG ? 10_000 : 200;
    const found = coverageOf(replications, 4, (e) => {
      const points = pointsOf(e, 15);
      const outputs = outputsOf(points, { e: e + 1, noise: 2 });
      const { inputs } = standardisedRegression(points, outputs, { names: NAMES });
      return inputs.find(({ name }) => name === 'rate')?.slope ?? null;
    });
    const { low, high } = IS_LONG ? { low: 0.94, high: 0.96 } : coverageBounds(0.95, 200);
    expect(found.share).toBeGreaterThan(low);
    expect(found.share).toBeLessThan(high);
  });

  it('N54: says little of what is not linear', () => {
    const points = pointsOf(3, 200);
    const outputs = points.map(([a = 0]) => (a - 0.5) ** 2);
    const { explained } = standardisedRegression(points, outputs, { names: NAMES });
    expect(explained).toBeLessThan(0.1);
  });

  it('N1: refuses what cannot be told', () => {
    const options = { names: ['a', 'b'] };
    const few = [
      [1, 2],
      [2, 1],
      [3, 5],
    ];
    const code = (points: number[][], outputs: number[]) =>
      standardisedRegression(points, outputs, options).refusal?.code;
    expect(code(few, [1, 2, 3])).toBe('too-few-values');
    const line = [1, 2, 3, 4, 5].map((x) => [x, 2 * x]);
    expect(code(line, [1, 2, 3, 4, 6])).toBe('collinear');
    const plane = [...few, [4, 3], [5, 8]];
    expect(code(plane, [2, 2, 2, 2, 2])).toBe('no-spread');
    expect(code(plane, [1, 2, 4, 4, 5])).toBeUndefined();
    expect(() => code(few, [1])).toThrow(/number of outputs is 1/);
    expect(() => code([[1]], [1])).toThrow(/inputs of a point is 1/);
  });
});
