/** resilience4j's circuit breaker: opens when, of the last `size` calls or of those of the last
 * `windowUs`, the share of failures or of slow calls reaches its threshold, judged at every result
 * once there are `minimumCalls`. After `openUs` it lets `halfOpenCalls` through and judges those in
 * the same way: back to open, or closed with an empty window. Source: `CircuitBreakerConfig`,
 * `CircuitBreakerStateMachine`, `SlidingTimeWindowMetrics` of resilience4j 2; defaults theirs: 100
 * calls (or 100 s), 0.5, slow from 60 s at a share of 1, 100, 60 s, 10. Spec: Q28. */
import {
  addCounts,
  countsAt,
  EMPTY_COUNTS,
  type RollingCounts,
  type Tally,
} from '../rolling-counts.ts';
import type { BreakerStatus, CallSample, CircuitBreaker } from './circuit-breaker.ts';
import { addOutcome, EMPTY_OUTCOMES, type OutcomeWindow } from './outcome-window.ts';

interface SlidingThresholds {
  /** Shares 0–1 from which on it opens. */
  readonly failureRatio: number;
  readonly slowCallRatio: number;
  /** A call that took longer is slow. */
  readonly slowCallUs: number;
  readonly minimumCalls: number;
  readonly openUs: number;
  readonly halfOpenCalls: number;
  /** Half-open for longer than this opens again; 0 waits for its trials for ever. */
  readonly halfOpenMaxUs: number;
}

/** A breaker on the last `size` calls. Needs min(minimumCalls, size) of them to judge. */
export interface CountWindowConfig extends SlidingThresholds {
  readonly kind: 'count-window';
  readonly size: number;
}

/** A breaker on the calls of the last `windowUs`, counted in slots of a second (`slotUs`). */
export interface TimeWindowConfig extends SlidingThresholds {
  readonly kind: 'time-window';
  readonly windowUs: number;
  readonly slotUs: number;
}

/** Counters: calls, failures, slow ones. One of the windows stays empty, by `kind`. */
export interface SlidingWindowState {
  readonly status: BreakerStatus;
  /** When it took on its status. */
  readonly sinceUs: number;
  readonly calls: OutcomeWindow;
  readonly counts: RollingCounts;
  /** Half-open: trials let through, and how they ended. */
  readonly trialsAdmitted: number;
  readonly trials: Tally;
}

const DEFAULT_THRESHOLDS: SlidingThresholds = {
  failureRatio: 0.5,
  slowCallRatio: 1,
  slowCallUs: 60_000_000,
  minimumCalls: 100,
  openUs: 60_000_000,
  halfOpenCalls: 10,
  halfOpenMaxUs: 0,
};

/** The defaults of resilience4j. */
export const DEFAULT_COUNT_WINDOW: CountWindowConfig = {
  kind: 'count-window',
  size: 100,
  ...DEFAULT_THRESHOLDS,
};

/** The defaults of resilience4j where its window is one of time. */
export const DEFAULT_TIME_WINDOW: TimeWindowConfig = {
  kind: 'time-window',
  windowUs: 100_000_000,
  slotUs: 1_000_000,
  ...DEFAULT_THRESHOLDS,
};

const CLOSED: SlidingWindowState = {
  status: 'closed',
  sinceUs: 0,
  calls: EMPTY_OUTCOMES,
  counts: EMPTY_COUNTS,
  trialsAdmitted: 0,
  trials: [0, 0, 0],
};

/** Makes the breaker. */
export function createSlidingWindowBreaker(
  config: CountWindowConfig | TimeWindowConfig,
): CircuitBreaker<SlidingWindowState> {
  return {
    initial: CLOSED,
    admit(before, nowUs) {
      const state = withPatience(config, before, nowUs);
      if (state.status === 'closed') return { state, admitted: true };
      if (state.status === 'open') {
        if (nowUs <= state.sinceUs + config.openUs) return { state, admitted: false };
        const trial = { ...CLOSED, status: 'half-open' as const, sinceUs: nowUs };
        return { state: { ...trial, trialsAdmitted: 1 }, admitted: true };
      }
      if (state.trialsAdmitted >= config.halfOpenCalls) return { state, admitted: false };
      return { state: { ...state, trialsAdmitted: state.trialsAdmitted + 1 }, admitted: true };
    },
    record(before, sample) {
      const state = withPatience(config, before, sample.nowUs);
      if (state.status === 'closed') return recordClosed(config, state, sample);
      return state.status === 'half-open' ? recordTrial(config, state, sample) : state;
    },
    cancel(before, nowUs) {
      const state = withPatience(config, before, nowUs);
      if (state.status !== 'half-open') return state;
      return { ...state, trialsAdmitted: Math.max(0, state.trialsAdmitted - 1) };
    },
    statusOf: (state, nowUs) => withPatience(config, state, nowUs).status,
  };
}

type SlidingConfig = CountWindowConfig | TimeWindowConfig;

function recordClosed(
  config: SlidingConfig,
  state: SlidingWindowState,
  sample: CallSample,
): SlidingWindowState {
  const failed = !sample.ok;
  const slow = sample.durationUs > config.slowCallUs;
  if (config.kind === 'count-window') {
    const calls = addOutcome(state.calls, config.size, { failed, slow });
    const minimum = Math.min(config.minimumCalls, config.size);
    if (isBad(config, [calls.total, calls.failed, calls.slow], minimum)) {
      return opened(sample.nowUs);
    }
    return { ...state, calls };
  }
  const slot = Math.floor(sample.nowUs / config.slotUs);
  const slotCount = Math.round(config.windowUs / config.slotUs);
  const counts = addCounts(countsAt(state.counts, slot, slotCount), tallyOf(failed, slow));
  if (isBad(config, counts.sum, config.minimumCalls)) return opened(sample.nowUs);
  return { ...state, counts };
}

function recordTrial(
  config: SlidingConfig,
  state: SlidingWindowState,
  sample: CallSample,
): SlidingWindowState {
  const { trials: before } = state;
  const one = tallyOf(!sample.ok, sample.durationUs > config.slowCallUs);
  const trials: Tally = [before[0] + one[0], before[1] + one[1], before[2] + one[2]];
  const minimum = Math.min(config.minimumCalls, config.halfOpenCalls);
  if (trials[0] < minimum) return { ...state, trials };
  if (isBad(config, trials, minimum)) return opened(sample.nowUs);
  return { ...CLOSED, sinceUs: sample.nowUs };
}

function tallyOf(failed: boolean, slow: boolean): Tally {
  return [1, failed ? 1 : 0, slow ? 1 : 0];
}

function isBad(config: SlidingConfig, [calls, failed, slow]: Tally, minimum: number): boolean {
  if (calls === 0 || calls < minimum) return false;
  return failed / calls >= config.failureRatio || slow / calls >= config.slowCallRatio;
}

function opened(sinceUs: number): SlidingWindowState {
  return { ...CLOSED, status: 'open', sinceUs };
}

/** Open again, as of then, where trials were waited for too long. */
function withPatience(
  config: SlidingConfig,
  state: SlidingWindowState,
  nowUs: number,
): SlidingWindowState {
  if (state.status !== 'half-open' || config.halfOpenMaxUs === 0) return state;
  const endUs = state.sinceUs + config.halfOpenMaxUs;
  return nowUs < endUs ? state : opened(endUs);
}
