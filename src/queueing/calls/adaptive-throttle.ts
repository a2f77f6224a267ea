/** Client-side adaptive throttling: a client whose requests are turned away turns part of them away
 * itself, with probability max(0, (requests − K·accepts) ÷ (requests + 1)) over the last two
 * minutes. A request counts when it is made, passed on or not, before its outcome is known; an
 * accept counts when it comes. Source: Google, "Site Reliability Engineering", chapter 21; K 2,
 * 2 min. Calls in flight count as not accepted, so a client's first calls, made at once, are
 * throttled by the letter; `protectedRequests` (go-zero: 5) leaves that many out. Spec: Q34. */
import { addCounts, countsAt, EMPTY_COUNTS, type RollingCounts } from './rolling-counts.ts';

/** How eagerly a client holds back. */
export interface AdaptiveThrottleConfig {
  readonly kind: 'adaptive';
  /** K: 2 lets as many through as were accepted, twice over. */
  readonly multiplier: number;
  readonly windowUs: number;
  readonly slots: number;
  readonly protectedRequests: number;
}

/** Counters: requests, accepts. */
export type AdaptiveThrottleState = RollingCounts;

/** A throttle as pure functions of its state. */
export interface AdaptiveThrottle {
  readonly initial: AdaptiveThrottleState;
  /** A request is made. @param u - A uniform in (0, 1): passed on where it is not below the
   * probability. */
  admit(
    state: AdaptiveThrottleState,
    nowUs: number,
    u: number,
  ): { readonly state: AdaptiveThrottleState; readonly admitted: boolean };
  /** A request was accepted by the service. */
  onAccept(state: AdaptiveThrottleState, nowUs: number): AdaptiveThrottleState;
  /** Chance in [0, 1) that a request made now is turned away. */
  probability(state: AdaptiveThrottleState, nowUs: number): number;
}

/** Google's numbers, in slots of 3 s. */
export const DEFAULT_ADAPTIVE_THROTTLE: AdaptiveThrottleConfig = {
  kind: 'adaptive',
  multiplier: 2,
  windowUs: 120_000_000,
  slots: 40,
  protectedRequests: 0,
};

/** Makes the throttle. */
export function createAdaptiveThrottle(config: AdaptiveThrottleConfig): AdaptiveThrottle {
  const slotUs = config.windowUs / config.slots;
  const at = (state: AdaptiveThrottleState, nowUs: number): AdaptiveThrottleState =>
    countsAt(state, Math.floor(nowUs / slotUs), config.slots);
  const probabilityOf = ([requests, accepts]: RollingCounts['sum']): number =>
    Math.max(
      0,
      (requests - config.protectedRequests - config.multiplier * accepts) / (requests + 1),
    );
  return {
    initial: EMPTY_COUNTS,
    admit(state, nowUs, u) {
      const now = at(state, nowUs);
      const admitted = u >= probabilityOf(now.sum);
      return { state: addCounts(now, [1, 0, 0]), admitted };
    },
    onAccept: (state, nowUs) => addCounts(at(state, nowUs), [0, 1, 0]),
    probability: (state, nowUs) => probabilityOf(at(state, nowUs).sum),
  };
}
