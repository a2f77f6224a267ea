/** Finagle's and tower's retry budget: each request deposits a token that lives `ttlUs`, a retry
 * withdraws 1 ÷ ratio of them, and a reserve of `minRetriesPerSec · ttl` retries is always there.
 * So within any `ttlUs`, retries ≤ ratio · requests + reserve. Finagle's scale: a token is 1,000.
 * We round the price up (Finagle and tower cut it, which lets slightly more through), and slots are
 * aligned to multiples of ttl ÷ slots. Source: Finagle `RetryBudget.scala`, tower
 * `tps_budget.rs`; defaults theirs: 10 s, 0.2, 10 per second, 10 slots. Spec: Q22. */
import { addCounts, countsAt, EMPTY_COUNTS, type RollingCounts } from '../rolling-counts.ts';
import type { RetryBudget } from './retry-budget.ts';

/** Retries as a share of requests. */
export interface RatioBucketConfig {
  readonly kind: 'ratio-bucket';
  /** How long a deposit counts: 1–60 s. */
  readonly ttlUs: number;
  /** Retries per request, 0–1,000: Finagle’s percentCanRetry. */
  readonly retryRatio: number;
  readonly minRetriesPerSec: number;
  readonly slots: number;
}

/** Counters: deposits, withdrawals. */
export type RatioBucketState = RollingCounts;

/** Finagle's defaults. */
export const DEFAULT_RATIO_BUCKET: RatioBucketConfig = {
  kind: 'ratio-bucket',
  ttlUs: 10_000_000,
  retryRatio: 0.2,
  minRetriesPerSec: 10,
  slots: 10,
};

const TOKEN = 1_000;
const US_PER_SECOND = 1_000_000;

/** Makes the budget. */
export function createRatioBucket(config: RatioBucketConfig): RetryBudget<RatioBucketState> {
  const { retryRatio, slots } = config;
  const slotUs = config.ttlUs / slots;
  const deposit = retryRatio === 0 ? 0 : TOKEN;
  const price = retryRatio === 0 ? 1 : Math.ceil(TOKEN / retryRatio);
  const reserve = Math.floor((config.minRetriesPerSec * config.ttlUs) / US_PER_SECOND) * price;
  const at = (state: RatioBucketState, nowUs: number): RatioBucketState =>
    countsAt(state, Math.floor(nowUs / slotUs), slots);
  return {
    initial: EMPTY_COUNTS,
    onRequest: (state, nowUs) => addCounts(at(state, nowUs), [1, 0, 0]),
    tryRetry(state, { nowUs }) {
      const now = at(state, nowUs);
      const balance = now.sum[0] * deposit - now.sum[1] * price + reserve;
      if (balance < price) return { state: now, allowed: false };
      return { state: addCounts(now, [0, 1, 0]), allowed: true };
    },
    onOutcome: (state) => state,
  };
}
