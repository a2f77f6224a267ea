/** The limit follows the ratio of the fastest answer known to the present one, and leaves room for
 * a waiting line of √L. Source: Netflix concurrency-limits, GradientLimit (defaults: 50 in 1 …
 * 1000, smoothing 0.2, tolerance 2, back-off 0.9, probe every 1000 + U(0, 1000) samples).
 * Spec: Q40. */
import type { ConcurrencyLimit, LimitBounds, LimitSample } from './limit-sample.ts';

/** With `g = clamp(tolerance · minRtt / rtt, 0.5, 1)` and `room = max(4, ⌊√L⌋)`: drop → back-off
 * · L, less than half used → hold, else `L · g + room`; shrinking is smoothed. A probe falls
 * back to `room` and forgets the fastest answer. */
export interface GradientConfig extends LimitBounds {
  readonly kind: 'gradient';
  readonly smoothing: number;
  /** ≥ 1: how much slower than the fastest answer counts as unloaded. */
  readonly rttTolerance: number;
  readonly backoffRatio: number;
  /** Samples between probes, at least; −1: never. */
  readonly probeInterval: number;
}

/** The estimate, the fastest answer since the last probe (0: none), samples to the next probe. */
export interface GradientState {
  readonly limit: number;
  readonly noLoadUs: number;
  /** −1 until the first sample has drawn it. */
  readonly probeCountdown: number;
}

/** Makes a gradient limit. */
export function createGradientLimit(config: GradientConfig): ConcurrencyLimit<GradientState> {
  return {
    initial: { limit: config.initialLimit, noLoadUs: 0, probeCountdown: -1 },
    limitOf: (state) => Math.floor(state.limit),
    onSample: (state, sample) => gradientStep(config, state, sample),
  };
}

function gradientStep(
  config: GradientConfig,
  state: GradientState,
  sample: LimitSample,
): GradientState {
  const rttUs = Math.max(1, sample.durationUs);
  const room = Math.max(4, Math.floor(Math.sqrt(Math.floor(state.limit))));
  const isProbing = config.probeInterval >= 0;
  const fresh = config.probeInterval + Math.floor(sample.u * config.probeInterval);
  const countdown = state.probeCountdown < 0 ? fresh : state.probeCountdown;
  if (isProbing && countdown <= 0) {
    return { limit: Math.max(config.minLimit, room), noLoadUs: 0, probeCountdown: fresh };
  }
  const probeCountdown = isProbing ? countdown - 1 : -1;
  const noLoadUs = state.noLoadUs === 0 ? rttUs : Math.min(state.noLoadUs, rttUs);
  const gradient = Math.max(0.5, Math.min(1, (config.rttTolerance * noLoadUs) / rttUs));
  let next = state.limit;
  if (sample.dropped) next = state.limit * config.backoffRatio;
  else if (sample.inFlight < state.limit / 2) return { ...state, noLoadUs, probeCountdown };
  else next = state.limit * gradient + room;
  if (next < state.limit) {
    const smoothed = state.limit * (1 - config.smoothing) + config.smoothing * next;
    next = Math.max(config.minLimit, smoothed);
  }
  const limit = Math.max(room, Math.min(config.maxLimit, next));
  return { limit, noLoadUs, probeCountdown };
}
