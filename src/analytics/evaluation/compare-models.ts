/** What an evaluation says of models: means over users with their intervals, and paired differences
 * to a reference, user by user, since all models were judged on the same users. Spec: M44. */
import { type Estimate, meanInterval } from '../../stats/mean-interval.ts';
import { pairedDifference } from '../../stats/paired-difference.ts';
import type { ModelEvaluation, UserMetricName } from './evaluate.ts';

/** The mean of a measure over users with its 95 % interval; no bounds for one user. */
export function estimateOf(model: ModelEvaluation, metric: UserMetricName): Estimate {
  const { mean, low, high } = meanInterval(Array.from(model.values[metric]));
  return { value: mean, low, high };
}

/** Model − reference by user: the mean with its 95 % interval. */
export function differenceOf(
  model: ModelEvaluation,
  reference: ModelEvaluation,
  metric: UserMetricName,
): Estimate {
  const a = Array.from(model.values[metric]);
  const { mean, low, high } = pairedDifference(a, Array.from(reference.values[metric]));
  return { value: mean, low, high };
}
