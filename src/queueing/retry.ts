/** Retry with exponential backoff and full jitter: delay = u · min(cap, base · 2^attempt).
 * Source: Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015. Spec: Q7. */

/** When and how often to try again. */
export interface RetryPolicy {
  /** Tries in all, the first one included. */
  readonly maxAttempts: number;
  readonly backoffBaseUs: number;
  readonly backoffCapUs: number;
}

/** Whether another try is allowed after `attempts` tries. */
export function mayRetry(policy: RetryPolicy, attempts: number): boolean {
  return attempts < policy.maxAttempts;
}

/** Pause in whole µs (≥ 1) before the next try. @param attempts - Tries made so far, ≥ 1.
 * @param u - A uniform in (0, 1). */
export function backoffUs(policy: RetryPolicy, attempts: number, u: number): number {
  const ceilingUs = Math.min(policy.backoffCapUs, policy.backoffBaseUs * 2 ** (attempts - 1));
  return Math.max(1, Math.round(u * ceilingUs));
}
