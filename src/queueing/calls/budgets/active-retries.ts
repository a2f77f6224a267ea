/** Envoy's retry budget: an extra attempt is granted while active retries < max(3, ⌊20 % · (active
 * + pending requests)⌋). It holds nothing but what is under way, so it has no state of its own.
 * Source: Envoy `circuit_breaker.proto` (`RetryBudget`: budget_percent 20, min_retry_concurrency 3)
 * and its resource manager. Spec: Q24. */
import type { RetryBudget } from './retry-budget.ts';

/** Retries under way as a share of requests under way. */
export interface ActiveRetriesConfig {
  readonly kind: 'active-retries';
  /** Retries per active request, 0–1. */
  readonly budgetRatio: number;
  readonly minRetryConcurrency: number;
}

/** Nothing to remember. */
export type ActiveRetriesState = Readonly<Record<string, never>>;

/** Envoy's defaults. */
export const DEFAULT_ACTIVE_RETRIES: ActiveRetriesConfig = {
  kind: 'active-retries',
  budgetRatio: 0.2,
  minRetryConcurrency: 3,
};

/** Makes the budget. */
export function createActiveRetries(config: ActiveRetriesConfig): RetryBudget<ActiveRetriesState> {
  return {
    initial: {},
    onRequest: (state) => state,
    tryRetry(state, { activeRequests, activeRetries }) {
      const share = Math.floor(config.budgetRatio * activeRequests + 1e-9);
      return { state, allowed: activeRetries < Math.max(config.minRetryConcurrency, share) };
    },
    onOutcome: (state) => state,
  };
}
