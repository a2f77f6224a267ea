/** The schema of what `plan` may change, and of what it must hold out. */
import { z } from 'zod';

const count = z.int().positive();

/** What may be planned. */
export const planningSchema = z.strictObject({
  /** Whole numbers of the scenario, by dotted path, and their range:
   * `{ 'services.talent.replicas': { min: 1, max: 40 } }`. Without any, the replicas of every
   * server. */
  vary: z
    .record(
      z.string(),
      z.strictObject({ min: count.default(1), max: count.default(64), step: count.default(1) }),
    )
    .default({}),
  /** Whether objectives must hold with any one zone lost. */
  survive: z.enum(['nothing', 'zone']).default('nothing'),
  /** Traffic that it may come to, as factors of the scenario's, and how likely each is. */
  demand: z
    .array(z.strictObject({ factor: z.number().positive(), probability: z.number().positive() }))
    .default([{ factor: 1, probability: 1 }]),
  /** How sure objectives are to hold, one-sided. */
  confidence: z.number().min(0.5).max(0.9999).default(0.95),
  /** Replications that a fleet is judged by at most, and confirmed by on top of them. */
  replications: z.int().min(2).default(12),
  /** How critical the services are, by Netflix's tiers 0 (most) … 3: the quality of service that
   * square-root staffing starts from. */
  tier: z.int().min(0).max(3).default(1),
});

/** What may be planned, with every default filled in. */
export type Planning = z.output<typeof planningSchema>;
