/** BPR: one step is one step along the numerical gradient. Spec: M36. */
import { describe, expect, it } from 'vitest';
import { BPR_DEFAULTS, type BprModel, trainBpr } from '../../../src/analytics/recommenders/bpr.ts';
import { playsByHand } from '../hand-made-plays.ts';

/** One user, a title played, a title not played: the only triple there is. */
const ONE = playsByHand([[0, 0, 0]], 2);
const SETTINGS = { factors: 3, learningRate: 0.1, regularization: 0.02, epochs: 0 };
const SEED = 5;

type Parameters = Pick<BprModel, 'userFactors' | 'titleFactors' | 'titleBias'>;

/** ln σ(x_ui − x_uj) − λ/2 · |θ|². */
function objective({ userFactors, titleFactors, titleBias }: Parameters): number {
  const score = (title: number) =>
    userFactors.reduce(
      (sum, x, f) => sum + x * (titleFactors[title * SETTINGS.factors + f] ?? 0),
      titleBias[title] ?? 0,
    );
  const all = [...userFactors, ...titleFactors, ...titleBias];
  const norm = all.reduce((sum, value) => sum + value * value, 0);
  return -Math.log1p(Math.exp(score(1) - score(0))) - (SETTINGS.regularization / 2) * norm;
}

function parametersOf({ userFactors, titleFactors, titleBias }: BprModel): Parameters {
  return { userFactors, titleFactors, titleBias };
}

describe('BPR', () => {
  it('M36: climbs the gradient of its objective', () => {
    const before = parametersOf(trainBpr(ONE, SETTINGS, SEED));
    const after = parametersOf(trainBpr(ONE, { ...SETTINGS, epochs: 1 }, SEED));
    const h = 1e-6;
    let compared = 0;
    for (const name of ['userFactors', 'titleFactors', 'titleBias'] as const) {
      before[name].forEach((value, at) => {
        const at0 = { ...before, [name]: before[name].with(at, value - h) };
        const at1 = { ...before, [name]: before[name].with(at, value + h) };
        const slope = (objective(at1) - objective(at0)) / (2 * h);
        const step = (after[name][at] ?? Number.NaN) - value;
        expect(step).toBeCloseTo(SETTINGS.learningRate * slope, 8);
        compared += 1;
      });
    }
    expect(compared).toBe(3 + 6 + 2);
  });

  it('passes over a user who has played everything', () => {
    const all = playsByHand([
      [0, 0, 0],
      [0, 1, 1],
    ]);
    const begun = trainBpr(all, SETTINGS, SEED).weights;
    expect(trainBpr(all, { ...SETTINGS, epochs: 3 }, SEED).weights).toEqual(begun);
  });

  it('puts played titles in front', () => {
    const found = playsByHand(
      [
        [0, 0, 0],
        [0, 1, 1],
        [1, 2, 2],
        [1, 3, 3],
      ],
      4,
    );
    const scores = new Float64Array(4);
    trainBpr(found, { ...BPR_DEFAULTS, epochs: 300 }, SEED).score(1, scores);
    const [a = 0, b = 0, c = 0, d = 0] = scores;
    expect(Math.min(c, d)).toBeGreaterThan(Math.max(a, b));
  });
});
