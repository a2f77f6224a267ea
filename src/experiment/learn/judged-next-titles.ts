/** Models of the next title side by side; the floor is what is played at all. */
import { evaluateNext } from '../../analytics/sequences/evaluate-next.ts';
import { MARKOV_DEFAULTS, trainMarkov } from '../../analytics/sequences/markov.ts';
import type { NextTitleModel } from '../../analytics/sequences/next-title-model.ts';
import {
  SESSION_NEIGHBOUR_DEFAULTS,
  trainSessionNeighbours,
} from '../../analytics/sequences/session-neighbours.ts';
import { trainUnigram } from '../../analytics/sequences/unigram.ts';
import { fingerprintOf } from '../../analytics/training/fingerprint.ts';
import type { Interactions } from '../../analytics/training/interactions.ts';
import { meanInterval } from '../../stats/mean-interval.ts';
import { pairedDifference } from '../../stats/paired-difference.ts';
import type { LearnedNextModel, NextTitles, UserMean } from './learn-document.ts';

const TRAINED: readonly {
  readonly settings: LearnedNextModel['settings'];
  readonly train: (interactions: Interactions) => NextTitleModel;
}[] = [
  { settings: {}, train: trainUnigram },
  {
    settings: MARKOV_DEFAULTS,
    train: (interactions) => trainMarkov(interactions, MARKOV_DEFAULTS),
  },
  {
    settings: SESSION_NEIGHBOUR_DEFAULTS,
    train: (interactions) => trainSessionNeighbours(interactions, SESSION_NEIGHBOUR_DEFAULTS),
  },
];

/** Trains them before the cut and judges them after it.
 * @throws EngineError `ANALYTICS_NO_DATA` where no play follows another. */
export function judgeNextTitles(options: {
  readonly all: Interactions;
  readonly cutUs: number;
  readonly train: Interactions;
  readonly k: number;
}): NextTitles {
  const { all, cutUs, train, k } = options;
  const models = TRAINED.map((one) => ({ settings: one.settings, model: one.train(train) }));
  const { sessionLength } = SESSION_NEIGHBOUR_DEFAULTS;
  const judged = evaluateNext({
    all,
    cutUs,
    models: models.map(({ model }) => model),
    k,
    sessionLength,
  });
  const [floor] = judged.models;
  return {
    k,
    plays: judged.plays,
    users: judged.users,
    withoutSession: judged.withoutSession,
    seenAgain: judged.seenAgain,
    models: models.map(({ settings, model }, n): LearnedNextModel => {
      const found = judged.models[n] ?? { recall: new Float64Array(), mrr: new Float64Array() };
      const over = (metric: 'recall' | 'mrr') =>
        n === 0 || floor === undefined ? null : difference(found[metric], floor[metric]);
      return {
        name: model.name,
        settings,
        fingerprint: fingerprintOf(model.weights),
        recall: mean(found.recall),
        mrr: mean(found.mrr),
        recallOverUnigram: over('recall'),
        mrrOverUnigram: over('mrr'),
      };
    }),
  };
}

function mean(values: Float64Array): UserMean {
  const { mean: value, low, high } = meanInterval(Array.from(values));
  return { value, low, high };
}

function difference(a: Float64Array, b: Float64Array): UserMean {
  const { mean: value, low, high } = pairedDifference(Array.from(a), Array.from(b));
  return { value, low, high };
}
