/** Control variates: a replication that drew more work than expected is corrected by what that work
 * is known to do. A control is an input's average whose true mean is known, such as the offered
 * load. A disclosed option, off by default. */
import { requireArgument } from '../bad-argument.ts';
import { meanInterval } from '../mean-interval.ts';
import { momentsOf } from '../moments.ts';
import { type Refusal, refusal } from '../refusal.ts';
import { leastSquares } from '../regression/least-squares.ts';
import { intervalFactor } from '../student-t.ts';
import type { ReducedMean } from './antithetic.ts';

/** What is known of the replications besides their outputs. */
export interface ControlVariate {
  readonly name: string;
  /** One a replication. */
  readonly values: readonly number[];
  /** The true mean, known, not estimated. */
  readonly mean: number;
}

/** The corrected mean. Mean and bounds are those of the plain mean where the refusal says why. */
export interface ControlledMean extends ReducedMean {
  /** Output per unit of each control, as estimated. */
  readonly coefficients: readonly { readonly name: string; readonly value: number }[];
  /** n − 1 − controls. */
  readonly df: number;
  readonly refusal: Refusal | null;
}

/** The mean of outputs corrected by q controls: the intercept of the regression of outputs on
 * controls minus their means, with n − q − 1 degrees of freedom. Refused, so that the plain mean
 * stands, where a control is constant or follows from others, and where n < 2q + 3, at which point
 * coefficients cost more than they save.
 *
 * `varianceRatio` is the plain mean's variance ÷ the corrected one's, with the loss factor
 * (n − 2) ÷ (n − q − 2) of estimated coefficients.
 * @param outputs - One a replication. @param confidence - Between 0 and 1; 0.95 unless given.
 * @throws EngineError `STATS_BAD_ARGUMENT` where lengths differ. Cost O(n · q²).
 * Source: Lavenberg and Welch 1981; Law, 11.4. Spec: N41. */
export function controlledMean(
  outputs: readonly number[],
  controls: readonly ControlVariate[],
  confidence = 0.95,
): ControlledMean {
  const n = outputs.length;
  const q = controls.length;
  for (const { name, values } of controls) {
    const rule = `${n}, one a replication`;
    requireArgument(values.length === n, {
      argument: `values of control ${name}`,
      found: values.length,
      rule,
    });
  }
  if (q === 0) return plain(outputs, { confidence, why: null });
  const names = controls.map(({ name }) => name).join(', ');
  if (n < 2 * q + 3) {
    const text = `${q} controls take ${2 * q + 3} replications, there are ${n}`;
    return plain(outputs, { confidence, why: refusal('too-few-replications', text) });
  }
  const columns = controls.map(({ values, mean }) => values.map((value) => value - mean));
  const fit = leastSquares(columns, outputs);
  if (fit === 'collinear') {
    const text = `a control of ${names} is constant or follows from the others`;
    return plain(outputs, { confidence, why: refusal('collinear', text) });
  }
  const { value: mean, standardError } = fit.intercept;
  const halfWidth = intervalFactor(confidence, fit.df) * standardError;
  const loss = (n - 2) / (n - q - 2);
  const achieved = fit.residualVariance * loss;
  return {
    mean,
    low: mean - halfWidth,
    high: mean + halfWidth,
    halfWidth,
    n,
    df: fit.df,
    coefficients: fit.slopes.map(({ value }, j) => ({ name: controls[j]?.name ?? '', value })),
    method: `control variates: ${names}; coefficients estimated, ${fit.df} degrees of freedom`,
    varianceRatio: achieved > 0 ? momentsOf(outputs).variance / achieved : null,
    refusal: null,
  };
}

function plain(
  outputs: readonly number[],
  { confidence, why }: { readonly confidence: number; readonly why: Refusal | null },
): ControlledMean {
  const interval = meanInterval(outputs, confidence);
  return {
    ...interval,
    df: interval.n - 1,
    coefficients: [],
    method: why === null ? 'plain mean' : `plain mean: ${why.text}`,
    varianceRatio: null,
    refusal: why,
  };
}
