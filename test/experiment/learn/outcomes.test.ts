/** Outcomes of a warehouse: of many viewers, of one, of none. */
import { describe, expect, it } from 'vitest';
import { learnOutcomes } from '../../../src/experiment/learn/outcomes.ts';
import { createChance } from '../../../src/kernel/chance.ts';
import {
  DAY_US,
  emptyWarehouse,
  inventHistory,
  RUNTIME_SECONDS,
  START_US,
  writePlay,
} from '../../analytics/outcomes/invented-history.ts';

/** Paths of numbers that JSON cannot say. */
function unsayable(value: unknown, path = ''): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [path];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, one]) => unsayable(one, `${path}.${key}`));
}

describe('the outcomes of a warehouse', () => {
  const { warehouse } = inventHistory({ viewers: 150, days: 50, seed: 1, hasImpressions: true });
  const document = learnOutcomes(warehouse);

  it('M73: are learned from before the cut, and beat the base rate after it', () => {
    const { completion, take, churn } = document.models;
    expect(unsayable(document)).toEqual([]);
    for (const { training, test, reason, coefficients } of [completion, take, churn]) {
      expect(reason).toBeNull();
      expect(Math.min(training.ones, test.ones, coefficients.length)).toBeGreaterThan(4);
    }
    for (const { judgement } of [completion, take]) {
      expect(judgement?.logLoss.gainInterval?.low).toBeGreaterThan(0);
      expect(judgement?.ranking?.value).toBeGreaterThan(0.55);
    }
    // Whoever completes, completes again; the first slot is taken most.
    const weight = (model: typeof take, name: string) =>
      model.coefficients.find(({ feature }) => feature === name);
    expect(weight(completion, 'completion-share')?.low).toBeGreaterThan(0);
    expect(weight(take, 'slot')?.high).toBeLessThan(0);
    expect(churn.judgement?.ranking?.value).toBeGreaterThan(0.6);
  });

  it('M73: are the same to the bit when they are learned again', () => {
    expect(learnOutcomes(warehouse)).toEqual(document);
  });

  it('M79: have survival curves of those whose first play was complete, and was not', () => {
    const { churn, return: back, watchThrough } = document.survival;
    for (const { curves, logRank, reason } of [churn, back]) {
      expect(curves.map(({ name }) => name)).toEqual([
        'all viewers',
        'first play complete',
        'first play left',
      ]);
      expect([reason, curves[0]?.count]).toEqual([null, 150]);
      expect(curves[1]?.count).toBe(150 - (curves[2]?.count ?? 0));
      expect(logRank?.pValue).toBeLessThanOrEqual(1);
    }
    expect(churn.logRank?.pValue).toBeLessThan(0.05);
    expect(watchThrough.length).toBe(4);
    expect(watchThrough[0]?.steps.at(-1)?.time).toBeLessThan(90);
  });

  it('M74: of an empty warehouse are reasons', () => {
    const empty = emptyWarehouse();
    const nothing = learnOutcomes(empty);
    empty.close();
    expect(unsayable(nothing)).toEqual([]);
    expect(nothing).toMatchObject({
      cutUs: null,
      models: {
        completion: { judgement: null, reason: 'there is no row to learn from before the cut' },
        take: { judgement: null, reason: 'there is no row to learn from before the cut' },
        churn: { judgement: null, reason: expect.stringContaining('spans 0 days; it takes 28') },
      },
      survival: {
        churn: { curves: [], reason: expect.stringContaining('nobody played 7 days before') },
      },
    });
  });

  it('M74: of one viewer have weights and figures without intervals, and say why', () => {
    const one = emptyWarehouse();
    const draws = createChance({ seed: 4, replication: 0 }).draws('test.one');
    for (let n = 0; n < 100; n += 1) {
      const startUs = START_US + n * DAY_US;
      const isComplete = draws.uniform(0, n) < 0.4;
      const play = { id: `p${100 + n}`, user: 'v1', session: `s${n}`, title: n % 7 };
      writePlay(one, { ...play, startUs, seconds: isComplete ? RUNTIME_SECONDS : 900, isComplete });
    }
    const { models } = learnOutcomes(one);
    one.close();
    expect(unsayable(models)).toEqual([]);
    expect(models.completion.noIntervals).toContain('rows of 1 viewers bear no interval');
    expect(models.completion.coefficients.every(({ low }) => low === null)).toBe(true);
    expect(models.completion.judgement?.withheld.map(({ figure }) => figure)).toContain(
      'interval of the AUC',
    );
    expect(models.churn.reason).toContain('0 have the answer yes');
  });

  it('M74: of viewers who do all the same are reasons', () => {
    const same = emptyWarehouse();
    for (let n = 0; n < 40; n += 1) {
      const play = { id: `p${100 + n}`, user: `v${n}`, session: `s${n}`, title: 0, seconds: 6_000 };
      writePlay(same, { ...play, startUs: START_US, isComplete: true });
    }
    const alike = learnOutcomes(same);
    same.close();
    expect(unsayable(alike)).toEqual([]);
    expect(alike.models.completion.reason).not.toBeNull();
  });
});
