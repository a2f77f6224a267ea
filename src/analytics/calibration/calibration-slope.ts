/** Whether forecasts are too bold or too shy: a logistic regression of the outcome on the
 * forecast's log-odds. A slope of 1 and an intercept of 0 are right; below 1 the forecasts are
 * too extreme, as those of an overfitted model are. Source: Cox 1958. Spec: M70. */
import { normalQuantile } from '../../stats/normal.ts';
import { type Refusal, refusal } from '../../stats/refusal.ts';
import { standardErrors } from '../outcomes/coefficient-covariance.ts';
import { fitLogistic } from '../outcomes/logistic-regression.ts';
import type { Forecasts } from './forecasts.ts';

/** The line. */
export interface CalibrationSlope {
  readonly slope: number;
  readonly intercept: number;
  /** 95 % of the slope, over units; null where there is none. */
  readonly interval: { readonly low: number; readonly high: number } | null;
}

const CUT = 1e-15;

/** The line, or why there is none. */
export function calibrationSlope({
  probability,
  outcome,
  unit,
}: Forecasts): CalibrationSlope | Refusal {
  const values = probability.map((p) => {
    const cut = Math.min(1 - CUT, Math.max(CUT, p));
    return Math.log(cut / (1 - cut));
  });
  if (values.every((value) => value === values[0])) {
    return refusal('no-spread', 'all forecasts are the same: they have no slope');
  }
  const design = { rows: values.length, columns: 1, values };
  const fit = fitLogistic(design, outcome, { penalty: 0 });
  if ('code' in fit) return fit;
  const errors = standardErrors(design, fit, { outcome, unit });
  const slope = fit.weights[0] ?? 0;
  const { intercept } = fit;
  if ('code' in errors) return { slope, intercept, interval: null };
  const halfWidth = normalQuantile(0.975) * (errors[1] ?? 0);
  return { slope, intercept, interval: { low: slope - halfWidth, high: slope + halfWidth } };
}
