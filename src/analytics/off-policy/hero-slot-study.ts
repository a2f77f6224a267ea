/** Off-policy estimation on the hero slot of a panel, with its canaries: the same log with a model
 * that sees nothing, with wrong propensities, with both, and without support. Spec: M166–M168. */
import type { Catalogue } from '../../domain/catalogue.ts';
import type { Tastes } from '../../domain/taste/tastes.ts';
import type { Chance } from '../../kernel/chance.ts';
import { createPanel } from '../panel/panel.ts';
import { isSeen } from '../panel/viewer-states.ts';
import { createRandomPolicy } from '../policies/random-policy.ts';
import {
  type ActionPolicy,
  type BanditWorld,
  createGreedyPolicy,
  createSoftmaxPolicy,
  trueValue,
} from './bandit-world.ts';
import { createHeroSlotWorld, createWatchHistory, HERO_CHOICE } from './hero-slot-world.ts';
import {
  type OffPolicyStudy,
  type OffPolicyStudyOptions,
  studyOffPolicy,
} from './off-policy-study.ts';
import { type SlateStudy, studySlates } from './slates/slate-study.ts';

/** What the slot is made of. */
export interface HeroSlotOptions {
  readonly tastes: Tastes;
  readonly catalogue: Catalogue;
  readonly chance: Chance;
  /** Their numbers. */
  readonly viewers: ArrayLike<number>;
  /** Days of random rows from which the history is; 14 unless given. */
  readonly historyDays?: number;
}

/** The slot and two policies: one that logs (popular titles, 30 % by chance) and one to be judged
 * (popular titles of the genres that a viewer watches, 5 % by chance). */
export interface HeroSlot {
  readonly world: BanditWorld;
  readonly logger: ActionPolicy;
  readonly target: ActionPolicy;
}

/** One way of estimating, and how it did. */
export interface OffPolicyCase {
  readonly name:
    | 'as it should be'
    | 'blind model'
    | 'wrong propensities'
    | 'both wrong'
    | 'no support';
  readonly text: string;
  readonly study: OffPolicyStudy;
}

/** All cases. */
export interface OffPolicyReport {
  readonly viewers: number;
  readonly titles: number;
  readonly historyDays: number;
  readonly cases: readonly OffPolicyCase[];
  /** Estimators of whole rows, by choice model. */
  readonly slates: readonly SlateStudy[];
}

/** Runs a panel for its history and makes the slot of it. Cost: the panel's. */
export function prepareHeroSlot(options: HeroSlotOptions): HeroSlot {
  const { tastes, catalogue, chance, viewers, historyDays = 14 } = options;
  const { history, note } = createWatchHistory({ catalogue, viewers: viewers.length });
  const places = new Map(Array.from(viewers, (viewer, at) => [viewer, at] as const));
  const panel = createPanel({ tastes, catalogue, chance, viewers });
  const random = createRandomPolicy(tastes.titleCount);
  panel.advance({
    days: historyDays,
    policyOf: () => random,
    listener: { play: ({ viewer, title, share }) => note(places.get(viewer) ?? 0, title, share) },
  });
  const world = createHeroSlotWorld({
    tastes,
    catalogue,
    viewers,
    history,
    choice: HERO_CHOICE,
    isSeen: (at, title) => isSeen(panel.states, at, title),
  });
  return {
    world,
    logger: createSoftmaxPolicy({ id: 'popular', weights: [0, 1], explore: 0.3 }),
    target: createSoftmaxPolicy({ id: 'personal', weights: [0, 1, 12], explore: 0.05 }),
  };
}

const CASES: readonly (Pick<OffPolicyCase, 'name' | 'text'> &
  Pick<OffPolicyStudyOptions, 'modelFeatures' | 'writtenPropensity'> & {
    readonly logger?: ActionPolicy;
  })[] = [
  {
    name: 'as it should be',
    text: 'propensities as drawn, a reward model on popularity and genres',
  },
  { name: 'blind model', text: 'a reward model that sees nothing', modelFeatures: [0] },
  {
    name: 'wrong propensities',
    text: 'propensities written three times too large',
    writtenPropensity: (p) => Math.min(1, 3 * p),
  },
  {
    name: 'both wrong',
    text: 'neither can be trusted: the canary',
    modelFeatures: [0],
    writtenPropensity: (p) => Math.min(1, 3 * p),
  },
  {
    name: 'no support',
    text: 'logged by who always shows the most popular title',
    logger: createGreedyPolicy({ id: 'most popular', weights: [0, 1] }),
  },
];

/** Studies all cases. @param options - `rows`: logged in a run; `runs`: of the first case;
 * `canaryRuns`: of each other. Cost O((runs + 4 · canaryRuns) · rows · titles). */
export function studyHeroSlot(
  options: HeroSlotOptions & {
    readonly rows: number;
    readonly runs: number;
    readonly canaryRuns: number;
  },
): OffPolicyReport {
  const { chance, viewers, tastes, rows, runs, canaryRuns, historyDays = 14 } = options;
  const slot = prepareHeroSlot(options);
  const { world, logger: usual, target } = slot;
  const values = { trueValue: trueValue(world, target), loggerValue: trueValue(world, usual) };
  const cases = CASES.map(({ name, text, ...changed }, i): OffPolicyCase => {
    const known = changed.logger === undefined ? values : { trueValue: values.trueValue };
    const of = { ...slot, chance, rows, ...changed, known };
    const study = studyOffPolicy({ ...of, runs: i === 0 ? runs : canaryRuns });
    return { name, text, study };
  });
  const slates = SLATE_CHOICES.map((kind) => slatesOf(options, { ...slot, kind }));
  return { viewers: viewers.length, titles: tastes.titleCount, historyDays, cases, slates };
}

const SLATE_CHOICES = ['multinomial-logit', 'cascade'] as const;
/** Rows of three out of six titles, of so many viewers: 120 rows a viewer, all gone through. */
const SLATE_SLOTS = 3;
const SLATE_TITLES = 6;
const SLATE_VIEWERS = 200;
/** Rows of a log for which errors are told. */
const SLATE_ROWS = 2_000;

/** Rows of the first titles, by policies like those of the slot: popular, and by genres watched. */
function slatesOf(
  { tastes, viewers }: HeroSlotOptions,
  { world, kind }: HeroSlot & { readonly kind: (typeof SLATE_CHOICES)[number] },
): SlateStudy {
  const { width, actions } = world;
  const features = new Float64Array(actions * width);
  const count = Math.min(SLATE_VIEWERS, viewers.length);
  const places = new Map(Array.from({ length: count }, (_, at) => [viewers[at] ?? 0, at] as const));
  let last = -1;
  const logit = (weights: readonly number[]) => (viewer: number, title: number) => {
    if (viewer !== last) world.featuresOf(places.get(viewer) ?? 0, features);
    last = viewer;
    return weights.reduce((sum, weight, j) => sum + weight * (features[title * width + j] ?? 0), 0);
  };
  return studySlates({
    tastes,
    choice: { ...HERO_CHOICE, kind },
    viewers: [...places.keys()],
    candidates: Array.from({ length: Math.min(SLATE_TITLES, actions) }, (_, title) => title),
    slots: Math.min(SLATE_SLOTS, actions),
    loggerLogit: logit([0, 1]),
    targetLogit: logit([0, 1, 12]),
    rows: SLATE_ROWS,
  });
}
