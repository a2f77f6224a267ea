/** Additive increase, multiplicative decrease: the limit grows by one while at least half of it is
 * used, and shrinks by a factor at a drop or a slow answer. Source: Netflix concurrency-limits,
 * AIMDLimit (defaults: 20 in 20 … 200, back-off 0.9, timeout 5 s). Spec: Q40. */
import type { ConcurrencyLimit, LimitBounds, LimitSample } from './limit-sample.ts';

/** `L ← ⌊L · backoffRatio⌋` at a drop or when slower than the timeout, else `L + 1` while
 * `2 · inFlight ≥ L`. */
export interface AimdConfig extends LimitBounds {
  readonly kind: 'aimd';
  /** In [0.5, 1). */
  readonly backoffRatio: number;
  /** A slower answer counts as dropped. */
  readonly timeoutUs: number;
}

/** Makes an AIMD limit; its state is the limit. */
export function createAimdLimit(config: AimdConfig): ConcurrencyLimit<number> {
  return {
    initial: config.initialLimit,
    limitOf: (limit) => limit,
    onSample(limit, sample) {
      const next = proposed(config, limit, sample);
      return Math.min(config.maxLimit, Math.max(config.minLimit, next));
    },
  };
}

function proposed(config: AimdConfig, limit: number, sample: LimitSample): number {
  if (sample.dropped || sample.durationUs > config.timeoutUs) {
    return Math.floor(limit * config.backoffRatio);
  }
  return sample.inFlight * 2 >= limit ? limit + 1 : limit;
}
