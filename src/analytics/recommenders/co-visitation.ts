/** Item–item co-visitation: titles are near each other when the same users played them, and a user
 * is shown what is near to what they played. Sources: Sarwar et al. 2001 (cosine); Robertson and
 * Walker 1994 for the BM25 weights, titles for documents and users for terms. Spec: M33. */
import type { Interactions } from '../training/interactions.ts';
import { type PlayMatrix, playMatrix, transposed } from '../training/play-matrix.ts';
import { playCounts } from './everybody.ts';
import type { TrainedRecommender } from './recommender.ts';
import { atLeastOne, notNegative, requireSettings } from './settings.ts';
import { rankTitles } from './top-titles.ts';

/** How nearness is told. */
export interface CoVisitationSettings {
  readonly weighting: 'cosine' | 'bm25';
  /** Nearest titles that are kept of each title; ties to the lower number. */
  readonly neighbours: number;
  /** BM25: how soon more plays of one user stop to count. */
  readonly k1?: number;
  /** BM25: how much titles that many played count less, 0–1. */
  readonly b?: number;
}

/** The cosine. */
export const COSINE_DEFAULTS = { weighting: 'cosine', neighbours: 100 } as const;
/** BM25 with the usual K₁; B is small, since it takes from what many played: at 0.8 nDCG@10 falls
 * from 0.244 to 0.214 on the built-in world with 5,000 viewers. */
export const BM25_DEFAULTS = { weighting: 'bm25', neighbours: 100, k1: 1.2, b: 0.3 } as const;

/** The neighbours of each title. */
export interface CoVisitation extends TrainedRecommender {
  /** Row-major [title][rank], nearest first; −1 where there are no more. */
  readonly neighbours: Int32Array;
  /** Their nearness; 0 where there are no more. */
  readonly nearness: Float64Array;
}

/** What is left for titles that are near to nothing: their popularity, far below any nearness. */
const BACK_OFF = 1e-9;

/** Counts pairs title by title (Gustavson 1978).
 * Cost O(Σ over users of titles²) time, O(titles · neighbours) memory. */
export function trainCoVisitation(
  interactions: Interactions,
  settings: CoVisitationSettings,
): CoVisitation {
  requireSettings('co-visitation', [
    atLeastOne('neighbours', settings.neighbours),
    notNegative('k1', settings.k1 ?? 0),
    notNegative('b', settings.b ?? 0),
  ]);
  const byUser = playMatrix(interactions);
  const weights = weightsOf(transposed(byUser), settings);
  const { neighbours, nearness } = nearestTitles(weights, settings.neighbours);
  const counts = playCounts(interactions);
  const { neighbours: kept } = settings;
  return {
    name: settings.weighting === 'cosine' ? 'co-visitation' : 'co-visitation-bm25',
    neighbours,
    nearness,
    weights: [neighbours, nearness, counts],
    score: (user, into) => {
      for (let title = 0; title < into.length; title += 1) {
        into[title] = (counts[title] as number) * (user < 0 ? 1 : BACK_OFF);
      }
      if (user < 0) return;
      const end = byUser.start[user + 1] as number;
      for (let at = byUser.start[user] as number; at < end; at += 1) {
        const from = (byUser.column[at] as number) * kept;
        for (let i = from; i < from + kept; i += 1) {
          const near = neighbours[i] as number;
          if (near < 0) break;
          into[near] = (into[near] as number) + (nearness[i] as number);
        }
      }
    },
  };
}

interface Weighted {
  /** Titles × users. */
  readonly byTitle: PlayMatrix;
  readonly byUser: PlayMatrix;
  /** Weight of each pair, in both orders. */
  readonly ofTitle: Float64Array;
  readonly ofUser: Float64Array;
}

/** One number a pair, so that nearness is a sum of products over the users of both titles. */
function weightsOf(byTitle: PlayMatrix, settings: CoVisitationSettings): Weighted {
  const ofTitle = settings.weighting === 'cosine' ? cosine(byTitle) : bm25(byTitle, settings);
  const weighted = { ...byTitle, share: ofTitle };
  const byUser = transposed(weighted);
  return { byTitle, byUser, ofTitle, ofUser: byUser.share };
}

/** 1 ÷ √(users of the title): played is played, however often. */
function cosine({ rowCount, start, column }: PlayMatrix): Float64Array {
  const weights = new Float64Array(column.length);
  for (let row = 0; row < rowCount; row += 1) {
    const [from, end] = [start[row] as number, start[row + 1] as number];
    weights.fill(1 / Math.sqrt(end - from), from, end);
  }
  return weights;
}

/** plays · (K₁ + 1) ÷ (plays + K₁ · (1 − B + B · length ÷ mean length)) · idf of the user, where a
 * title's length is its plays: a user who plays everything says little. */
function bm25(
  { rowCount, columnCount, start, column, plays }: PlayMatrix,
  { k1 = BM25_DEFAULTS.k1, b = BM25_DEFAULTS.b }: CoVisitationSettings,
): Float64Array {
  const titlesOfUser = new Float64Array(columnCount);
  for (const user of column) titlesOfUser[user] = (titlesOfUser[user] as number) + 1;
  const idf = titlesOfUser.map((titles) => Math.log(rowCount) - Math.log1p(titles));
  const lengths = new Float64Array(rowCount);
  let total = 0;
  for (let row = 0; row < rowCount; row += 1) {
    for (let at = start[row] as number; at < (start[row + 1] as number); at += 1) {
      lengths[row] = (lengths[row] as number) + (plays[at] as number);
    }
    total += lengths[row] as number;
  }
  const meanLength = total / Math.max(1, rowCount);
  const weights = new Float64Array(column.length);
  for (let row = 0; row < rowCount; row += 1) {
    const damping = k1 * (1 - b + (b * (lengths[row] as number)) / meanLength);
    for (let at = start[row] as number; at < (start[row + 1] as number); at += 1) {
      const count = plays[at] as number;
      weights[at] =
        ((count * (k1 + 1)) / (count + damping)) * (idf[column[at] as number] as number);
    }
  }
  return weights;
}

function nearestTitles({ byTitle, byUser, ofTitle, ofUser }: Weighted, kept: number) {
  const titleCount = byTitle.rowCount;
  const neighbours = new Int32Array(titleCount * kept).fill(-1);
  const nearness = new Float64Array(titleCount * kept);
  const sums = new Float64Array(titleCount);
  const order = new Int32Array(kept);
  for (let title = 0; title < titleCount; title += 1) {
    sums.fill(0);
    const end = byTitle.start[title + 1] as number;
    for (let at = byTitle.start[title] as number; at < end; at += 1) {
      const user = byTitle.column[at] as number;
      const weight = ofTitle[at] as number;
      const last = byUser.start[user + 1] as number;
      for (let i = byUser.start[user] as number; i < last; i += 1) {
        const other = byUser.column[i] as number;
        sums[other] = (sums[other] as number) + weight * (ofUser[i] as number);
      }
    }
    sums[title] = 0;
    const found = rankTitles(sums, {
      into: order,
      isExcluded: (other) => !((sums[other] as number) > 0),
    });
    for (let rank = 0; rank < found; rank += 1) {
      neighbours[title * kept + rank] = order[rank] as number;
      nearness[title * kept + rank] = sums[order[rank] as number] as number;
    }
  }
  return { neighbours, nearness };
}
