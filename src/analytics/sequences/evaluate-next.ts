/** Judges next-title models: at each play after the cut, where was the title in the model's list,
 * given what the user had played before it? Models are trained before the cut; the session so far
 * may reach over it. Spec: M48. */
import { EngineError } from '../../kernel/errors.ts';
import { rankTitles } from '../recommenders/top-titles.ts';
import type { Interactions } from '../training/interactions.ts';
import type { NextTitleModel } from './next-title-model.ts';

/** How a model did; a value a user, the mean over their plays, in the order of their ids. */
export interface NextEvaluation {
  readonly name: string;
  /** Share of plays whose title was among the first k. */
  readonly recall: Float64Array;
  /** Mean of 1 ÷ rank among the first k, 0 beyond. */
  readonly mrr: Float64Array;
}

/** How all did. */
export interface NextEvaluations {
  readonly k: number;
  /** Plays that were to be foretold. */
  readonly plays: number;
  /** Plays after the cut without one before: there is no session to tell from. */
  readonly withoutSession: number;
  /** Plays of a title that the user had played before: lists do not have it. */
  readonly seenAgain: number;
  readonly users: number;
  readonly models: readonly NextEvaluation[];
}

/** Judges. A model sees at most the last `sessionLength` titles of the user.
 * @param all - Plays before and after the cut. Cost O(plays after the cut · titles) a model.
 * @throws EngineError `ANALYTICS_NO_DATA` where no play after the cut has one before it. */
export function evaluateNext(options: {
  readonly all: Interactions;
  readonly cutUs: number;
  readonly models: readonly NextTitleModel[];
  readonly k: number;
  readonly sessionLength: number;
}): NextEvaluations {
  const { all, models, k } = options;
  const { tasks, withoutSession, seenAgain } = tasksOf(options);
  if (tasks.length === 0) {
    throw new EngineError(
      'ANALYTICS_NO_DATA',
      'no play after the cut has one of the same user before it; choose another cut, or give a ' +
        'warehouse of a longer time',
      { missing: 'plays that follow a play' },
    );
  }
  const users = [...new Set(tasks.map(({ user }) => user))].sort((a, b) => a - b);
  return {
    k,
    plays: tasks.length,
    withoutSession,
    seenAgain,
    users: users.length,
    models: models.map((model) => judgeNext(model, { tasks, users, k, titles: all.titles.length })),
  };
}

/** A play to be foretold. */
interface Task {
  readonly user: number;
  readonly title: number;
  /** The user's titles before it, oldest first. */
  readonly before: Int32Array;
  /** All of them. */
  readonly played: Int32Array;
}

function tasksOf(options: {
  readonly all: Interactions;
  readonly cutUs: number;
  readonly sessionLength: number;
}) {
  const { all, cutUs, sessionLength } = options;
  const histories = all.users.map((): number[] => []);
  const tasks: Task[] = [];
  let withoutSession = 0;
  let seenAgain = 0;
  all.title.forEach((title, row) => {
    const user = all.user[row] as number;
    const history = histories[user] as number[];
    if ((all.timeUs[row] as number) >= cutUs) {
      if (history.length === 0) withoutSession += 1;
      else if (history.includes(title)) seenAgain += 1;
      else {
        const played = Int32Array.from(history);
        tasks.push({ user, title, before: played.subarray(-sessionLength), played });
      }
    }
    history.push(title);
  });
  return { tasks, withoutSession, seenAgain };
}

function judgeNext(
  model: NextTitleModel,
  options: {
    readonly tasks: readonly Task[];
    readonly users: readonly number[];
    readonly k: number;
    readonly titles: number;
  },
): NextEvaluation {
  const { tasks, users, k, titles } = options;
  const place = new Map(users.map((user, n) => [user, n]));
  const recall = new Float64Array(users.length);
  const mrr = new Float64Array(users.length);
  const plays = new Float64Array(users.length);
  const scores = new Float64Array(titles);
  const isOut = new Uint8Array(titles);
  const list = new Int32Array(k);
  for (const { user, title, before, played } of tasks) {
    model.scoreNext(before, scores);
    for (const one of played) isOut[one] = 1;
    const found = rankTitles(scores, { into: list, isExcluded: (one) => isOut[one] === 1 });
    for (const one of played) isOut[one] = 0;
    const rank = list.subarray(0, found).indexOf(title);
    const n = place.get(user) as number;
    plays[n] = (plays[n] as number) + 1;
    if (rank < 0) continue;
    recall[n] = (recall[n] as number) + 1;
    mrr[n] = (mrr[n] as number) + 1 / (rank + 1);
  }
  return {
    name: model.name,
    recall: recall.map((sum, n) => sum / (plays[n] as number)),
    mrr: mrr.map((sum, n) => sum / (plays[n] as number)),
  };
}
