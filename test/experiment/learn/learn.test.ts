/** From a warehouse to a document. Spec: M49–M50. */
import { describe, expect, it } from 'vitest';
import { createPlayOracle } from '../../../src/analytics/evaluation/play-oracle.ts';
import { DEFAULT_PANEL } from '../../../src/analytics/panel/panel-config.ts';
import { type LearnOptions, learn } from '../../../src/experiment/learn/learn.ts';
import { openWarehouse } from '../../../src/storage/warehouse.ts';
import { panelWarehouse } from '../../analytics/hand-made-plays.ts';

const { warehouse, tastes, chance } = panelWarehouse({ viewers: 80, days: 20, titles: 40 });
const OPTIONS: LearnOptions = {
  warehouse,
  path: '/somewhere/w.sqlite',
  cut: { share: 0.7 },
  k: 5,
  seed: 3,
  testLeakage: true,
  replayCommand: 'npx backlot learn w.sqlite',
};

/** Every number of a document. */
function numbersIn(value: unknown): readonly number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

describe('learn', () => {
  it('M49: makes the same document twice, of finite numbers, of which nobody is missing', () => {
    const found = learn(OPTIONS);
    expect(JSON.stringify(learn(OPTIONS))).toBe(JSON.stringify(found));
    expect(numbersIn(found).every(Number.isFinite)).toBe(true);
    const { all, ...parts } = found.users;
    expect(Object.values(parts).reduce((sum, count) => sum + count, 0)).toBe(all);
    const { plays } = found;
    expect(plays.before + plays.after + plays.straddling).toBe(plays.all);
    expect(found.warehouse).toBe('w.sqlite');
    expect(found.leakage?.every(({ isSame }) => isSame)).toBe(true);
    expect(found.models.map(({ name }) => name)).toEqual([
      'random',
      'popularity',
      'co-visitation',
      'co-visitation-bm25',
      'als',
      'bpr',
    ]);
    expect(found.models.map(({ overPopularity }) => overPopularity === null)).toEqual(
      found.models.map(({ name }) => name === 'popularity'),
    );
    expect(found.next?.models).toHaveLength(3);
  });

  it('M43: tells the share of an oracle, where there is one', () => {
    const found = learn({
      ...OPTIONS,
      testLeakage: false,
      models: ['popularity', 'als'],
      oracle: (train) => createPlayOracle({ tastes, config: DEFAULT_PANEL, train, chance }),
    });
    const [popularity, , oracle] = found.models;
    expect(oracle).toMatchObject({ name: 'oracle', fingerprint: null, shareOfOracle: 1 });
    expect(popularity?.shareOfOracle).toBeGreaterThan(0);
    expect(popularity?.shareOfOracle).toBeLessThan(1);
    expect(found.leakage).toBeUndefined();
  });

  it('M50: says what is missing', () => {
    const empty = openWarehouse({ path: ':memory:', isSmall: true });
    const problem = (options: Partial<LearnOptions>) => () => learn({ ...OPTIONS, ...options });
    expect(problem({ warehouse: empty })).toThrow('ANALYTICS_NO_DATA: no valid play');
    expect(problem({ cut: { atUs: 0 } })).toThrow('ANALYTICS_NO_DATA: no play ended before it');
    expect(problem({ models: ['asl'] })).toThrow(
      'ANALYTICS_BAD_ARGUMENT: no model is called asl; there are random, popularity, ' +
        'co-visitation, co-visitation-bm25, als, bpr; did you mean als?',
    );
    const alone = panelWarehouse({ viewers: 1, days: 30, titles: 40, from: 1 }).warehouse;
    const found = learn({ ...OPTIONS, warehouse: alone, models: ['popularity', 'als'] });
    expect(found.users.judged).toBe(1);
    expect(found.models[1]?.figures.ndcg).toMatchObject({ low: null, high: null });
    expect(numbersIn(found).every(Number.isFinite)).toBe(true);
  });
});
