/** A token bucket: so many requests a second, and a burst of them, for a write key. S407. */

/** A rate and how much of it may come at once. */
export interface TokenBucketOptions {
  readonly ratePerSec: number;
  /** Default: two seconds' worth, at least 1. */
  readonly burst?: number | undefined;
}

/** A bucket. */
export interface TokenBucket {
  /** Takes one token. @param nowMs - Of a clock that does not go back.
   * @returns 0 where there was one, else whole seconds until there will be. */
  take(nowMs: number): number;
}

/** Makes a full bucket. */
export function createTokenBucket(options: TokenBucketOptions): TokenBucket {
  const { ratePerSec } = options;
  const capacity = Math.max(1, options.burst ?? 2 * ratePerSec);
  let tokens = capacity;
  let lastMs = Number.NEGATIVE_INFINITY;
  return {
    take(nowMs) {
      if (lastMs > Number.NEGATIVE_INFINITY) {
        tokens = Math.min(capacity, tokens + ((nowMs - lastMs) / 1_000) * ratePerSec);
      }
      lastMs = nowMs;
      if (tokens >= 1) {
        tokens -= 1;
        return 0;
      }
      return Math.max(1, Math.ceil((1 - tokens) / ratePerSec));
    },
  };
}
