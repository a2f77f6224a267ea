/** What every policy keeps, whatever it is. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createLinUcbPolicy } from '../../../src/analytics/policies/bandits/lin-ucb-policy.ts';
import { createThompsonPolicy } from '../../../src/analytics/policies/bandits/thompson-policy.ts';
import { genreFeatures } from '../../../src/analytics/policies/bandits/title-features.ts';
import { createOraclePolicy } from '../../../src/analytics/policies/oracle-policy.ts';
import { createPopularityPolicy } from '../../../src/analytics/policies/popularity-policy.ts';
import { createRandomPolicy } from '../../../src/analytics/policies/random-policy.ts';
import {
  createEpsilonGreedyPolicy,
  createGreedyPolicy,
  createSoftmaxPolicy,
} from '../../../src/analytics/policies/scored-policies.ts';
import type { RowOutcome, RowPolicy } from '../../../src/domain/recommending/row-policy.ts';
import { DEFAULT_CHOICE } from '../../../src/domain/taste/choice-model.ts';
import { analyticsWorld, numbersTo } from '../analytics-world.ts';
import { requestOf } from './row-requests.ts';

const scorer = {
  score: ({ viewer }: { viewer: number }, into: Float64Array) => {
    for (let title = 0; title < into.length; title += 1) into[title] = (title * (viewer + 3)) % 7;
  },
};

/** All policies over so many titles. */
function policiesOf(titles: number): readonly RowPolicy[] {
  const { tastes, chance, catalogue, genreOf } = analyticsWorld({ titles });
  const scored = { scorer, titleCount: titles };
  return [
    createRandomPolicy(titles),
    createPopularityPolicy({ titleCount: titles, halfLifeUs: 1e9 }),
    createGreedyPolicy({ ...scored, id: 'greedy' }),
    createEpsilonGreedyPolicy({ ...scored, id: 'epsilon-greedy', epsilon: 0.3 }),
    createSoftmaxPolicy({ ...scored, id: 'softmax', temperature: 2 }),
    createLinUcbPolicy({ features: genreFeatures(catalogue) }),
    createThompsonPolicy({ titleCount: titles, chance, segmentOf: genreOf, posteriorDraws: 20 }),
    createOraclePolicy({ tastes, choice: DEFAULT_CHOICE }),
  ];
}

const byId = (policies: readonly RowPolicy[]) =>
  policies.map((policy): [string, RowPolicy] => [policy.id, policy]);

const twelve = policiesOf(12);

describe('every policy', () => {
  test.prop(
    [
      fc.record({
        viewer: fc.nat(1000),
        row: fc.nat(1000),
        slots: fc.integer({ min: 1, max: 15 }),
        excluded: fc.subarray(numbersTo(12)),
      }),
    ],
    { numRuns: 60, seed: 9 },
  )('M13: fills a row with what is allowed, each once, and says how probable it was', (part) => {
    const request = requestOf(part);
    for (const policy of twelve) {
      const row = policy.choose(request);
      expect(row.titles.length).toBe(Math.min(part.slots, 12 - part.excluded.length));
      expect(row.propensities.length).toBe(row.titles.length);
      expect(new Set(row.titles).size).toBe(row.titles.length);
      expect(row.titles.some((title) => part.excluded.includes(title))).toBe(false);
      expect(row.titles.every((title) => title >= 0 && title < 12)).toBe(true);
      expect(row.propensities.every((p) => p > 0 && p <= 1)).toBe(true);
      expect(policy.choose(request)).toEqual(row);
      const product = row.propensities.reduce((all, p) => all * p, 1);
      expect(policy.probabilityOf?.(request, row.titles)).toBeCloseTo(product, 12);
    }
  });

  it.each(byId(twelve))('M14: %s shows rows as often as it says', (_, policy) => {
    const n = 4000;
    const counts = new Map<string, number>();
    const slots = 2;
    const excluded = [4, 5, 6, 7, 8, 9, 10];
    const chances = new Map<string, number>();
    for (let row = 0; row < n; row += 1) {
      const shown = policy.choose(requestOf({ row, slots, excluded }));
      const key = shown.titles.join(' ');
      counts.set(key, (counts.get(key) ?? 0) + 1);
      chances.set(
        key,
        shown.propensities.reduce((all, p) => all * p, 1),
      );
    }
    for (const [key, p] of chances) {
      // Five standard errors: of 20 rows times 8 policies none is outside by chance.
      const bound = 5 * Math.sqrt((p * (1 - p)) / n) + 1e-12;
      expect(Math.abs((counts.get(key) ?? 0) / n - p)).toBeLessThanOrEqual(bound);
    }
    const total = numbersTo(12)
      .flatMap((a) => numbersTo(12).map((b) => [a, b]))
      .reduce(
        (sum, row) => sum + (policy.probabilityOf?.(requestOf({ slots, excluded }), row) ?? 0),
        0,
      );
    expect(total).toBeCloseTo(1, 9);
  });

  it('M13: answers with one title, with none allowed, and without any feedback', () => {
    for (const policy of policiesOf(1)) {
      expect(policy.choose(requestOf()).titles).toEqual([0]);
      expect(policy.choose(requestOf({ excluded: [0] })).titles).toEqual([]);
      policy.learn?.([]);
      expect(policy.choose(requestOf()).propensities).toEqual([1]);
    }
  });

  it('M15: answers the same for one viewer whatever others were shown meanwhile', () => {
    const alone = byId(policiesOf(12)).map(([, policy]) => policy.choose(requestOf()));
    const beside = byId(policiesOf(12)).map(([, policy]) => {
      for (const viewer of numbersTo(9)) policy.choose(requestOf({ viewer, row: 2 }));
      return policy.choose(requestOf());
    });
    expect(beside).toEqual(alone);
  });
});

/** A lesson: title 5 gave much in the first slot, and the others nothing. */
function lessonOf(viewer: number): RowOutcome {
  const titles = [5, 1, 2, 3];
  const propensities = [1, 1, 1, 1];
  return { viewer, atUs: 10, titles, propensities, takenSlot: 0, reward: 0.9 };
}

describe('policies that learn', () => {
  it.each(byId(policiesOf(12)).filter(([, { learn }]) => learn !== undefined))(
    'M16: %s shows in front what gave most',
    (_, policy) => {
      policy.learn?.(Array.from({ length: 400 }, () => lessonOf(3)));
      const rows = numbersTo(50).map((row) => policy.choose(requestOf({ row })).titles[0]);
      expect(rows.filter((title) => title === 5).length).toBeGreaterThan(45);
    },
  );

  it('M16: LinUCB tries what it knows least, and learns of viewers one by one', () => {
    const { catalogue } = analyticsWorld({ titles: 12 });
    const features = genreFeatures(catalogue);
    const curious = createLinUcbPolicy({ features, alpha: 5 });
    curious.learn?.(numbersTo(50).map((viewer) => lessonOf(100 + viewer)));
    const { titles } = curious.choose(requestOf({ slots: 8 }));
    expect(titles.some((title) => [1, 2, 3].includes(title))).toBe(false);
    const own = createLinUcbPolicy({ features, alpha: 0, titleRidge: 1e15, viewerRidge: 1 });
    own.learn?.(Array.from({ length: 30 }, () => lessonOf(3)));
    const before = createLinUcbPolicy({ features, alpha: 0 });
    const of = (viewer: number) => own.choose(requestOf({ viewer })).titles;
    expect(of(3)[0]).toBe(5);
    expect(of(4)).toEqual(before.choose(requestOf({ viewer: 4 })).titles);
  });

  it('M17: Thompson sampling shows titles as often as they are likely to be best', () => {
    const { chance } = analyticsWorld({ titles: 3 });
    const policy = createThompsonPolicy({
      titleCount: 3,
      chance,
      prior: { a: 1, b: 1 },
      posteriorDraws: 4000,
    });
    const told = { viewer: 1, atUs: 1, propensities: [1], takenSlot: -1, reward: 0 };
    policy.learn?.([
      { ...told, titles: [0] },
      { ...told, titles: [2], takenSlot: 0, reward: 1 },
    ]);
    // P(best) of Beta(1, 2), Beta(1, 1) and Beta(2, 1): integrals of one density times the others'
    // distribution functions, 2(1 − x)·x·x², (2x − x²)·x² and 2x·x·(2x − x²).
    const wanted = [1 / 10, 3 / 10, 6 / 10];
    wanted.forEach((p, title) => {
      const found = policy.probabilityOf?.(requestOf({ slots: 1 }), [title]) ?? 0;
      expect(Math.abs(found - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 4000));
    });
  });
});
