/** The retry budget that a configuration names. */
import {
  type ActiveRetriesConfig,
  type ActiveRetriesState,
  createActiveRetries,
} from './active-retries.ts';
import {
  createGrpcThrottle,
  type GrpcThrottleConfig,
  type GrpcThrottleState,
} from './grpc-throttle.ts';
import {
  createRatioBucket,
  type RatioBucketConfig,
  type RatioBucketState,
} from './ratio-bucket.ts';
import type { RetryBudget } from './retry-budget.ts';
import { createRetryQuota, type RetryQuotaConfig, type RetryQuotaState } from './retry-quota.ts';

/** Every form of budget, told apart by `kind`. */
export type RetryBudgetConfig =
  | RatioBucketConfig
  | GrpcThrottleConfig
  | ActiveRetriesConfig
  | RetryQuotaConfig;

/** The state of one form or another. Hand a budget only states of its own. */
export type RetryBudgetState =
  | RatioBucketState
  | GrpcThrottleState
  | ActiveRetriesState
  | RetryQuotaState;

/** Makes the budget that the configuration describes. */
export function createRetryBudget(config: RetryBudgetConfig): RetryBudget<RetryBudgetState> {
  switch (config.kind) {
    case 'ratio-bucket':
      return createRatioBucket(config);
    case 'grpc-throttle':
      return createGrpcThrottle(config);
    case 'active-retries':
      return createActiveRetries(config);
    case 'quota':
      return createRetryQuota(config);
  }
}
