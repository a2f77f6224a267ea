/** The AWS SDKs' retry quota (standard mode): `capacity` tokens; a retry costs `retryCost`, after a
 * timeout `timeoutCost`; a retry that succeeds gives back what it cost, a first attempt that
 * succeeds gives `successGain`; never above the capacity. Source: smithy `util-retry`; defaults
 * theirs: 500, 5, 10, 1. Spec: Q25. */
import type { RetryBudget } from './retry-budget.ts';

/** Retries against a stock that only successes refill. */
export interface RetryQuotaConfig {
  readonly kind: 'quota';
  readonly capacity: number;
  readonly retryCost: number;
  readonly timeoutCost: number;
  readonly successGain: number;
}

/** Plain data. */
export interface RetryQuotaState {
  readonly tokens: number;
}

/** The defaults of the AWS SDKs. */
export const DEFAULT_RETRY_QUOTA: RetryQuotaConfig = {
  kind: 'quota',
  capacity: 500,
  retryCost: 5,
  timeoutCost: 10,
  successGain: 1,
};

/** Makes the budget. */
export function createRetryQuota(config: RetryQuotaConfig): RetryBudget<RetryQuotaState> {
  const priceOf = (isTimeout: boolean): number =>
    isTimeout ? config.timeoutCost : config.retryCost;
  return {
    initial: { tokens: config.capacity },
    onRequest: (state) => state,
    tryRetry(state, { timedOut }) {
      const price = priceOf(timedOut === true);
      if (price > state.tokens) return { state, allowed: false };
      return { state: { tokens: state.tokens - price }, allowed: true };
    },
    onOutcome(state, { ok, retryOf }) {
      if (!ok || state.tokens === config.capacity) return state;
      const gain = retryOf === undefined ? config.successGain : priceOf(retryOf === 'timeout');
      return { tokens: Math.min(config.capacity, state.tokens + gain) };
    },
  };
}
