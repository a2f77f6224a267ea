/** Measures of lists, by hand. Spec: M39–M41. */
import { describe, expect, it } from 'vitest';
import { catalogueSpread } from '../../../src/analytics/evaluation/catalogue-metrics.ts';
import { createListMetrics } from '../../../src/analytics/evaluation/list-metrics.ts';
import {
  RANKING_METRICS,
  type RankingMetric,
  type RankingMetricName,
} from '../../../src/analytics/evaluation/ranking-metrics.ts';
import { playMatrix } from '../../../src/analytics/training/play-matrix.ts';
import { playsByHand } from '../hand-made-plays.ts';

/** Hits at ranks 2, 3 and 6; four titles would have been right. */
const LIST = { hits: Uint8Array.of(0, 1, 1, 0, 0, 1), relevant: 4 };
const BY_HAND: Readonly<Record<RankingMetricName, number>> = {
  ndcg:
    (1 / Math.log2(3) + 1 / Math.log2(4)) /
    (1 + 1 / Math.log2(3) + 1 / Math.log2(4) + 1 / Math.log2(5)),
  recall: 2 / 4,
  precision: 2 / 5,
  rPrecision: 2 / 4,
  map: (1 / 2 + 2 / 3) / 4,
  mrr: 1 / 2,
};

describe('a ranked list', () => {
  for (const [name, value] of Object.entries(BY_HAND)) {
    const metric = RANKING_METRICS[name as RankingMetricName] as RankingMetric;
    it(`M39: has its ${name}`, () => {
      expect(metric.of(LIST, 5)).toBeCloseTo(value, 12);
      expect(metric.of({ hits: new Uint8Array(6), relevant: 4 }, 5)).toBe(0);
      const best = { hits: Uint8Array.of(1, 1, 1, 1, 1), relevant: 5 };
      expect(metric.of(best, 5)).toBeCloseTo(1, 12);
    });
  }

  it('M39: is not blamed for what no list of k could have', () => {
    const two = { hits: Uint8Array.of(1, 1, 0), relevant: 3 };
    expect(RANKING_METRICS.ndcg.of(two, 2)).toBe(1);
    expect(RANKING_METRICS.map.of(two, 2)).toBe(1);
    expect(RANKING_METRICS.rPrecision.of(two)).toBeCloseTo(2 / 3, 12);
    expect(RANKING_METRICS.mrr.of(LIST, 1)).toBe(0);
  });
});

describe('all lists together', () => {
  it('M40: spread over the catalogue', () => {
    const { coverage, entropyBits, gini } = catalogueSpread(Float64Array.of(2, 0, 1, 1));
    expect(coverage).toBe(0.75);
    expect(entropyBits).toBeCloseTo(1.5, 12);
    // Mean absolute difference over twice the mean: (2+1+1 + 2+1+1 + 1+1 + 1+1) ÷ 16 ÷ 2.
    expect(gini).toBeCloseTo(12 / 16 / 2, 12);
  });

  it('M40: have bounds: all alike, one alone, nothing shown', () => {
    expect(catalogueSpread(Float64Array.of(3, 3, 3, 3))).toEqual({
      coverage: 1,
      entropyBits: 2,
      gini: 0,
    });
    expect(catalogueSpread(Float64Array.of(0, 5, 0, 0))).toEqual({
      coverage: 0.25,
      entropyBits: 0,
      gini: 0.75,
    });
    expect(catalogueSpread(new Float64Array(4))).toEqual({ coverage: 0, entropyBits: 0, gini: 0 });
  });
});

describe('what a list is like', () => {
  /** Users of titles: t0 {0, 1}, t1 {0, 1}, t2 {0}, t3 none; three users. */
  const lists = createListMetrics(
    playMatrix(
      playsByHand(
        [
          [0, 0, 0],
          [1, 0, 1],
          [0, 1, 2],
          [1, 1, 3],
          [0, 2, 4],
          [2, 4, 5],
        ],
        5,
      ),
    ),
  );
  const near = 1 / Math.sqrt(2);

  it('M41: various, by the users of its titles', () => {
    expect(lists.diversity(Int32Array.of(0, 1))).toBeCloseTo(0, 6);
    expect(lists.diversity(Int32Array.of(0, 1, 2))).toBeCloseTo((0 + 2 * (1 - near)) / 3, 6);
    expect(lists.diversity(Int32Array.of(0, 3))).toBe(1);
    expect(lists.diversity(Int32Array.of(3))).toBe(0);
  });

  it('M41: novel, by how few had played its titles', () => {
    const bits = Math.log2(4 / 3) + Math.log2(4 / 1);
    expect(lists.novelty(Int32Array.of(0, 3))).toBeCloseTo(bits / 2, 12);
    expect(lists.novelty(new Int32Array())).toBe(0);
  });

  it('M41: surprising, by hits that are far from what was played', () => {
    const found = lists.serendipity(
      Int32Array.of(1, 3, 2),
      Uint8Array.of(1, 0, 1),
      Int32Array.of(0, 4),
    );
    expect(found).toBeCloseTo((1 - 1 / 2 + (1 - near / 2)) / 3, 6);
  });
});
