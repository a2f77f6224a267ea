/** Retry budgets: the traces of the originals' own tests, and one bound for all schedules. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  createActiveRetries,
  DEFAULT_ACTIVE_RETRIES,
} from '../../../../src/queueing/calls/budgets/active-retries.ts';
import {
  createRetryBudget,
  type RetryBudgetConfig,
  type RetryBudgetState,
} from '../../../../src/queueing/calls/budgets/create-retry-budget.ts';
import {
  createGrpcThrottle,
  DEFAULT_GRPC_THROTTLE,
} from '../../../../src/queueing/calls/budgets/grpc-throttle.ts';
import {
  createRatioBucket,
  DEFAULT_RATIO_BUCKET,
} from '../../../../src/queueing/calls/budgets/ratio-bucket.ts';
import type { RetryBudget } from '../../../../src/queueing/calls/budgets/retry-budget.ts';
import {
  createRetryQuota,
  DEFAULT_RETRY_QUOTA,
} from '../../../../src/queueing/calls/budgets/retry-quota.ts';
import { deepFreeze, throughJson } from '../frozen.ts';

const SECOND = 1_000_000;
const MS = 1_000;

/** A budget with its state, for traces. */
function holder<S>(budget: RetryBudget<S>) {
  let state = deepFreeze(budget.initial);
  const set = (next: S): void => {
    state = deepFreeze(next);
  };
  return {
    request: (nowUs: number) => set(budget.onRequest(state, nowUs)),
    retry(nowUs: number, seen: { timedOut?: boolean; active?: number; retries?: number } = {}) {
      const { timedOut = false, active = 0, retries = 0 } = seen;
      const request = { nowUs, activeRequests: active, activeRetries: retries, timedOut };
      const answer = budget.tryRetry(state, request);
      set(answer.state);
      return answer.allowed;
    },
    outcome: (ok: boolean, retryOf?: 'failure' | 'timeout') =>
      set(budget.onOutcome(state, { ok, timedOut: false, nowUs: 0, retryOf })),
    state: () => state,
  };
}

function ratioBucket(ttlUs: number, minRetriesPerSec: number, retryRatio: number) {
  return holder(
    createRatioBucket({ ...DEFAULT_RATIO_BUCKET, ttlUs, minRetriesPerSec, retryRatio }),
  );
}

describe('the ratio bucket', () => {
  it('Q22: is empty without deposits and reserve (tower: tps_empty)', () => {
    expect(ratioBucket(SECOND, 0, 1).retry(0)).toBe(false);
  });

  it('Q22: forgets deposits (tower: tps_leaky)', () => {
    const bucket = ratioBucket(SECOND, 0, 1);
    bucket.request(0);
    expect(bucket.retry(3 * SECOND)).toBe(false);
  });

  it('Q22: counts deposits for their time to live (tower: tps_slots)', () => {
    const bucket = ratioBucket(SECOND, 0, 0.5);
    bucket.request(0);
    bucket.request(0);
    expect(bucket.retry(901 * MS)).toBe(true);
    const start = (901 + 2_001) * MS;
    bucket.request(start);
    bucket.request(start + 301 * MS);
    bucket.request(start + (301 + 801) * MS);
    expect(bucket.retry(start + (301 + 801) * MS)).toBe(true);
  });

  it('Q22: always has its reserve (tower: tps_reserve)', () => {
    const bucket = ratioBucket(SECOND, 5, 1);
    expect([1, 2, 3, 4, 5, 6].map(() => bucket.retry(0))).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
    ]);
  });

  it('Q22: by default gives 100 retries and one more for five requests', () => {
    const bucket = holder(createRatioBucket(DEFAULT_RATIO_BUCKET));
    let granted = 0;
    while (bucket.retry(0)) granted += 1;
    expect(granted).toBe(100);
    for (let i = 0; i < 4; i += 1) bucket.request(0);
    expect(bucket.retry(0)).toBe(false);
    bucket.request(0);
    expect([bucket.retry(0), bucket.retry(0)]).toEqual([true, false]);
  });

  it('Q22: lives on its reserve alone where the ratio is 0', () => {
    const bucket = ratioBucket(SECOND, 2, 0);
    for (let i = 0; i < 100; i += 1) bucket.request(0);
    expect([bucket.retry(0), bucket.retry(0), bucket.retry(0)]).toEqual([true, true, false]);
  });

  it('Q22: rounds the price of a retry up, so that the ratio holds however many ask', () => {
    const bucket = ratioBucket(SECOND, 0, 0.3);
    for (let i = 0; i < 33_340; i += 1) bucket.request(0);
    let granted = 0;
    while (bucket.retry(0)) granted += 1;
    expect(granted).toBe(10_000);
  });

  const schedule = fc.array(
    fc.tuple(fc.constantFrom('request', 'retry', 'retry'), fc.integer({ min: 0, max: 400 * MS })),
    { maxLength: 400 },
  );
  test.prop(
    [
      schedule,
      fc.record({
        retryRatio: fc.integer({ min: 0, max: 40 }).map((n) => n / 20),
        minRetriesPerSec: fc.integer({ min: 0, max: 5 }),
        slots: fc.integer({ min: 1, max: 12 }),
      }),
    ],
    { numRuns: 200, seed: 20261125 },
  )(
    'Q22: attempts ≤ requests · (1 + ratio) + a reserve per time to live, under any schedule',
    (steps, numbers) => {
      const { retryRatio, minRetriesPerSec, slots } = numbers;
      const ttlUs = SECOND;
      const config = { ...DEFAULT_RATIO_BUCKET, ttlUs, ...numbers };
      const bucket = holder(createRatioBucket(config));
      let [nowUs, requests, retries] = [0, 0, 0];
      for (const [step, gapUs] of steps) {
        nowUs += gapUs;
        if (step === 'request') {
          requests += 1;
          bucket.request(nowUs);
        } else if (bucket.retry(nowUs)) retries += 1;
        const windows = Math.ceil((Math.floor((nowUs * slots) / ttlUs) + 1) / slots);
        expect(requests + retries).toBeLessThanOrEqual(
          requests * (1 + retryRatio) + minRetriesPerSec * windows + 1e-9,
        );
      }
    },
  );
});

describe('the gRPC throttle', () => {
  it('Q23: stops at half of its tokens and resumes above it (A6)', () => {
    const throttle = holder(createGrpcThrottle(DEFAULT_GRPC_THROTTLE));
    for (let i = 0; i < 4; i += 1) throttle.outcome(false);
    expect([throttle.state(), throttle.retry(0)]).toEqual([{ milliTokens: 6_000 }, true]);
    throttle.outcome(false);
    expect([throttle.state(), throttle.retry(0)]).toEqual([{ milliTokens: 5_000 }, false]);
    throttle.outcome(true);
    expect([throttle.state(), throttle.retry(0)]).toEqual([{ milliTokens: 5_100 }, true]);
  });

  test.prop([fc.array(fc.boolean(), { maxLength: 300 }), fc.integer({ min: 1, max: 1_000 })], {
    numRuns: 100,
    seed: 20261125,
  })('Q23: stays between 0 and its maximum, as the reference does', (outcomes, milliRatio) => {
    const tokenRatio = milliRatio / 1_000;
    const throttle = holder(createGrpcThrottle({ ...DEFAULT_GRPC_THROTTLE, tokenRatio }));
    let tokens = 10_000;
    for (const ok of outcomes) {
      tokens = ok ? Math.min(10_000, tokens + milliRatio) : Math.max(0, tokens - 1_000);
      throttle.outcome(ok);
      expect(throttle.state()).toEqual({ milliTokens: tokens });
      expect(throttle.retry(0)).toBe(tokens > 5_000);
    }
  });
});

describe('the budget on active retries', () => {
  it('Q24: allows three, or a fifth of what is under way (Envoy)', () => {
    const budget = holder(createActiveRetries(DEFAULT_ACTIVE_RETRIES));
    const allowed = (active: number, retries: number) => budget.retry(0, { active, retries });
    expect([allowed(0, 2), allowed(0, 3), allowed(15, 3)]).toEqual([true, false, false]);
    expect([allowed(20, 3), allowed(20, 4), allowed(24, 4)]).toEqual([true, false, false]);
    expect([allowed(100, 19), allowed(100, 20)]).toEqual([true, false]);
  });
});

describe('the retry quota', () => {
  it('Q25: pays 5 for a retry and 10 after a timeout, refunds and refills (AWS)', () => {
    const quota = holder(createRetryQuota({ ...DEFAULT_RETRY_QUOTA, capacity: 20 }));
    expect(quota.retry(0, { timedOut: true })).toBe(true);
    expect(quota.retry(0)).toBe(true);
    expect(quota.state()).toEqual({ tokens: 5 });
    expect(quota.retry(0, { timedOut: true })).toBe(false);
    quota.outcome(true);
    expect(quota.state()).toEqual({ tokens: 6 });
    quota.outcome(false);
    quota.outcome(true, 'timeout');
    expect(quota.state()).toEqual({ tokens: 16 });
    quota.outcome(true, 'failure');
    expect(quota.state()).toEqual({ tokens: 20 });
  });

  it('Q25: starts with a hundred retries', () => {
    const quota = holder(createRetryQuota(DEFAULT_RETRY_QUOTA));
    let granted = 0;
    while (quota.retry(0)) granted += 1;
    expect(granted).toBe(100);
  });
});

const CONFIGS: readonly RetryBudgetConfig[] = [
  DEFAULT_RATIO_BUCKET,
  DEFAULT_GRPC_THROTTLE,
  DEFAULT_ACTIVE_RETRIES,
  DEFAULT_RETRY_QUOTA,
];

describe.each(CONFIGS)('every budget: $kind', (config) => {
  test.prop([fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 200 })], {
    numRuns: 50,
    seed: 20261125,
  })('Q20: is pure, and its state is plain data', (steps) => {
    const budget = createRetryBudget(config);
    let state: RetryBudgetState = deepFreeze(budget.initial);
    steps.forEach((step, i) => {
      const apply = (from: RetryBudgetState): RetryBudgetState => {
        const nowUs = i * 300 * MS;
        if (step === 0) return budget.onRequest(from, nowUs);
        if (step < 3) return budget.onOutcome(from, { ok: step === 1, timedOut: false, nowUs });
        return budget.tryRetry(from, { nowUs, activeRequests: i, activeRetries: step }).state;
      };
      const next = apply(state);
      expect(apply(throughJson(state))).toEqual(next);
      state = deepFreeze(next);
    });
  });
});
