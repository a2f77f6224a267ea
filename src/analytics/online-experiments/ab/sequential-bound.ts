/** A bound that holds at every look at once: whoever stops an experiment when it looks good is
 * right as often as promised. The interval of a fixed horizon is not: looked at often enough, it
 * excludes the truth almost surely. Spec: M146. */
import { requireArgument } from '../../../stats/bad-argument.ts';

/** How the bound is tuned. */
export interface SequentialOptions {
  /** Probability that the truth is inside at all looks; 0.95 unless given. */
  readonly confidence?: number;
  /** Number of viewers at which the bound is to be tightest: choose what the experiment is planned
   * for, before it starts. */
  readonly plannedViewers: number;
}

/** Viewers of the smaller arm below which there is no bound: variances are not yet known, and the
 * bound is one of large numbers. */
export const SEQUENTIAL_VIEWERS_MIN = 100;

/** Half-width of the always-valid bound, as multiple of the standard error at this look:
 * √((n ρ² + 1) ÷ (n ρ²) · (2 ln(1 ÷ α) + ln(n ρ² + 1))), with ρ² = (−2 ln α + ln(1 − 2 ln α)) ÷ n*.
 * The asymptotic confidence sequence of a mean, and the same as the mixture SPRT with a normal
 * mixture of variance ρ² times a viewer's. About 3 at n = n* for 95 %, where a fixed horizon has
 * 1.96.
 * @param viewers - n, of both arms. @throws EngineError `STATS_BAD_ARGUMENT`.
 * Sources: Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2021, theorem 2.2 and appendix on ρ;
 * Johari, Koomen, Pekelis and Walsh 2015 (mSPRT). */
export function sequentialFactor(
  viewers: number,
  { confidence = 0.95, plannedViewers }: SequentialOptions,
): number {
  const isShare = confidence > 0 && confidence < 1;
  requireArgument(isShare, { argument: 'confidence', found: confidence, rule: 'between 0 and 1' });
  const isPlan = plannedViewers > 0;
  requireArgument(isPlan, { argument: 'plannedViewers', found: plannedViewers, rule: 'above 0' });
  const known = informationAt(viewers, confidence, plannedViewers);
  const surprise = -2 * Math.log(1 - confidence);
  return Math.sqrt(((known + 1) / known) * (surprise + Math.log1p(known)));
}

/** P-value that may be looked at any time: the inverse of the mixture likelihood ratio at this
 * look, at most 1. It is at or below 1 − confidence exactly where the bound of {@link
 * sequentialFactor} excludes 0. @param z - Difference ÷ standard error. */
export function alwaysValidP(z: number, viewers: number, options: SequentialOptions): number {
  const { confidence = 0.95, plannedViewers } = options;
  const known = informationAt(viewers, confidence, plannedViewers);
  const logLikelihoodRatio = (z * z * known) / (2 * (known + 1)) - Math.log1p(known) / 2;
  return Math.min(1, Math.exp(-logLikelihoodRatio));
}

/** n ρ². */
function informationAt(viewers: number, confidence: number, plannedViewers: number): number {
  const surprise = -2 * Math.log(1 - confidence);
  return (viewers / plannedViewers) * (surprise + Math.log1p(surprise));
}
