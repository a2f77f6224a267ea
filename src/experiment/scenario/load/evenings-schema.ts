/** The schema of evenings that are like tonight, and of the autoscaler that learns from them. */
import { z } from 'zod';
import { FORECAST_MODELS } from '../../../analytics/forecast/forecast-model.ts';
import { minutes, seconds } from '../../../kernel/time.ts';

const share = z.number().gt(0).max(1);

/** What came on the evenings before, and how evenings differ. Each begins at the same time of day,
 * a day before the next, and follows the rate of the open load test. */
export const eveningsSchema = z.strictObject({
  /** How many are remembered. */
  before: z.int().min(1).max(60).default(7),
  /** σ of the logarithm of an evening's level; its mean stays. */
  levelSpread: z.number().min(0).max(2).default(0.1),
  /** An evening's load comes up to so much early or late, uniformly. */
  shift: z.int().nonnegative().default(minutes(1)),
  /** Whether tonight differs from the load test's rate as the others do, the same for every variant
   * of a replication, or is what the rate says. */
  tonight: z.enum(['varies', 'as-described']).default('varies'),
});

/** Autoscaling by forecast. */
export const forecastSchema = z.strictObject({
  model: z.enum(FORECAST_MODELS).default('holt-winters'),
  seasonality: z.enum(['additive', 'multiplicative']).default('additive'),
  trend: z.enum(['none', 'linear', 'damped']).default('none'),
  /** Length of a time bucket. */
  bucket: z.int().positive().default(seconds(60)),
  /** What repeats itself: by default `clock.duration`, an evening. */
  season: z.int().positive().optional(),
  /** Replicas are for this quantile of the load: ½ is its mean, more is caution. */
  quantile: z.number().min(0.5).max(0.999).default(0.5),
  targetUtilization: share.default(0.7),
  /** From a look until replicas asked for then serve. By default what the scenario says of it:
   * the mean `startupTime`, the HPA's sync period, the metric's window. */
  lead: z.int().nonnegative().optional(),
  /** Worker time of a page request at this server; measured where it is left out. */
  workPerRequest: z.int().positive().optional(),
  /** Seen ÷ forecast over the last `window` corrects the forecast, within bounds. */
  correction: z
    .strictObject({
      window: z.int().positive().default(minutes(5)),
      least: share.default(0.5),
      most: z.number().min(1).default(2),
    })
    .prefault({}),
});
