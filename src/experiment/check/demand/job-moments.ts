/** Mean and variance of what keeps workers busy: of distributions, of sums of them, and of mixtures
 * of jobs, as the pre-flight's formulas need them. Times in µs. */
import {
  type DistributionSpec,
  meanOf,
  quantileOf,
} from '../../../kernel/distributions/distribution.ts';
import { serviceMoments } from '../../../queueing/theory/service-moments.ts';

/** Mean and variance of one independent time; Infinity where a distribution has none. */
export interface Moments {
  readonly meanUs: number;
  readonly varianceUs2: number;
}

/** No time at all. */
export const NO_TIME: Moments = { meanUs: 0, varianceUs2: 0 };

/** Moments of a fixed time or of a distribution, by its closed form. */
export function momentsOfTime(time: number | DistributionSpec): Moments {
  if (typeof time === 'number') return { meanUs: time, varianceUs2: 0 };
  const meanUs = meanOf(time);
  if (!Number.isFinite(meanUs)) {
    return { meanUs: truncatedMean(time), varianceUs2: Number.POSITIVE_INFINITY };
  }
  return { meanUs, varianceUs2: serviceMoments(time).scv * meanUs ** 2 };
}

/** Where a tail without a mean is cut off, so that there is something to reckon with: `L-TAIL` says
 * that there is no mean. */
const CUT_OFF = 0.999;

/** ∫ of the quantile function up to the cut, by the middles of 1,000 strips. */
function truncatedMean(time: DistributionSpec): number {
  const strips = 1_000;
  const quantile = quantileOf(time);
  let sum = 0;
  for (let i = 0; i < strips; i += 1) sum += quantile((CUT_OFF * (i + 0.5)) / strips);
  return (sum * CUT_OFF) / strips;
}

/** Moments of a sum of independent times. */
export function sumOf(...times: readonly Moments[]): Moments {
  let meanUs = 0;
  let varianceUs2 = 0;
  for (const time of times) {
    meanUs += time.meanUs;
    varianceUs2 += time.varianceUs2;
  }
  return { meanUs, varianceUs2 };
}

/** Moments of the sum of `count` independent times of one kind. */
export function timesOf(time: Moments, count: number): Moments {
  return { meanUs: time.meanUs * count, varianceUs2: time.varianceUs2 * count };
}
