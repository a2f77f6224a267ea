/** Implicit ALS: the objective falls, and each half of a sweep is the dense solution. Spec:
 * M34–M35. */
import { Matrix, solve } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { ALS_DEFAULTS, type AlsModel, trainAls } from '../../../src/analytics/recommenders/als.ts';
import type { Interactions } from '../../../src/analytics/training/interactions.ts';
import { readInteractions } from '../../../src/analytics/training/read-interactions.ts';
import { numbersTo } from '../analytics-world.ts';
import { panelWarehouse, playsByHand } from '../hand-made-plays.ts';

const SMALL = playsByHand(
  [
    [0, 0, 0, 1],
    [0, 1, 1, 0.5],
    [1, 1, 2, 0.25],
    [1, 2, 3, 1],
    [2, 0, 4, 0.75],
    [2, 0, 5, 0.75],
    [2, 3, 6, 1],
  ],
  4,
);
const SETTINGS = { ...ALS_DEFAULTS, factors: 3, regularization: 0.2, iterations: 4 };
const SEED = 11;

/** c by user and title, from the definition. */
function confidence({ user, title, share }: Interactions, u: number, t: number): number {
  return [...user].reduce(
    (sum, one, row) =>
      one === u && title[row] === t ? sum + SETTINGS.alpha * (share[row] ?? 0) : sum,
    1,
  );
}

function isPlayed({ user, title }: Interactions, u: number, t: number): boolean {
  return user.some((one, row) => one === u && title[row] === t);
}

/** Rows of factors. */
function rowsOf(factors: Float64Array): number[][] {
  const { factors: length } = SETTINGS;
  return numbersTo(factors.length / length).map((row) => [
    ...factors.subarray(row * length, (row + 1) * length),
  ]);
}

/** Titles’ factors, given the users’: (XᵀCX + λI)⁻¹ XᵀCp, with dense matrices. */
function denseTitles(model: AlsModel): number[][] {
  const x = new Matrix(rowsOf(model.userFactors));
  return numbersTo(4).map((title) => {
    const c = numbersTo(3).map((user) => confidence(SMALL, user, title));
    const p = numbersTo(3).map((user) => Number(isPlayed(SMALL, user, title)));
    const weighted = x.transpose().mmul(Matrix.diag(c));
    const a = weighted.mmul(x).add(Matrix.eye(3).mul(model.lambda));
    return solve(a, weighted.mmul(Matrix.columnVector(p))).to1DArray();
  });
}

/** The objective, pair by pair. */
function denseObjective(model: AlsModel): number {
  const [x, y] = [rowsOf(model.userFactors), rowsOf(model.titleFactors)];
  const dot = (a: number[], b: number[]) => a.reduce((sum, v, i) => sum + v * (b[i] ?? 0), 0);
  let total = 0;
  x.forEach((xu, user) => {
    y.forEach((yt, title) => {
      const error = Number(isPlayed(SMALL, user, title)) - dot(xu, yt);
      total += confidence(SMALL, user, title) * error ** 2;
    });
  });
  return total + model.lambda * [...x, ...y].reduce((sum, row) => sum + dot(row, row), 0);
}

describe('ALS', () => {
  it('M34: solves each row as a dense solver does', () => {
    const model = trainAls(SMALL, SETTINGS, SEED);
    const dense = denseTitles(model);
    rowsOf(model.titleFactors).forEach((row, title) => {
      row.forEach((value, i) => {
        expect(value).toBeCloseTo(dense[title]?.[i] ?? Number.NaN, 10);
      });
    });
    // λ in units of the noise: √(6 of 12 pairs) · (√3 + √4).
    expect(model.lambda).toBeCloseTo(0.2 * Math.sqrt(6 / 12) * (Math.sqrt(3) + 2), 12);
  });

  it('M34: minimises what it says, and every sweep lowers it', () => {
    const model = trainAls(SMALL, SETTINGS, SEED);
    expect(model.objectives.at(-1)).toBeCloseTo(denseObjective(model), 10);
    const { warehouse } = panelWarehouse({ viewers: 60, days: 20 });
    const interactions = readInteractions(warehouse);
    for (const solver of ['cholesky', 'conjugate-gradient'] as const) {
      const { objectives } = trainAls(interactions, { ...ALS_DEFAULTS, solver }, SEED);
      expect(objectives).toHaveLength(ALS_DEFAULTS.iterations);
      objectives.slice(1).forEach((value, n) => {
        expect(value).toBeLessThanOrEqual((objectives[n] ?? 0) * (1 + 1e-12));
      });
    }
  });

  it('M35: by conjugate gradients, comes to where Cholesky comes', () => {
    const long = { ...SETTINGS, iterations: 60 };
    const exact = trainAls(SMALL, long, SEED);
    const gradient = trainAls(SMALL, { ...long, solver: 'conjugate-gradient' }, SEED);
    expect(gradient.objectives.at(-1)).toBeCloseTo(exact.objectives.at(-1) ?? Number.NaN, 6);
  });

  it('scores by dot products, and strangers by plays', () => {
    const model = trainAls(SMALL, SETTINGS, SEED);
    const scores = new Float64Array(4);
    model.score(1, scores);
    const [x = []] = rowsOf(model.userFactors).slice(1);
    rowsOf(model.titleFactors).forEach((row, title) => {
      expect(scores[title]).toBeCloseTo(
        row.reduce((sum, v, i) => sum + v * (x[i] ?? 0), 0),
        12,
      );
    });
    model.score(-1, scores);
    expect([...scores]).toEqual([3, 2, 1, 1]);
  });

  it('refuses settings out of range', () => {
    for (const [name, value] of Object.entries({ factors: 0, regularization: 0, alpha: -1 })) {
      expect(() => trainAls(SMALL, { ...SETTINGS, [name]: value }, SEED)).toThrow(
        `ALS: ${name} is ${value}, but it must be`,
      );
    }
  });
});
