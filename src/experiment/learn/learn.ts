/** `learn`: from a warehouse to a document. Reads what was played, cuts it in two by time, trains
 * on the past, judges on the future. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { METRIC_WORDS } from '../../analytics/evaluation/evaluate.ts';
import { leakageTest } from '../../analytics/evaluation/leakage.ts';
import {
  cutAtShare,
  type JudgedUsers,
  type TemporalSplit,
  temporalSplit,
} from '../../analytics/evaluation/temporal-split.ts';
import type { Recommender, TrainedRecommender } from '../../analytics/recommenders/recommender.ts';
import { TRAINERS, trainerNamed } from '../../analytics/recommenders/trainers.ts';
import type { Interactions } from '../../analytics/training/interactions.ts';
import { readInteractions } from '../../analytics/training/read-interactions.ts';
import { EngineError } from '../../kernel/errors.ts';
import type { Warehouse } from '../../storage/warehouse.ts';
import { PACKAGE_VERSION } from '../version.ts';
import { compareModels } from './judged-models.ts';
import { judgeNextTitles } from './judged-next-titles.ts';
import type { LearnDocument } from './learn-document.ts';
import { learnLoad } from './load.ts';
import { learnOutcomes } from './outcomes.ts';

/** What is asked for. */
export interface LearnOptions {
  readonly warehouse: Warehouse;
  /** Where it lies: its base name is told. */
  readonly path: string;
  /** A share of the plays, 0–1, or a time, µs since the epoch. */
  readonly cut: { readonly share: number } | { readonly atUs: number };
  readonly k: number;
  readonly seed: number;
  /** Names of recommenders; all unless given. */
  readonly models?: readonly string[] | undefined;
  /** Whether another future is tried, which takes twice as long. */
  readonly testLeakage?: boolean;
  /** Scores by true tastes, where they are known; is told the users as training numbers them. */
  readonly oracle?: (train: Interactions) => Recommender;
  readonly replayCommand: string;
  /** Is told what is being done. */
  readonly onStep?: (step: string) => void;
}

/** Trains and judges.
 * @throws EngineError `ANALYTICS_NO_DATA` where there is nothing to learn from or to judge by,
 * `ANALYTICS_BAD_ARGUMENT` for a model that there is not. */
export function learn(options: LearnOptions): LearnDocument {
  const { warehouse, path, k, seed, onStep = () => {} } = options;
  const names = options.models ?? Object.keys(TRAINERS);
  const trainers = names.map((name) => ({ name, ...trainerNamed(name) }));
  onStep('reading plays');
  const all = readInteractions(warehouse);
  const cutUs = 'atUs' in options.cut ? options.cut.atUs : cutAtShare(all, options.cut.share);
  const split = temporalSplit(all, cutUs);
  const trained = trainers.map((trainer) => {
    onStep(`training ${trainer.name}`);
    return { ...trainer, model: trainer.train(split.train, seed) };
  });
  onStep('judging');
  const { users, models } = compareModels({
    split,
    k,
    trained,
    oracle: options.oracle?.(split.train),
  });
  onStep('what is played next');
  const next = nextOf({ all, cutUs, train: split.train, k });
  onStep('completion, takes and churn');
  const outcomes = learnOutcomes(warehouse, { cutUs });
  onStep('the load');
  const load = learnLoad(warehouse);
  const found = { models, ...next, outcomes, ...load };
  return {
    schema: 'backlot.learn/1',
    backlot: PACKAGE_VERSION,
    warehouse: basename(path),
    seed,
    k,
    cut: { atUs: cutUs, atUtc: utc(cutUs), share: shareBefore(all, cutUs) },
    plays: playsOf(all, split),
    titles: all.titles.length,
    users: usersOf(all, users),
    definitions: METRIC_WORDS,
    ...found,
    ...(options.testLeakage === true ? { leakage: leaksOf(all, cutUs, options) } : {}),
    digest: createHash('sha256').update(JSON.stringify(found)).digest('hex'),
    replayCommand: options.replayCommand,
  };
}

function nextOf(options: Parameters<typeof judgeNextTitles>[0]) {
  try {
    return { next: judgeNextTitles(options), nextMissing: null };
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'ANALYTICS_NO_DATA') throw error;
    return { next: null, nextMissing: error.message };
  }
}

function leaksOf(all: Interactions, cutUs: number, { seed, models, onStep }: LearnOptions) {
  onStep?.('another future');
  const names = models ?? Object.keys(TRAINERS);
  const learnBefore = (plays: Interactions): readonly TrainedRecommender[] => {
    const { train } = temporalSplit(plays, cutUs);
    return names.map((name) => trainerNamed(name).train(train, seed));
  };
  return leakageTest(all, { cutUs, seed, learn: learnBefore });
}

function playsOf(all: Interactions, { train, future, straddling }: TemporalSplit) {
  return {
    all: all.timeUs.length,
    before: train.timeUs.length,
    after: future.timeUs.length,
    straddling,
    firstUtc: utc(all.timeUs[0] ?? 0),
    lastUtc: utc(all.timeUs.at(-1) ?? 0),
  };
}

function usersOf(all: Interactions, users: JudgedUsers): LearnDocument['users'] {
  const { judged, withoutHistory, withoutFuture, onlySeenAgain } = users;
  const told = judged.length + withoutHistory + withoutFuture + onlySeenAgain;
  return {
    all: all.users.length,
    judged: judged.length,
    withoutHistory,
    withoutFuture,
    onlySeenAgain,
    straddlingOnly: all.users.length - told,
  };
}

function shareBefore({ timeUs }: Interactions, cutUs: number): number {
  return timeUs.filter((time) => time < cutUs).length / timeUs.length;
}

function utc(timeUs: number): string {
  return new Date(timeUs / 1_000).toISOString();
}
