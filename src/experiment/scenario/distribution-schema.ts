/** The schema of a distribution: the union of `kernel/distributions/distribution.ts` as a scenario
 * writes it. Its deeper rules (a uniform's low ≤ high) are checked where it is made. */
import { z } from 'zod';

const positive = z.number().positive();
const nonnegative = z.number().nonnegative();

/** A distribution of non-negative numbers; durations in µs. */
export const distributionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('deterministic'), value: nonnegative }),
  z.strictObject({ kind: z.literal('uniform'), low: nonnegative, high: nonnegative }),
  z.strictObject({ kind: z.literal('exponential'), mean: positive }),
  z.strictObject({ kind: z.literal('lognormal'), median: positive, sigma: nonnegative }),
  z.strictObject({ kind: z.literal('gamma'), shape: positive, mean: positive }),
  z.strictObject({ kind: z.literal('weibull'), shape: positive, scale: positive }),
  z.strictObject({ kind: z.literal('pareto'), minimum: positive, shape: positive }),
  z.strictObject({
    kind: z.literal('empirical'),
    points: z
      .array(z.strictObject({ value: nonnegative, cumulative: z.number().min(0).max(1) }))
      .min(2)
      .readonly(),
  }),
]);

/** A network link. */
export const linkSchema = z.strictObject({
  roundTripTime: distributionSchema,
  bandwidthBitsPerSec: positive,
  lossProbability: z.number().min(0).max(1).default(0),
});
