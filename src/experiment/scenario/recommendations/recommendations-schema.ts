/** The schema of the closed loop: who fills the row of the home page, what viewers like, how they
 * choose, and what models learn from. Defaults are those of `src/domain/taste`. */
import { z } from 'zod';
import { DEFAULT_CHOICE } from '../../../domain/taste/choice-model.ts';
import { DEFAULT_SATISFACTION } from '../../../domain/taste/satisfaction.ts';
import { DEFAULT_TASTES } from '../../../domain/taste/tastes.ts';
import { hours } from '../../../kernel/time.ts';
import { policySchema } from './policy-schema.ts';

const probability = z.number().min(0).max(1);
const weight = z.number().nonnegative();
const name = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'kebab-case: a-z, 0-9 and hyphens');

const tastes = z.strictObject({
  factors: z.int().min(1).max(256).default(DEFAULT_TASTES.factors),
  genreShare: probability.default(DEFAULT_TASTES.genreShare),
  popularityWeight: weight.default(DEFAULT_TASTES.popularityWeight),
  tasteWeight: weight.default(DEFAULT_TASTES.tasteWeight),
  clickbaitWeight: weight.default(DEFAULT_TASTES.clickbaitWeight),
});

const choice = z.strictObject({
  kind: z.enum(['multinomial-logit', 'cascade']).default(DEFAULT_CHOICE.kind),
  /** What "nothing of it" is worth, in logits. */
  nothing: z.number().min(-50).max(50).default(DEFAULT_CHOICE.nothing),
  positionBias: z.number().min(0).max(10).default(DEFAULT_CHOICE.positionBias),
});

/** A factor between 0 and 1 that satisfaction bears on. */
const factor = z.number().positive().max(1);

const satisfaction = z.strictObject({
  memory: probability.default(DEFAULT_SATISFACTION.memory),
  sensitivity: weight.default(DEFAULT_SATISFACTION.sensitivity),
  expectation: probability.default(DEFAULT_SATISFACTION.expectation),
  /** Mean time to the next visit of a viewer of satisfaction ½. */
  returnTime: z.int().positive().default(DEFAULT_SATISFACTION.returnTimeUs),
  returnFactor: factor.default(DEFAULT_SATISFACTION.returnFactor),
  churnProbability: z.number().min(0).max(0.999).default(DEFAULT_SATISFACTION.churnProbability),
  churnFactor: factor.default(DEFAULT_SATISFACTION.churnFactor),
});

const arm = z.strictObject({
  name,
  /** Share of viewers, relative to the others'. */
  share: z.number().positive().default(1),
  policy: policySchema,
});

/** The closed loop. */
export const recommendationsSchema = z.strictObject({
  /** What the experiment is called in the warehouse (`dim_experiment`). Arms are drawn by it. */
  experiment: name.default('recommendations'),
  /** Titles in the row. */
  slots: z.int().min(1).max(50).default(10),
  /** One: everybody has it. Several: an A/B test. */
  arms: z.array(arm).min(1).max(8),
  tastes: tastes.prefault({}),
  choice: choice.prefault({}),
  satisfaction: satisfaction.prefault({}),
  /** Probability that somebody who takes nothing of the row looks elsewhere, instead of leaving. */
  browseShare: probability.default(0.3),
  /** Titles that looking elsewhere turns up, by popularity; one is taken by taste. */
  browsedTitles: z.int().min(1).max(32).default(8),
  /** What happened before the run, and was stored: the same viewers, without requests. Models are
   * trained from it, once. */
  history: z
    .strictObject({
      days: z.int().min(1).max(365),
      /** Who filled the row then. */
      policy: z.enum(['random', 'popularity']).default('popularity'),
    })
    .optional(),
  /** Policies that learn read the run's own warehouse so often. */
  learnEvery: z.int().positive().default(hours(6)),
  /** How long after a row a play may still be put down to it; rows are learned from after it. */
  attribution: z.int().nonnegative().default(hours(4)),
});
