/** A circuit breaker with its state, for traces: states are frozen on the way. */
import {
  type CircuitBreakerConfig,
  type CircuitBreakerState,
  createCircuitBreaker,
} from '../../../../src/queueing/calls/breakers/create-circuit-breaker.ts';
import { deepFreeze } from '../frozen.ts';

/** One second and one millisecond in µs. */
export const SECOND = 1_000_000;
export const MS = 1_000;

/** Makes a breaker that remembers. */
export function holdBreaker(config: CircuitBreakerConfig) {
  const breaker = createCircuitBreaker(config);
  let state: CircuitBreakerState = deepFreeze(breaker.initial);
  const set = (next: CircuitBreakerState): void => {
    state = deepFreeze(next);
  };
  return {
    admit(nowUs: number): boolean {
      const { state: next, admitted } = breaker.admit(state, nowUs);
      set(next);
      return admitted;
    },
    record: (nowUs: number, ok: boolean, durationUs = MS) =>
      set(breaker.record(state, { ok, durationUs, nowUs })),
    cancel: (nowUs: number) => set(breaker.cancel(state, nowUs)),
    status: (nowUs: number) => breaker.statusOf(state, nowUs),
    state: () => state,
  };
}
