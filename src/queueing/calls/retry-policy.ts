/** Whether a failed call is tried again: how often, after which failures, and what the server says
 * about it. The pause is `backoff.ts`, the allowance over all calls of a client a retry budget.
 * Defaults: 3 attempts (AWS standard mode, resilience4j), 100 ms to 20 s full jitter (AWS).
 * Spec: Q21. */
import type { BackoffConfig } from './backoff.ts';
import { type CallFailure, TRANSIENT_FAILURES } from './call-failure.ts';

/** How a client tries again. */
export interface CallRetryConfig {
  /** Tries in all, the first one included; 1 never tries again. */
  readonly maxAttempts: number;
  readonly backoff: BackoffConfig;
  /** Failures that are tried again; others are final. */
  readonly retryOn: readonly CallFailure[];
}

/** A try that failed. */
export interface FailedAttempt {
  readonly failure: CallFailure;
  /** Tries made, ≥ 1. */
  readonly attempts: number;
  /** The server's Retry-After or pushback in µs; negative: do not try again. */
  readonly pushbackUs?: number | undefined;
}

/** The defaults named above. */
export const DEFAULT_CALL_RETRY: CallRetryConfig = {
  maxAttempts: 3,
  backoff: { kind: 'full-jitter', baseUs: 100_000, capUs: 20_000_000 },
  retryOn: TRANSIENT_FAILURES,
};

/** Whether the policy wants another try; a budget may still refuse it. */
export function wantsRetry(config: CallRetryConfig, failed: FailedAttempt): boolean {
  return (
    failed.attempts < config.maxAttempts &&
    (failed.pushbackUs ?? 0) >= 0 &&
    config.retryOn.includes(failed.failure)
  );
}
