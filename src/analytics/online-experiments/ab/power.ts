/** How many viewers an experiment takes, or what it can see with those it has. Spec: M149. */
import { requireArgument } from '../../../stats/bad-argument.ts';
import { normalQuantile } from '../../../stats/normal.ts';

/** What is planned. */
export interface PowerPlan {
  /** Variance of the metric over viewers; divide it by CUPED's variance reduction where used. */
  readonly variance: number;
  /** Share of all viewers in either arm; what is missing to 1 is in neither. */
  readonly shares: readonly [control: number, treatment: number];
  /** Two-sided level of the test; 0.05 unless given. */
  readonly level?: number;
  /** Probability of seeing an effect that is there; 0.8 unless given. */
  readonly power?: number;
}

/** Viewers (of both arms and of neither) that show a difference of `effect` with the power planned.
 * @param effect - In the metric's unit, not 0.
 * @throws EngineError `STATS_BAD_ARGUMENT`. Source: the usual normal approximation (Kohavi, Tang
 * and Xu 2020, ch. 17). */
export function viewersFor(effect: number, plan: PowerPlan): number {
  const isEffect = Number.isFinite(effect) && effect !== 0;
  requireArgument(isEffect, { argument: 'effect', found: effect, rule: 'finite and not 0' });
  return Math.ceil(perViewer(plan) / effect ** 2);
}

/** The least difference that `viewers` show with the power planned. */
export function minimumDetectableEffect(viewers: number, plan: PowerPlan): number {
  requireArgument(viewers > 0, { argument: 'viewers', found: viewers, rule: 'above 0' });
  return Math.sqrt(perViewer(plan) / viewers);
}

/** (z(1 − level ÷ 2) + z(power))² · variance · (1 ÷ share + 1 ÷ share). */
function perViewer({ variance, shares, level = 0.05, power = 0.8 }: PowerPlan): number {
  const isVariance = Number.isFinite(variance) && variance > 0;
  requireArgument(isVariance, { argument: 'variance', found: variance, rule: 'above 0' });
  const [control, treatment] = shares;
  const isPart = control > 0 && treatment > 0 && control + treatment <= 1 + 1e-12;
  const rule = 'above 0, and together at most 1';
  requireArgument(isPart, { argument: 'shares', found: shares.join(' and '), rule });
  const z = normalQuantile(1 - level / 2) + normalQuantile(power);
  return z * z * variance * (1 / control + 1 / treatment);
}
