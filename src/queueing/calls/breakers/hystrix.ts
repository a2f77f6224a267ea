/** Hystrix' circuit breaker. Results are counted in slots of `snapshotUs`; at the end of each
 * slot the finished slots of the last `windowUs` are judged (never the running one): open when
 * there are ≥ 20 results of which ≥ 50 % failed. After the sleep exactly one trial: success closes
 * and starts the counts anew, failure or cancellation opens again. Slots ended while nobody asked
 * are judged when somebody does, as of their own ends. Source: `HystrixCircuitBreaker`,
 * `HealthCountsStream` of Hystrix 1.5; defaults of `HystrixCommandProperties`: 10 s, 500 ms, 20,
 * 0.5, 5 s. Spec: Q27. */
import { addCounts, countsAt, EMPTY_COUNTS, type RollingCounts } from '../rolling-counts.ts';
import type { BreakerStatus, CircuitBreaker } from './circuit-breaker.ts';

/** A breaker on a rolling window of time, judged at intervals. */
export interface HystrixConfig {
  readonly kind: 'hystrix';
  /** A whole multiple of `snapshotUs`. */
  readonly windowUs: number;
  readonly snapshotUs: number;
  readonly minimumRequests: number;
  /** Share of failures, 0–1 in whole percents, from which on it opens. */
  readonly failureRatio: number;
  readonly sleepUs: number;
}

/** Counters of a slot: results, failures. */
export interface HystrixState {
  readonly status: BreakerStatus;
  /** Where slot 0 begins: the start, or when it last closed. */
  readonly originUs: number;
  readonly openedAtUs: number;
  readonly counts: RollingCounts;
}

/** The defaults of Hystrix. */
export const DEFAULT_HYSTRIX: HystrixConfig = {
  kind: 'hystrix',
  windowUs: 10_000_000,
  snapshotUs: 500_000,
  minimumRequests: 20,
  failureRatio: 0.5,
  sleepUs: 5_000_000,
};

/** Makes the breaker. */
export function createHystrixBreaker(config: HystrixConfig): CircuitBreaker<HystrixState> {
  const at = (state: HystrixState, nowUs: number): HystrixState => judged(config, state, nowUs);
  return {
    initial: { status: 'closed', originUs: 0, openedAtUs: 0, counts: EMPTY_COUNTS },
    admit(before, nowUs) {
      const state = at(before, nowUs);
      if (state.status === 'closed') return { state, admitted: true };
      const mayTry = state.status === 'open' && nowUs > state.openedAtUs + config.sleepUs;
      if (!mayTry) return { state, admitted: false };
      return { state: { ...state, status: 'half-open' }, admitted: true };
    },
    record(before, { ok, nowUs }) {
      const state = at(before, nowUs);
      if (state.status === 'half-open' && ok) {
        return { status: 'closed', originUs: nowUs, openedAtUs: 0, counts: EMPTY_COUNTS };
      }
      const counts = addCounts(state.counts, [1, ok ? 0 : 1, 0]);
      if (state.status !== 'half-open') return { ...state, counts };
      return { ...state, status: 'open', openedAtUs: nowUs, counts };
    },
    cancel(before, nowUs) {
      const state = at(before, nowUs);
      if (state.status !== 'half-open') return state;
      return { ...state, status: 'open', openedAtUs: nowUs };
    },
    statusOf: (state, nowUs) => at(state, nowUs).status,
  };
}

/** The state at `nowUs`, each slot that ended since judged in turn. Counts only leave a window in
 * which nobody adds, so the search stops as soon as too few are left. */
function judged(config: HystrixConfig, state: HystrixState, nowUs: number): HystrixState {
  const slot = Math.floor((nowUs - state.originUs) / config.snapshotUs);
  if (slot <= state.counts.slot) return state;
  const slotCount = Math.round(config.windowUs / config.snapshotUs);
  const opens = state.status === 'closed' ? firstBadEnd(config, state.counts, slot) : undefined;
  const counts = countsAt(state.counts, slot, slotCount);
  if (opens === undefined) return { ...state, counts };
  const openedAtUs = state.originUs + opens * config.snapshotUs;
  return { ...state, status: 'open', openedAtUs, counts };
}

/** The first slot number in (counts.slot, until] at whose start the window before it is bad. */
function firstBadEnd(
  config: HystrixConfig,
  counts: RollingCounts,
  until: number,
): number | undefined {
  const slotCount = Math.round(config.windowUs / config.snapshotUs);
  let seen = counts;
  for (let next = counts.slot + 1; next <= until; next += 1) {
    const [results, failures] = seen.sum;
    if (results < Math.max(1, config.minimumRequests)) return undefined;
    // Hystrix compares whole percents, cut off.
    const percent = Math.floor((failures * 100) / results);
    if (percent >= Math.round(config.failureRatio * 100)) return next;
    seen = countsAt(seen, next, slotCount);
  }
  return undefined;
}
