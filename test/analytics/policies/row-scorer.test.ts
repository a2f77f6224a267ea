/** What policies rank by: scores by place in the catalogue, and vectors of titles. */
import { describe, expect, it } from 'vitest';
import { betaDraw } from '../../../src/analytics/policies/bandits/beta-draws.ts';
import {
  factorFeatures,
  genreFeatures,
} from '../../../src/analytics/policies/bandits/title-features.ts';
import { recommenderScorer } from '../../../src/analytics/policies/row-scorer.ts';
import { createGreedyPolicy } from '../../../src/analytics/policies/scored-policies.ts';
import { momentsOf } from '../../../src/stats/moments.ts';
import { analyticsWorld, numbersTo } from '../analytics-world.ts';
import { requestOf } from './row-requests.ts';

const { catalogue, chance } = analyticsWorld({ titles: 5 });
const ids = catalogue.titles.map(({ id }) => id);

describe('a recommender as scorer', () => {
  it('M16: knows viewers and titles by their ids, and puts titles it does not know last', () => {
    const titles = [ids[4] ?? '', 'unknown', ids[1] ?? '', ids[0] ?? ''];
    const recommender = {
      name: 'by-user',
      score: (user: number, into: Float64Array) => into.set([user, 100, 2, -5]),
    };
    const scorer = recommenderScorer({ recommender, users: ['v3', 'v7'], titles, catalogue });
    const into = new Float64Array(5);
    scorer.score({ viewer: 7, nowUs: 0 }, into);
    expect(Array.from(into)).toEqual([
      -5,
      2,
      Number.NEGATIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      1,
    ]);
    scorer.score({ viewer: 8, nowUs: 0 }, into);
    expect(into[4]).toBe(-1);
    const policy = createGreedyPolicy({ id: 'by-user', scorer, titleCount: 5 });
    const { titles: row } = policy.choose(requestOf({ viewer: 7, slots: 5 }));
    expect(row).toEqual([1, 4, 0, 2, 3]);
  });
});

describe('features of titles', () => {
  it('M16: are 1 and the genres', () => {
    const { length, values } = genreFeatures(catalogue);
    catalogue.titles.forEach(({ genres }, title) => {
      const own = values.subarray(title * length, (title + 1) * length);
      expect(own[0]).toBe(1);
      expect(own.reduce((sum, value) => sum + value, 0)).toBe(1 + genres.length);
    });
  });

  it('M16: are 1 and the factors at one scale; 0 of unknown titles, and where all are 0', () => {
    const titles = [ids[2] ?? '', ids[0] ?? ''];
    const { length, values } = factorFeatures(catalogue, {
      titles,
      titleFactors: Float64Array.of(3, 4, 0, 5),
    });
    const scale = Math.sqrt(4 / 50);
    expect(length).toBe(3);
    expect(Array.from(values.subarray(0, 3))).toEqual([1, 0, 5 * scale]);
    expect(Array.from(values.subarray(3, 6))).toEqual([1, 0, 0]);
    expect(Array.from(values.subarray(6, 9))).toEqual([1, 3 * scale, 4 * scale]);
    const flat = factorFeatures(catalogue, { titles, titleFactors: new Float64Array(4) });
    expect(flat.values.reduce((sum, value) => sum + value, 0)).toBe(5);
    expect(
      factorFeatures(catalogue, { titles: [], titleFactors: new Float64Array(0) }).length,
    ).toBe(1);
  });
});

describe('beta numbers', () => {
  it.each([
    [0.5, 4.5],
    [1, 30],
    [40, 3],
    [1e-4, 1e-4],
  ])('M17: of Beta(%d, %d) have its mean and variance', (a, b) => {
    const draws = chance.draws(`test.beta.${a}.${b}`);
    const n = 4000;
    const values = numbersTo(n).map((i) => betaDraw({ a, b }, (k) => draws.uniform(i, k)));
    const mean = a / (a + b);
    const variance = (mean * (1 - mean)) / (a + b + 1);
    expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
    const found = momentsOf(values);
    expect(Math.abs(found.mean - mean)).toBeLessThan(4 * Math.sqrt(variance / n));
    expect(found.variance / variance).toBeGreaterThan(0.85);
    expect(found.variance / variance).toBeLessThan(1.15);
  });
});
