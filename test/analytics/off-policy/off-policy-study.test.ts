/** Estimators against a true value that is known, and canaries that must be seen. */
import { describe, expect, it } from 'vitest';
import {
  type BanditWorld,
  createGreedyPolicy,
  createSoftmaxPolicy,
  trueValue,
} from '../../../src/analytics/off-policy/bandit-world.ts';
import type { EstimatorName } from '../../../src/analytics/off-policy/estimators.ts';
import {
  type OffPolicyStudy,
  type OffPolicyStudyOptions,
  studyOffPolicy,
} from '../../../src/analytics/off-policy/off-policy-study.ts';
import { binomialProbability } from '../../../src/stats/incomplete-beta.ts';
import { heroSlot } from './hero-slot.ts';

const RUNS = 20;
const hero = heroSlot({ viewers: 300, titles: 40 });
const base = { ...hero, rows: 1_000, runs: RUNS };
const whole = studyOffPolicy(base);

function study(options: Partial<OffPolicyStudyOptions>): OffPolicyStudy {
  return studyOffPolicy({ ...base, known: whole, ...options });
}

function lineOf({ lines }: OffPolicyStudy, name: EstimatorName) {
  const found = lines.find(({ estimator }) => estimator === name);
  if (found === undefined) throw new Error(`${name} is missing`);
  return found;
}

/** Runs of which the interval held the truth. */
function held(of: OffPolicyStudy, name: EstimatorName): number {
  return Math.round((lineOf(of, name).coverage?.value ?? 0) * RUNS);
}

/** As few as a 95 % interval holds in 1 of 1,000 studies. */
const FEWEST = Array.from({ length: RUNS }, (_, k) => k).filter(
  (k) => binomialProbability(k, { n: RUNS, p: 0.95 }) < 0.001,
).length;

/** Bias in its own standard errors. */
function errorsOff(of: OffPolicyStudy, name: EstimatorName): number {
  const { bias, biasStandardError } = lineOf(of, name);
  return Math.abs((bias ?? Number.NaN) / (biasStandardError ?? Number.NaN));
}

/** As written by who forgets that two of three candidates had been sorted out before. */
const TRIPLE = (p: number) => Math.min(1, 3 * p);
const ONLY_ONE = [0];

/** The world with one feature more: the truth, for a model that is right. */
function knowing(world: BanditWorld): BanditWorld {
  const { width, actions } = world;
  const plain = new Float64Array(actions * width);
  return {
    ...world,
    width: width + 1,
    featuresOf(context, into) {
      const whose = world.featuresOf(context, plain);
      for (let action = 0; action < actions; action += 1) {
        for (let j = 0; j < width; j += 1) {
          into[action * (width + 1) + j] = plain[action * width + j] ?? 0;
        }
        into[action * (width + 1) + width] = world.expectedReward(context, action);
      }
      return whose;
    },
  };
}

describe('estimators against the true value', () => {
  it('M166: right propensities and a fair model: IPS, SNIPS and DR are unbiased and cover', () => {
    for (const name of ['IPS', 'SNIPS', 'DR'] as const) {
      expect(errorsOff(whole, name), name).toBeLessThan(4);
      expect(held(whole, name), name).toBeGreaterThanOrEqual(FEWEST);
    }
    expect(lineOf(whole, 'DR').rmse).toBeLessThan(lineOf(whole, 'IPS').rmse ?? 0);
    expect(whole.trueValue).toBeGreaterThan(whole.loggerValue);
    expect(whole.meanWeight).toBeCloseTo(1, 1);
  });

  it('M167: a model that sees nothing biases DM, and right propensities save DR', () => {
    const blind = study({ modelFeatures: ONLY_ONE });
    expect(errorsOff(blind, 'DM')).toBeGreaterThan(6);
    expect(held(blind, 'DM')).toBeLessThan(FEWEST);
    expect(errorsOff(blind, 'DR')).toBeLessThan(4);
    expect(held(blind, 'DR')).toBeGreaterThanOrEqual(FEWEST);
  });

  it('M167: wrong propensities bias IPS, are told, and a right model keeps DR unbiased', () => {
    const world = knowing(hero.world);
    const modelFeatures = [0, hero.world.width];
    const wrong = study({ world, modelFeatures, writtenPropensity: TRIPLE });
    expect(errorsOff(wrong, 'DR')).toBeLessThan(4);
    expect(errorsOff(wrong, 'IPS')).toBeGreaterThan(10);
    const told = wrong.warnings.find(({ code }) => code === 'mean-weight-off');
    expect(told?.runs).toBe(RUNS);
  });

  it('M167: both wrong: nothing saves DR, and the check of coverage fails', () => {
    const both = study({ modelFeatures: ONLY_ONE, writtenPropensity: TRIPLE });
    expect(errorsOff(both, 'DR')).toBeGreaterThan(4);
    expect(held(both, 'DR')).toBeLessThan(FEWEST);
  });

  it('M165: a target beyond the support of the log is told, and no weight repairs it', () => {
    const narrow = createGreedyPolicy({ id: 'most popular', weights: [0, 1] });
    const none = studyOffPolicy({ ...base, logger: narrow, runs: 5 });
    expect(none.unsupportedMass).toBeGreaterThan(0.5);
    expect(none.warnings.map(({ code }) => code)).toContain('no-support');
    expect(lineOf(none, 'IPS').bias).toBeLessThan(-0.5 * none.trueValue);
  });

  it('M166: the true value of a uniform policy is the mean of what is allowed', () => {
    const uniform = createSoftmaxPolicy({ id: 'uniform', weights: [], explore: 0 });
    const { world } = hero;
    let sum = 0;
    for (let context = 0; context < world.contexts; context += 1) {
      const allowed = Array.from({ length: world.actions }, (_, a) => a).filter((a) =>
        world.isAllowed(context, a),
      );
      const values = allowed.map((a) => world.expectedReward(context, a));
      sum += values.reduce((total, one) => total + one, 0) / allowed.length;
    }
    expect(trueValue(world, uniform)).toBeCloseTo(sum / world.contexts, 12);
  });

  it('M168: is a function of its seed, and one run alone has no spread', () => {
    const short = study({ runs: 5 });
    expect(study({ runs: 5 })).toEqual(short);
    const first = study({ runs: 1 });
    expect(lineOf(first, 'DR').coverage?.trials).toBe(1);
    expect(first.lines.every(({ biasStandardError }) => biasStandardError === null)).toBe(true);
  });

  it('refuses no runs and no rows', () => {
    expect(() => study({ runs: 0 })).toThrow('runs is 0');
    expect(() => study({ rows: 1.5 })).toThrow('rows is 1.5');
  });
});
