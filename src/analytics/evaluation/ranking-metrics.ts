/** How good a ranked list is for one user, each by one definition. A list is told by its hits: 1 at
 * the ranks whose title the user went on to play, 0 at the others. Averages are over users.
 * Sources: Järvelin and Kekäläinen 2002 (nDCG), Manning, Raghavan and Schütze 2008 §8.4 (the
 * others); the set is that of microsoft/recommenders. Spec: M39. */

/** A list to be judged. */
export interface RankedHits {
  /** By rank, best first; as long as k, and as `relevant` if that is more. */
  readonly hits: Uint8Array;
  /** Titles that would have been right; at least 1. */
  readonly relevant: number;
}

/** A measure of a list, 0–1; the greater the better. */
export interface RankingMetric {
  /** The definition, in a sentence. */
  readonly words: string;
  of(list: RankedHits, k: number): number;
}

/** The measures. Each costs O(k). */
export const RANKING_METRICS = {
  ndcg: {
    words: 'Σ hit ÷ log₂(rank + 1), over what the best list of k would have',
    of: ndcgAt,
  },
  recall: {
    words: 'hits among the first k, over the titles that would have been right',
    of: ({ hits, relevant }, k) => hitsWithin(hits, k) / relevant,
  },
  precision: {
    words: 'hits among the first k, over k',
    of: ({ hits }, k) => hitsWithin(hits, k) / k,
  },
  rPrecision: {
    words: 'hits among the first R, over R: as many as would have been right',
    of: ({ hits, relevant }) => hitsWithin(hits, relevant) / relevant,
  },
  map: {
    words: 'precision at the rank of each hit among the first k, over the most hits there can be',
    of: averagePrecisionAt,
  },
  mrr: {
    words: '1 ÷ rank of the first hit among the first k; 0 without one',
    of: reciprocalRankAt,
  },
} as const satisfies Readonly<Record<string, RankingMetric>>;

/** Name of one. */
export type RankingMetricName = keyof typeof RANKING_METRICS;

/** Their names, in order. */
export const RANKING_METRIC_NAMES = Object.keys(RANKING_METRICS) as readonly RankingMetricName[];

function hitsWithin(hits: Uint8Array, k: number): number {
  let count = 0;
  const end = Math.min(k, hits.length);
  for (let rank = 0; rank < end; rank += 1) count += hits[rank] as number;
  return count;
}

function ndcgAt({ hits, relevant }: RankedHits, k: number): number {
  let gained = 0;
  let best = 0;
  const end = Math.min(k, Math.max(hits.length, relevant));
  for (let rank = 0; rank < end; rank += 1) {
    const gain = 1 / Math.log2(rank + 2);
    if (hits[rank] === 1) gained += gain;
    if (rank < relevant) best += gain;
  }
  return gained / best;
}

function averagePrecisionAt({ hits, relevant }: RankedHits, k: number): number {
  let found = 0;
  let sum = 0;
  for (let rank = 0; rank < Math.min(k, hits.length); rank += 1) {
    if (hits[rank] !== 1) continue;
    found += 1;
    sum += found / (rank + 1);
  }
  return sum / Math.min(k, relevant);
}

function reciprocalRankAt({ hits }: RankedHits, k: number): number {
  const rank = hits.indexOf(1);
  return rank < 0 || rank >= k ? 0 : 1 / (rank + 1);
}
