/** Everything a client does about calls to one service that may fail or take long: plain data, one
 * optional part a policy. What is left out is not done. Spec: Q36. */
import type { AdaptiveThrottleConfig } from './adaptive-throttle.ts';
import type { CircuitBreakerConfig } from './breakers/create-circuit-breaker.ts';
import type { RetryBudgetConfig } from './budgets/create-retry-budget.ts';
import type { BulkheadConfig } from './bulkhead.ts';
import type { DeadlineConfig } from './deadline.ts';
import type { FallbackConfig } from './fallback.ts';
import type { HedgeConfig } from './hedging.ts';
import { type CallRetryConfig, DEFAULT_CALL_RETRY } from './retry-policy.ts';

/** The policies of one caller for one service. Times in µs. */
export interface CallPolicies {
  /** How long one attempt is waited for. */
  readonly timeoutUs: number;
  readonly retry: CallRetryConfig;
  readonly budget?: RetryBudgetConfig | undefined;
  readonly breaker?: CircuitBreakerConfig | undefined;
  readonly bulkhead?: BulkheadConfig | undefined;
  readonly hedge?: HedgeConfig | undefined;
  readonly throttle?: AdaptiveThrottleConfig | undefined;
  /** Tried in this order. */
  readonly fallback?: readonly FallbackConfig[] | undefined;
  readonly deadline?: DeadlineConfig | undefined;
}

/** A timeout (Hystrix: 1 s) and retries without a budget; nothing else. */
export const DEFAULT_CALL_POLICIES: CallPolicies = {
  timeoutUs: 1_000_000,
  retry: DEFAULT_CALL_RETRY,
};
