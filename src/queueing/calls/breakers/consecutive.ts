/** The simplest breaker: opens after n failures in a row, turns calls away for `openUs`, then lets
 * one trial through: success closes, failure or cancellation opens again. Source: cockatiel's
 * `ConsecutiveBreaker`; 5 and 30 s are Envoy's outlier detection (consecutive_5xx,
 * base_ejection_time). Spec: Q29. */
import type { BreakerStatus, CircuitBreaker } from './circuit-breaker.ts';

/** A breaker on failures in a row. */
export interface ConsecutiveFailuresConfig {
  readonly kind: 'consecutive-failures';
  readonly failures: number;
  readonly openUs: number;
}

/** Plain data. */
export interface ConsecutiveFailuresState {
  readonly status: BreakerStatus;
  readonly openedAtUs: number;
  readonly failuresInRow: number;
}

/** Envoy's numbers. */
export const DEFAULT_CONSECUTIVE: ConsecutiveFailuresConfig = {
  kind: 'consecutive-failures',
  failures: 5,
  openUs: 30_000_000,
};

const CLOSED: ConsecutiveFailuresState = { status: 'closed', openedAtUs: 0, failuresInRow: 0 };

/** Makes the breaker. */
export function createConsecutiveFailuresBreaker(
  config: ConsecutiveFailuresConfig,
): CircuitBreaker<ConsecutiveFailuresState> {
  return {
    initial: CLOSED,
    admit(state, nowUs) {
      if (state.status === 'closed') return { state, admitted: true };
      const mayTry = state.status === 'open' && nowUs >= state.openedAtUs + config.openUs;
      if (!mayTry) return { state, admitted: false };
      return { state: { ...state, status: 'half-open' }, admitted: true };
    },
    record(state, { ok, nowUs }) {
      if (state.status === 'open') return state;
      if (ok) return state.status === 'closed' && state.failuresInRow === 0 ? state : CLOSED;
      const failuresInRow = state.failuresInRow + 1;
      const opens = state.status === 'half-open' || failuresInRow >= config.failures;
      return opens
        ? { status: 'open', openedAtUs: nowUs, failuresInRow }
        : { ...state, failuresInRow };
    },
    cancel(state, nowUs) {
      return state.status === 'half-open' ? { ...state, status: 'open', openedAtUs: nowUs } : state;
    },
    statusOf: (state) => state.status,
  };
}
