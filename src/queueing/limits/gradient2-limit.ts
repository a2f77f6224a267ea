/** The limit follows the ratio of a long-term average to the present answer time. Source: Netflix
 * concurrency-limits, Gradient2Limit (defaults: 20 in 20 … 200, smoothing 0.2, tolerance 1.5, room
 * 4, average over 600 samples after a warm-up of 10). It knows no drops, and under plain saturation
 * the average catches up and the limit drifts to its ceiling (issue 137, pull request 134 there):
 * kept as it is, because that happens in production. Spec: Q40, Q42. */
import type { ConcurrencyLimit, LimitBounds, LimitSample } from './limit-sample.ts';

/** `L ← (1 − smoothing) · L + smoothing · (L · g + room)` with `g = clamp(tolerance · long / rtt,
 * 0.5, 1)`; held while less than half is used. `long` shrinks by 5 % a sample while it is more than
 * twice the present answer time. */
export interface Gradient2Config extends LimitBounds {
  readonly kind: 'gradient2';
  readonly smoothing: number;
  readonly rttTolerance: number;
  /** How far the limit may grow per step while answers stay fast. */
  readonly room: number;
  /** Samples that the long-term average spans: weight 2 / (n + 1) each. */
  readonly longWindow: number;
}

/** The estimate, and the long-term average with its warm-up. */
export interface Gradient2State {
  readonly limit: number;
  readonly longUs: number;
  readonly warmUpSumUs: number;
  readonly warmUpCount: number;
}

const WARM_UP_SAMPLES = 10;

/** Makes a Gradient2 limit. */
export function createGradient2Limit(config: Gradient2Config): ConcurrencyLimit<Gradient2State> {
  return {
    initial: { limit: config.initialLimit, longUs: 0, warmUpSumUs: 0, warmUpCount: 0 },
    limitOf: (state) => Math.floor(state.limit),
    onSample: (state, sample) => gradient2Step(config, state, sample),
  };
}

function gradient2Step(
  config: Gradient2Config,
  state: Gradient2State,
  sample: LimitSample,
): Gradient2State {
  const rttUs = Math.max(1, sample.durationUs);
  const averaged = withSample(config, state, rttUs);
  const kept =
    averaged.longUs / rttUs > 2 ? { ...averaged, longUs: averaged.longUs * 0.95 } : averaged;
  if (sample.inFlight < state.limit / 2) return kept;
  // The average as it was before it shrank, as upstream has it.
  const ratio = (config.rttTolerance * averaged.longUs) / rttUs;
  const gradient = Math.max(0.5, Math.min(1, ratio));
  const wanted = state.limit * gradient + config.room;
  const smoothed = state.limit * (1 - config.smoothing) + wanted * config.smoothing;
  return { ...kept, limit: Math.max(config.minLimit, Math.min(config.maxLimit, smoothed)) };
}

function withSample(config: Gradient2Config, state: Gradient2State, rttUs: number): Gradient2State {
  if (state.warmUpCount < WARM_UP_SAMPLES) {
    const warmUpSumUs = state.warmUpSumUs + rttUs;
    const warmUpCount = state.warmUpCount + 1;
    return { limit: state.limit, longUs: warmUpSumUs / warmUpCount, warmUpSumUs, warmUpCount };
  }
  const weight = 2 / (config.longWindow + 1);
  return { ...state, longUs: state.longUs * (1 - weight) + rttUs * weight };
}
