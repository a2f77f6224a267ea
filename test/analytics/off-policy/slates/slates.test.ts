/** Estimators of whole rows: exact figures, and drawn logs that agree with them. */
import { describe, expect, it } from 'vitest';
import { possibleRows } from '../../../../src/analytics/off-policy/slates/plackett-luce.ts';
import {
  estimateSlates,
  type SlateEstimatorName,
  type SlateLog,
} from '../../../../src/analytics/off-policy/slates/slate-estimators.ts';
import { studySlates } from '../../../../src/analytics/off-policy/slates/slate-study.ts';
import {
  type ChoiceConfig,
  choiceProbabilities,
  takenSlot,
} from '../../../../src/domain/taste/choice-model.ts';
import { watchedShare } from '../../../../src/domain/taste/watching.ts';
import { analyticsWorld, numbersTo } from '../../analytics-world.ts';

const { tastes, chance } = analyticsWorld({ titles: 20 });
const CANDIDATES = [0, 1, 2, 3, 4];
const SLOTS = 3;
const loggerLogit = (_: number, title: number) => -0.2 * title;
const targetLogit = (viewer: number, title: number) => 0.5 * tastes.affinity(viewer, title);

function choiceOf(kind: ChoiceConfig['kind']): ChoiceConfig {
  return { kind, nothing: 1, positionBias: 0.6 };
}

function studied(kind: ChoiceConfig['kind'], viewers = numbersTo(20)) {
  return studySlates({
    tastes,
    choice: choiceOf(kind),
    viewers,
    candidates: CANDIDATES,
    slots: SLOTS,
    loggerLogit,
    targetLogit,
    rows: 1_000,
  });
}

function biasOf(kind: ChoiceConfig['kind'], name: SlateEstimatorName): number {
  const { lines, trueValue } = studied(kind);
  return (lines.find(({ estimator }) => estimator === name)?.bias ?? Number.NaN) / trueValue;
}

/** Rows of one viewer, drawn. */
function drawnLog(viewer: number, n: number): SlateLog {
  const draws = chance.draws('test.slates');
  const logger = CANDIDATES.map((title) => loggerLogit(viewer, title));
  const target = CANDIDATES.map((title) => targetLogit(viewer, title));
  const rows = possibleRows({ logger, target }, SLOTS);
  const zeros = () => new Float64Array(n * SLOTS);
  const log = {
    slots: SLOTS,
    reward: zeros(),
    propensity: zeros().fill(1),
    targetProbability: zeros(),
  };
  const marginal = { propensity: zeros().fill(1), target: zeros() };
  for (let i = 0; i < n; i += 1) {
    const row =
      rows[
        takenSlot(
          rows.map((one) => one.logger),
          draws.uniform(i, 0),
        )
      ];
    const titles = row?.places.map((place) => CANDIDATES[place] ?? 0) ?? [];
    const attractions = titles.map((title) => tastes.attraction(viewer, title));
    const taken = takenSlot(
      choiceProbabilities(choiceOf('multinomial-logit'), attractions),
      draws.uniform(i, 1),
    );
    for (let k = 0; k < SLOTS; k += 1) {
      // Only ratios enter, so the logger's may be put at 1.
      log.targetProbability[i * SLOTS + k] = row?.slotRatios[k] ?? 0;
      marginal.target[i * SLOTS + k] = row?.marginalRatios[k] ?? 0;
    }
    if (taken < 0) continue;
    const enjoyment = tastes.enjoyment(viewer, titles[taken] ?? 0);
    log.reward[i * SLOTS + taken] = watchedShare(enjoyment, draws.uniform(i, 2));
  }
  return { ...log, marginal };
}

describe('rows as a whole', () => {
  it('M169: probabilities of all rows sum to 1, and marginals to 1 a slot', () => {
    const rows = possibleRows({ logger: [0, 1, 2], target: [0, 0, 0] }, 2);
    expect(rows).toHaveLength(6);
    expect(rows.reduce((sum, { logger }) => sum + logger, 0)).toBeCloseTo(1, 12);
    for (const { target } of rows) expect(target).toBeCloseTo(1 / 6, 12);
    for (const k of [0, 1]) {
      const weighted = rows.reduce(
        (sum, one) => sum + one.logger * (one.marginalRatios[k] ?? 0),
        0,
      );
      expect(weighted).toBeCloseTo(1, 12);
    }
  });

  it('M170: IPS is unbiased in both worlds', () => {
    expect(biasOf('multinomial-logit', 'IPS')).toBeCloseTo(0, 10);
    expect(biasOf('cascade', 'IPS')).toBeCloseTo(0, 10);
  });

  it('M170: RIPS is unbiased in a cascade, and biased where all slots compete', () => {
    expect(biasOf('cascade', 'RIPS')).toBeCloseTo(0, 10);
    expect(Math.abs(biasOf('multinomial-logit', 'RIPS'))).toBeGreaterThan(1e-3);
  });

  it('M170: IIPS is biased in both, and varies least', () => {
    expect(Math.abs(biasOf('cascade', 'IIPS'))).toBeGreaterThan(1e-3);
    expect(Math.abs(biasOf('multinomial-logit', 'IIPS'))).toBeGreaterThan(1e-3);
    const [ips, rips, iips] = studied('multinomial-logit').lines;
    expect(iips?.standardDeviation).toBeLessThan(rips?.standardDeviation ?? 0);
    expect(rips?.standardDeviation).toBeLessThan(ips?.standardDeviation ?? 0);
  });

  it('M170: what is computed is what drawn logs give', () => {
    const n = 4_000;
    const { lines, trueValue } = studied('multinomial-logit', [3]);
    for (const { estimator, value } of estimateSlates(drawnLog(3, n))) {
      const line = lines.find((one) => one.estimator === estimator);
      const expected = trueValue + (line?.bias ?? 0);
      const error = (line?.standardDeviation ?? 0) * Math.sqrt(1_000 / n);
      expect(Math.abs((value ?? 0) - expected), estimator).toBeLessThan(4 * error);
    }
  });

  it('M169: say what they lack, and refuse what cannot be', () => {
    const log = {
      slots: 2,
      reward: new Float64Array(8),
      propensity: new Float64Array(8).fill(1),
      targetProbability: new Float64Array(8),
    };
    const [ips, , iips] = estimateSlates(log);
    expect(ips).toMatchObject({ value: 0, refusal: null });
    expect(iips?.refusal?.text).toContain('by itself');
    const empty = {
      slots: 2,
      reward: new Float64Array(0),
      propensity: new Float64Array(0),
      targetProbability: new Float64Array(0),
    };
    expect(estimateSlates(empty)[0]?.refusal?.text).toContain('2 rows');
    expect(() => estimateSlates({ ...log, slots: 3 })).toThrow('rewards is 8');
    expect(() => estimateSlates({ ...log, propensity: new Float64Array(8) })).toThrow(
      'propensity is 0',
    );
    expect(() => estimateSlates({ ...log, targetProbability: new Float64Array(7) })).toThrow(
      'is 7',
    );
    expect(() =>
      studySlates({
        tastes,
        choice: choiceOf('cascade'),
        viewers: [0],
        candidates: [1, 2],
        slots: 3,
        loggerLogit,
        targetLogit,
        rows: 10,
      }),
    ).toThrow('number of candidates is 2');
  });
});
