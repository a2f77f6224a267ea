/** Who fills a row, as a scenario says it. What is left out is the policy's own default. */
import { z } from 'zod';
import { LIN_UCB_DEFAULTS } from '../../../analytics/policies/bandits/lin-ucb-policy.ts';
import { THOMPSON_DEFAULTS } from '../../../analytics/policies/bandits/thompson-policy.ts';
import { hours } from '../../../kernel/time.ts';

/** Models that are trained from the history. */
const MODELS = ['als', 'bpr', 'co-visitation'] as const;

const probability = z.number().min(0).max(1);
const positive = z.number().positive();

/** A policy. */
export const policySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('random') }),
  /** Knows the tastes: the ceiling. */
  z.strictObject({ kind: z.literal('oracle') }),
  /** What was watched lately; goes on from the history's plays, and counts the run's. */
  z.strictObject({
    kind: z.literal('popularity'),
    halfLife: z
      .int()
      .positive()
      .default(hours(14 * 24)),
  }),
  /** A trained model's best first. */
  z.strictObject({ kind: z.enum(MODELS) }),
  /** The same, but slot by slot any other title with probability `epsilon`. */
  z.strictObject({
    kind: z.literal('epsilon-greedy'),
    model: z.enum(MODELS).default('als'),
    epsilon: probability.default(0.1),
  }),
  /** Slot by slot by chance, the higher the model's score the likelier. */
  z.strictObject({
    kind: z.literal('softmax'),
    model: z.enum(MODELS).default('als'),
    temperature: positive.default(0.1),
  }),
  /** Learns while it serves: estimates and how sure they are, of viewers and titles. */
  z.strictObject({
    kind: z.literal('lin-ucb'),
    /** Of titles: their genres, or factors that ALS found in the history. */
    features: z.enum(['genres', 'als']).default('genres'),
    alpha: z.number().nonnegative().default(LIN_UCB_DEFAULTS.alpha),
    viewerRidge: positive.default(LIN_UCB_DEFAULTS.viewerRidge),
    titleRidge: positive.default(LIN_UCB_DEFAULTS.titleRidge),
  }),
  /** Learns while it serves: titles as often as they are likely to be best. */
  z.strictObject({
    kind: z.literal('thompson'),
    /** Who learns together: viewers of one favourite genre, or all. */
    segments: z.enum(['favourite-genre', 'none']).default('favourite-genre'),
    posteriorDraws: z.int().min(1).max(10_000).default(THOMPSON_DEFAULTS.posteriorDraws),
  }),
]);

/** A policy with its settings. */
export type PolicySettings = z.output<typeof policySchema>;

/** Every kind by its name, floors first and the ceiling last. */
export const POLICY_KINDS = [
  'random',
  'popularity',
  ...MODELS,
  'epsilon-greedy',
  'softmax',
  'lin-ucb',
  'thompson',
  'oracle',
] as const satisfies readonly PolicySettings['kind'][];

/** Whether a policy cannot do without a history. */
export function needsHistory(policy: PolicySettings): boolean {
  if (policy.kind === 'lin-ucb') return policy.features === 'als';
  return 'model' in policy || (MODELS as readonly string[]).includes(policy.kind);
}
