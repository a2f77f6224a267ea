/** Models on a split: by hand, and on a world whose tastes are known. Spec: M42–M44. */
import { beforeAll, describe, expect, it } from 'vitest';
import { differenceOf, estimateOf } from '../../../src/analytics/evaluation/compare-models.ts';
import {
  type Evaluation,
  evaluate,
  METRIC_WORDS,
  USER_METRIC_NAMES,
} from '../../../src/analytics/evaluation/evaluate.ts';
import { createPlayOracle } from '../../../src/analytics/evaluation/play-oracle.ts';
import { cutAtShare, temporalSplit } from '../../../src/analytics/evaluation/temporal-split.ts';
import { DEFAULT_PANEL } from '../../../src/analytics/panel/panel-config.ts';
import type { Recommender } from '../../../src/analytics/recommenders/recommender.ts';
import { TRAINERS } from '../../../src/analytics/recommenders/trainers.ts';
import { readInteractions } from '../../../src/analytics/training/read-interactions.ts';
import { HOUR_US, panelWarehouse, playsByHand } from '../hand-made-plays.ts';

/** u0 played t0, later t2 and t3; u1 played t1, later t0. */
const SPLIT = temporalSplit(
  playsByHand(
    [
      [0, 0, 0],
      [1, 1, 1],
      [0, 2, 11],
      [0, 3, 12],
      [1, 0, 13],
    ],
    5,
  ),
  10 * HOUR_US,
);
/** Ranks titles as they are numbered. */
const IN_ORDER: Recommender = {
  name: 'in order',
  score: (_, into) => into.set(into.map((__, title) => -title)),
};

describe('judging', () => {
  it('M42: leaves out what a user has played, and measures what they went on to play', () => {
    const { models, users } = evaluate({ split: SPLIT, models: [IN_ORDER], k: 2, curveTo: 3 });
    expect(users.judged.map(({ id }) => id)).toEqual(['u0', 'u1']);
    const [one] = models;
    // Lists: u0 t1 t2 (t3), u1 t0 t2 (t3).
    expect([...(one?.values.recall ?? [])]).toEqual([1 / 2, 1]);
    expect([...(one?.values.mrr ?? [])]).toEqual([1 / 2, 1]);
    expect([...(one?.curve.recall ?? [])]).toEqual([0.5, 0.75, 1]);
    expect(one?.spread.coverage).toBe(3 / 5);
  });

  it('M44: pairs models by user; one user has no interval', () => {
    const reverse: Recommender = {
      name: 'reverse',
      score: (_, into) => into.set(into.map((__, title) => title)),
    };
    const { models } = evaluate({ split: SPLIT, models: [IN_ORDER, reverse], k: 2 });
    const [a, b] = models;
    if (a === undefined || b === undefined) throw new Error('two models were judged');
    expect(estimateOf(a, 'recall').value).toBe(0.75);
    // Lists of the other: u0 t4 t3, u1 t4 t3.
    const difference = differenceOf(a, b, 'recall');
    expect(difference.value).toBe((0 + 1) / 2);
    expect(difference.low).toBeLessThan(difference.value);
    const alone = { ...a, values: { ...a.values, recall: a.values.recall.slice(0, 1) } };
    expect(estimateOf(alone, 'recall')).toEqual({ value: 0.5, low: null, high: null });
  });

  it('says why nobody can be judged', () => {
    const split = temporalSplit(
      playsByHand([
        [0, 0, 0],
        [0, 0, 11],
        [1, 1, 12],
      ]),
      10 * HOUR_US,
    );
    expect(() => evaluate({ split, models: [IN_ORDER], k: 2 })).toThrow(
      'ANALYTICS_NO_DATA: nobody who played before the cut played something new after it (1 only ' +
        'played after it, 1 only what they had played before)',
    );
  });

  it('has a definition in words for each measure', () => {
    expect(Object.keys(METRIC_WORDS)).toEqual([...USER_METRIC_NAMES]);
  });
});

describe('models of a world whose tastes are known', () => {
  let found: Evaluation;

  beforeAll(() => {
    const { warehouse, tastes, chance } = panelWarehouse({ viewers: 500, days: 21, titles: 80 });
    const all = readInteractions(warehouse);
    const split = temporalSplit(all, cutAtShare(all, 0.7));
    const names = ['random', 'popularity', 'co-visitation', 'als'] as const;
    const oracle = createPlayOracle({ tastes, config: DEFAULT_PANEL, train: split.train, chance });
    const models = names.map((name) => TRAINERS[name].train(split.train, 3));
    found = evaluate({ split, models, k: 10, oracle });
  });

  it('M43: are between the floor of random lists and the ceiling of true tastes', () => {
    const [random, popularity, near, als, oracle] = found.models;
    if (!random || !popularity || !near || !als || !oracle) throw new Error('five were judged');
    expect(differenceOf(popularity, random, 'ndcg').low).toBeGreaterThan(0);
    for (const model of [popularity, near, als]) {
      expect(differenceOf(oracle, model, 'ndcg').low).toBeGreaterThan(0);
      expect(model.spread.coverage).toBeLessThan(random.spread.coverage);
    }
    expect(differenceOf(near, popularity, 'ndcg').low).toBeGreaterThan(0);
    expect(differenceOf(als, popularity, 'ndcg').low).toBeGreaterThan(0);
    expect(found.users.judged.length).toBeGreaterThan(300);
  });
});
