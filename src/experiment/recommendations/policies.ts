/** Policies by the words of a scenario. */
import { createLinUcbPolicy } from '../../analytics/policies/bandits/lin-ucb-policy.ts';
import { createThompsonPolicy } from '../../analytics/policies/bandits/thompson-policy.ts';
import {
  factorFeatures,
  genreFeatures,
  type TitleFeatures,
} from '../../analytics/policies/bandits/title-features.ts';
import { createOraclePolicy } from '../../analytics/policies/oracle-policy.ts';
import { createPopularityPolicy } from '../../analytics/policies/popularity-policy.ts';
import { createRandomPolicy } from '../../analytics/policies/random-policy.ts';
import { type RowScorer, recommenderScorer } from '../../analytics/policies/row-scorer.ts';
import {
  createEpsilonGreedyPolicy,
  createGreedyPolicy,
  createSoftmaxPolicy,
} from '../../analytics/policies/scored-policies.ts';
import { POPULARITY_DEFAULTS } from '../../analytics/recommenders/popularity.ts';
import type { TrainerName } from '../../analytics/recommenders/trainers.ts';
import type { Catalogue } from '../../domain/catalogue.ts';
import type { ViewerId } from '../../domain/ids.ts';
import type { RowPolicy } from '../../domain/recommending/row-policy.ts';
import type { ChoiceConfig } from '../../domain/taste/choice-model.ts';
import type { Tastes } from '../../domain/taste/tastes.ts';
import type { Chance } from '../../kernel/chance.ts';
import { invariant } from '../../kernel/errors.ts';
import { US_PER_HOUR } from '../../kernel/time.ts';
import type { PolicySettings } from '../scenario/recommendations/policy-schema.ts';
import type { LoopConfig } from './loop-config.ts';
import type { ModelShelf } from './model-shelf.ts';

/** What they are made of. */
export interface PoliciesOptions {
  readonly choice: ChoiceConfig;
  readonly catalogue: Catalogue;
  readonly chance: Chance;
  readonly tastes: Tastes;
  /** Who learns by segment does so by this. */
  readonly favouriteGenre: (viewer: ViewerId) => string;
  /** What models are trained from; undefined where nothing happened before. */
  readonly history: ModelShelf | undefined;
}

/** Makes the policy of an arm. Two arms of one kind are two policies: what an arm learns no other
 * knows. */
export function createPolicy(policy: PolicySettings, options: PoliciesOptions): RowPolicy {
  const { catalogue, tastes, choice, chance, favouriteGenre, history } = options;
  const titleCount = catalogue.titles.length;
  const { positionBias } = choice;
  const scored = (id: string, model: TrainerName) => ({
    id,
    titleCount,
    scorer: scorerOf(model, options),
  });
  switch (policy.kind) {
    case 'random':
      return createRandomPolicy(titleCount);
    case 'oracle':
      return createOraclePolicy({ tastes, choice });
    case 'popularity':
      return createPopularityPolicy({
        titleCount,
        halfLifeUs: policy.halfLife,
        ...(history === undefined ? {} : { counts: playsBefore(options) }),
      });
    case 'epsilon-greedy':
      return createEpsilonGreedyPolicy({ ...scored(policy.kind, policy.model), ...policy });
    case 'softmax':
      return createSoftmaxPolicy({ ...scored(policy.kind, policy.model), ...policy });
    case 'lin-ucb':
      return createLinUcbPolicy({ ...policy, positionBias, features: featuresOf(policy, options) });
    case 'thompson':
      return createThompsonPolicy({
        ...{ titleCount, chance, positionBias, posteriorDraws: policy.posteriorDraws },
        ...(policy.segments === 'none' ? {} : { segmentOf: favouriteGenre }),
      });
    default:
      return createGreedyPolicy(scored(policy.kind, policy.kind));
  }
}

/** Who filled the row before the run: what was popular, unless the history says otherwise. */
export function policyBefore(
  filledBy: NonNullable<LoopConfig['history']>['policy'] | undefined,
  titleCount: number,
): RowPolicy {
  if (filledBy === 'random') return createRandomPolicy(titleCount);
  const halfLifeUs = POPULARITY_DEFAULTS.halfLifeHours * US_PER_HOUR;
  return createPopularityPolicy({ titleCount, halfLifeUs });
}

function scorerOf(model: TrainerName, options: PoliciesOptions): RowScorer {
  const history = historyOf(options);
  const { users, titles } = history.interactions;
  const recommender = history.model(model);
  return recommenderScorer({ recommender, users, titles, catalogue: options.catalogue });
}

/** Plays of each title, the older the less they count. */
function playsBefore(options: PoliciesOptions): Float64Array {
  const counts = new Float64Array(options.catalogue.titles.length);
  scorerOf('popularity', options).score({ viewer: -1, nowUs: 0 }, counts);
  return counts.map((count) => (Number.isFinite(count) ? count : 0));
}

function featuresOf(
  { features }: Extract<PolicySettings, { kind: 'lin-ucb' }>,
  options: PoliciesOptions,
): TitleFeatures {
  const { catalogue } = options;
  if (features === 'genres') return genreFeatures(catalogue);
  const { als, interactions } = historyOf(options);
  return factorFeatures(catalogue, {
    titles: interactions.titles,
    titleFactors: als().titleFactors,
  });
}

/** Scenarios without one were refused. */
function historyOf({ history }: PoliciesOptions): ModelShelf {
  invariant(history !== undefined, 'HISTORY_MISSING', {});
  return history;
}
