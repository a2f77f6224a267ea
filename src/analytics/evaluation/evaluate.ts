/** Judges models on a temporal split: every model ranks all titles that a user has not played, and
 * is measured by what the user went on to play. All values are kept by user, so that models are
 * compared user by user. Spec: M42–M43. */
import { EngineError } from '../../kernel/errors.ts';
import type { Recommender } from '../recommenders/recommender.ts';
import { rankTitles } from '../recommenders/top-titles.ts';
import { playMatrix } from '../training/play-matrix.ts';
import { type CatalogueSpread, catalogueSpread } from './catalogue-metrics.ts';
import { createListMetrics, LIST_METRIC_WORDS, type ListMetrics } from './list-metrics.ts';
import {
  RANKING_METRIC_NAMES,
  RANKING_METRICS,
  type RankedHits,
  type RankingMetricName,
} from './ranking-metrics.ts';
import {
  type JudgedUser,
  type JudgedUsers,
  judgedUsers,
  type TemporalSplit,
} from './temporal-split.ts';

/** A measure that has a value for each user. */
export type UserMetricName = RankingMetricName | 'diversity' | 'novelty' | 'serendipity';

/** All of them, in order. */
export const USER_METRIC_NAMES: readonly UserMetricName[] = [
  ...RANKING_METRIC_NAMES,
  'diversity',
  'novelty',
  'serendipity',
];

/** The measures in words, by name. */
export const METRIC_WORDS: Readonly<Record<UserMetricName, string>> = {
  ...(Object.fromEntries(
    RANKING_METRIC_NAMES.map((name) => [name, RANKING_METRICS[name].words]),
  ) as Record<RankingMetricName, string>),
  ...LIST_METRIC_WORDS,
};

/** How a model did. */
export interface ModelEvaluation {
  readonly name: string;
  /** At k; a value a judged user, in their order. */
  readonly values: Readonly<Record<UserMetricName, Float64Array>>;
  readonly spread: CatalogueSpread;
  /** Means over users at each k from 1 on. */
  readonly curve: { readonly ndcg: Float64Array; readonly recall: Float64Array };
}

/** How all did. */
export interface Evaluation {
  readonly k: number;
  readonly users: JudgedUsers;
  /** In the order given; the oracle last. */
  readonly models: readonly ModelEvaluation[];
}

/** What is judged, and how. */
export interface EvaluateOptions {
  readonly split: TemporalSplit;
  /** Trained on `split.train`. */
  readonly models: readonly Recommender[];
  /** Length of lists, at least 1. */
  readonly k: number;
  /** Lists up to this length are measured for the curve; k unless it is more. */
  readonly curveTo?: number;
  /** Who knows the tastes: nothing that learns can do better but by luck. Numbers of users are
   * those of `split.train`. */
  readonly oracle?: Recommender | undefined;
}

/** Judges. Cost O(users · titles) scores a model.
 * @throws EngineError `ANALYTICS_NO_DATA` where nobody can be judged. */
export function evaluate(options: EvaluateOptions): Evaluation {
  const { split, models, k, oracle } = options;
  const users = judgedUsers(split);
  if (users.judged.length === 0) {
    const { withoutHistory, onlySeenAgain } = users;
    throw new EngineError(
      'ANALYTICS_NO_DATA',
      `nobody who played before the cut played something new after it (${withoutHistory} only ` +
        `played after it, ${onlySeenAgain} only what they had played before); choose another ` +
        'cut, or give a warehouse of a longer time',
      { missing: 'users with plays before and after the cut' },
    );
  }
  const bench = createBench({ split, users, k, curveTo: Math.max(k, options.curveTo ?? k) });
  const judged = oracle === undefined ? models : [...models, oracle];
  return { k, users, models: judged.map((model) => judge(model, bench)) };
}

interface Bench {
  readonly users: JudgedUsers;
  readonly k: number;
  readonly curveTo: number;
  readonly titleCount: number;
  /** Titles that a user has played, ascending. */
  historyOf(user: JudgedUser): Int32Array;
  readonly lists: ListMetrics;
}

function createBench(options: {
  readonly split: TemporalSplit;
  readonly users: JudgedUsers;
  readonly k: number;
  readonly curveTo: number;
}): Bench {
  const { split, users, k, curveTo } = options;
  const history = playMatrix(split.train);
  return {
    users,
    k,
    curveTo,
    titleCount: split.train.titles.length,
    historyOf: ({ user }) => history.column.subarray(history.start[user], history.start[user + 1]),
    lists: createListMetrics(history),
  };
}

function judge(model: Recommender, bench: Bench): ModelEvaluation {
  const { users, k, titleCount, curveTo } = bench;
  const count = users.judged.length;
  const values = Object.fromEntries(
    USER_METRIC_NAMES.map((name) => [name, new Float64Array(count)]),
  ) as Record<UserMetricName, Float64Array>;
  const curve = { ndcg: new Float64Array(curveTo), recall: new Float64Array(curveTo) };
  const shown = new Float64Array(titleCount);
  const rank = createRanking(model, bench);
  users.judged.forEach((user, n) => {
    const { list, hits, history } = rank(user);
    const ranked: RankedHits = { hits, relevant: user.relevant.length };
    for (const name of RANKING_METRIC_NAMES) values[name][n] = RANKING_METRICS[name].of(ranked, k);
    const first = list.subarray(0, k);
    values.diversity[n] = bench.lists.diversity(first);
    values.novelty[n] = bench.lists.novelty(first);
    values.serendipity[n] = bench.lists.serendipity(first, hits, history);
    for (const title of first) shown[title] = (shown[title] as number) + 1;
    for (let at = 0; at < curveTo; at += 1) {
      curve.ndcg[at] = (curve.ndcg[at] as number) + RANKING_METRICS.ndcg.of(ranked, at + 1) / count;
      curve.recall[at] =
        (curve.recall[at] as number) + RANKING_METRICS.recall.of(ranked, at + 1) / count;
    }
  });
  return { name: model.name, values, spread: catalogueSpread(shown), curve };
}

interface RankedList {
  /** Best first; shorter than asked for where no more titles are left. */
  readonly list: Int32Array;
  readonly hits: Uint8Array;
  readonly history: Int32Array;
}

/** Lists long enough for every measure. What they are made of is used again for the next user. */
function createRanking(
  model: Recommender,
  { titleCount, curveTo, historyOf }: Bench,
): (user: JudgedUser) => RankedList {
  const scores = new Float64Array(titleCount);
  const isOut = new Uint8Array(titleCount);
  const isRelevant = new Uint8Array(titleCount);
  return (user) => {
    const history = historyOf(user);
    model.score(user.user, scores);
    for (const title of history) isOut[title] = 1;
    for (const title of user.relevant) isRelevant[title] = 1;
    const into = new Int32Array(Math.max(curveTo, user.relevant.length));
    const found = rankTitles(scores, { into, isExcluded: (title) => isOut[title] === 1 });
    const list = into.subarray(0, found);
    const hits = new Uint8Array(into.length);
    list.forEach((title, at) => {
      hits[at] = isRelevant[title] as number;
    });
    for (const title of history) isOut[title] = 0;
    for (const title of user.relevant) isRelevant[title] = 0;
    return { list, hits, history };
  };
}
