/** The guard: the order of its policies, what it counts, and that it can be saved at any time. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { DEFAULT_ADAPTIVE_THROTTLE } from '../../../src/queueing/calls/adaptive-throttle.ts';
import { FIRST_BACKOFF } from '../../../src/queueing/calls/backoff.ts';
import { DEFAULT_CONSECUTIVE } from '../../../src/queueing/calls/breakers/consecutive.ts';
import { DEFAULT_HYSTRIX } from '../../../src/queueing/calls/breakers/hystrix.ts';
import { DEFAULT_COUNT_WINDOW } from '../../../src/queueing/calls/breakers/sliding-window.ts';
import { DEFAULT_ACTIVE_RETRIES } from '../../../src/queueing/calls/budgets/active-retries.ts';
import { DEFAULT_GRPC_THROTTLE } from '../../../src/queueing/calls/budgets/grpc-throttle.ts';
import { DEFAULT_RATIO_BUCKET } from '../../../src/queueing/calls/budgets/ratio-bucket.ts';
import { DEFAULT_RETRY_QUOTA } from '../../../src/queueing/calls/budgets/retry-quota.ts';
import type { CallFailure } from '../../../src/queueing/calls/call-failure.ts';
import {
  type Attempt,
  type CallGuard,
  type CallGuardState,
  createCallGuard,
} from '../../../src/queueing/calls/call-guard.ts';
import {
  type CallPolicies,
  DEFAULT_CALL_POLICIES,
} from '../../../src/queueing/calls/call-policies.ts';
import {
  DEFAULT_FIXED_HEDGE,
  DEFAULT_QUANTILE_HEDGE,
} from '../../../src/queueing/calls/hedging.ts';
import { deepFreeze, throughJson } from './frozen.ts';

const FIRST: Attempt = { id: 1, role: 'first' };
const RETRY: Attempt = { id: 2, role: 'retry' };

function end(guard: CallGuard, nowUs: number, failure?: CallFailure): Attempt | undefined {
  return guard.finished({ failure, durationUs: 1_000, nowUs, role: 'first' });
}

describe('a call guard', () => {
  it('Q36: without policies admits everything and waits for its timeout', () => {
    const guard = createCallGuard(DEFAULT_CALL_POLICIES);
    expect(guard.admit(0, 0.5, FIRST)).toBe('admitted');
    expect(end(guard, 10)).toBeUndefined();
    expect(guard.hedgeAfterUs()).toBeUndefined();
    expect(guard.hedgeAfterFailureUs('timeout')).toBeUndefined();
    expect(guard.mayHedge(0, 0)).toBe(false);
    expect(guard.timeoutUs(0, 5)).toBe(1_000_000);
    expect(guard.breakerStatus(0)).toBe('closed');
    expect(guard.expireWaiting(0)).toEqual([]);
    expect(guard.fallback({ failure: 'timeout', nowUs: 0, cachedAtUs: 0 })).toBeUndefined();
    expect(guard.save()).toEqual({ active: 0, activeExtra: 0 });
  });

  it('Q36: who refuses leaves the others as they were', () => {
    const guard = createCallGuard({
      ...DEFAULT_CALL_POLICIES,
      breaker: { ...DEFAULT_CONSECUTIVE, failures: 1, openUs: 100 },
      bulkhead: { kind: 'semaphore', maxConcurrent: 1, maxWaiting: 0, maxWaitUs: 0 },
      throttle: { ...DEFAULT_ADAPTIVE_THROTTLE, protectedRequests: 1 },
    });
    expect(guard.admit(0, 1e-9, FIRST)).toBe('admitted');
    expect(guard.admit(0, 0.5, FIRST)).toBe('bulkhead-full');
    expect(guard.save().throttle?.sum[0]).toBe(1);
    end(guard, 0, 'unavailable');
    expect(guard.breakerStatus(0)).toBe('open');
    expect(guard.admit(50, 0.9, FIRST)).toBe('breaker-open');
    // The trial is not used up by a request that the throttle turns away.
    expect(guard.admit(100, 0.9, FIRST)).toBe('admitted');
    guard.cancelled(100, 'first');
    expect(guard.breakerStatus(100)).toBe('open');
    expect(guard.admit(200, 0.01, FIRST)).toBe('throttled');
    expect(guard.breakerStatus(200)).toBe('open');
    expect(guard.admit(200, 0.99, FIRST)).toBe('admitted');
    expect(guard.breakerStatus(200)).toBe('half-open');
    end(guard, 210, 'invalid');
    expect(guard.breakerStatus(210)).toBe('closed');
    expect(guard.save().active).toBe(0);
  });

  it('Q30: hands a place on to who waits, and tells who waited too long', () => {
    const guard = createCallGuard({
      ...DEFAULT_CALL_POLICIES,
      breaker: { ...DEFAULT_COUNT_WINDOW, halfOpenCalls: 2 },
      bulkhead: { kind: 'semaphore', maxConcurrent: 1, maxWaiting: 5, maxWaitUs: 100 },
    });
    const attempts: Attempt[] = [1, 2, 3].map((id) => ({ id, role: 'first' }));
    const verdicts = attempts.map((attempt, i) => guard.admit(i * 40, 0.5, attempt));
    expect(verdicts).toEqual(['admitted', 'waiting', 'waiting']);
    expect(end(guard, 100)).toEqual({ id: 2, role: 'first' });
    expect(guard.expireWaiting(180)).toEqual([{ id: 3, role: 'first' }]);
    expect(guard.cancelled(190, 'first')).toBeUndefined();
    expect(guard.save()).toMatchObject({ active: 0, bulkhead: { active: 0, waiting: [] } });
  });

  it('Q30: who is withdrawn from the line gives back its trial and is not active', () => {
    const guard = createCallGuard({
      ...DEFAULT_CALL_POLICIES,
      breaker: { ...DEFAULT_COUNT_WINDOW, minimumCalls: 1, halfOpenCalls: 2 },
      bulkhead: { kind: 'semaphore', maxConcurrent: 1, maxWaiting: 1, maxWaitUs: 100 },
    });
    guard.admit(0, 0.5, FIRST);
    end(guard, 0, 'unavailable');
    expect(guard.breakerStatus(0)).toBe('open');
    const nowUs = 3_600_000_000;
    expect(guard.admit(nowUs, 0.5, FIRST)).toBe('admitted');
    expect(guard.admit(nowUs, 0.5, RETRY)).toBe('waiting');
    const before = guard.save();
    expect(guard.admit(nowUs, 0.5, { id: 3, role: 'first' })).toBe('breaker-open');
    guard.withdraw(nowUs, RETRY);
    expect(guard.save()).toMatchObject({
      active: 1,
      activeExtra: before.activeExtra - 1,
      bulkhead: { active: 1, waiting: [] },
    });
    guard.withdraw(nowUs, RETRY);
    guard.withdraw(nowUs, FIRST);
    expect(guard.save().active).toBe(1);
    expect(guard.admit(nowUs, 0.5, { id: 3, role: 'first' })).toBe('waiting');
  });

  it('Q21: retries what the policy names, as long as the budget pays', () => {
    const guard = createCallGuard({
      ...DEFAULT_CALL_POLICIES,
      budget: { ...DEFAULT_ACTIVE_RETRIES, minRetryConcurrency: 1 },
    });
    const failed = { failure: 'timeout', attempts: 1 } as const;
    expect(guard.mayRetry({ ...failed, failure: 'error' }, 0)).toBe(false);
    expect(guard.mayRetry({ ...failed, attempts: 3 }, 0)).toBe(false);
    expect(guard.mayRetry(failed, 0)).toBe(true);
    expect(guard.mayRetry(failed, 0)).toBe(false);
    expect(guard.admit(5, 0.5, RETRY)).toBe('admitted');
    expect(guard.mayRetry(failed, 5)).toBe(false);
    guard.finished({ failure: undefined, durationUs: 1, nowUs: 6, role: 'retry' });
    expect(guard.mayRetry(failed, 7)).toBe(true);
    guard.abandonExtra();
    expect(guard.save()).toMatchObject({ active: 0, activeExtra: 0 });
    expect(guard.backoff(FIRST_BACKOFF, 0.5).pauseUs).toBe(50_000);
    expect(guard.backoff(FIRST_BACKOFF, 0.5, 7).pauseUs).toBe(7);
  });

  it('Q24: a retry that is refused, or waits too long, is no longer active', () => {
    const guard = createCallGuard({
      ...DEFAULT_CALL_POLICIES,
      budget: { ...DEFAULT_ACTIVE_RETRIES, minRetryConcurrency: 1 },
      breaker: { ...DEFAULT_CONSECUTIVE, failures: 1, openUs: 100 },
      bulkhead: { kind: 'semaphore', maxConcurrent: 1, maxWaiting: 1, maxWaitUs: 50 },
    });
    const failed = { failure: 'timeout', attempts: 1 } as const;
    guard.admit(0, 0.5, FIRST);
    guard.admit(0, 0.5, { id: 3, role: 'first' });
    expect(end(guard, 1, 'timeout')).toEqual({ id: 3, role: 'first' });
    expect(guard.mayRetry(failed, 1)).toBe(true);
    expect(guard.admit(2, 0.5, RETRY)).toBe('breaker-open');
    expect(guard.save()).toMatchObject({ active: 1, activeExtra: 0 });
    expect(guard.mayRetry(failed, 2)).toBe(true);
    // The trial waits behind the first attempt, which is still under way, and gives up.
    expect(guard.admit(101, 0.5, RETRY)).toBe('waiting');
    expect(guard.breakerStatus(101)).toBe('half-open');
    expect(guard.expireWaiting(151)).toEqual([RETRY]);
    expect(guard.breakerStatus(151)).toBe('open');
    expect(guard.save()).toMatchObject({ active: 1, activeExtra: 0 });
  });

  it('Q23: a failure that is not tried again takes no token, and hedges need one', () => {
    const guard = createCallGuard({
      ...DEFAULT_CALL_POLICIES,
      budget: DEFAULT_GRPC_THROTTLE,
      hedge: { ...DEFAULT_FIXED_HEDGE, capRatio: 1 },
    });
    const once = (failure?: CallFailure): void => {
      guard.admit(0, 0.5, FIRST);
      end(guard, 0, failure);
    };
    for (let i = 0; i < 20; i += 1) once('error');
    expect(guard.mayHedge(0, 0)).toBe(true);
    guard.abandonExtra();
    for (let i = 0; i < 5; i += 1) once('timeout');
    const before = guard.save().hedge;
    expect(guard.mayHedge(0, 0)).toBe(false);
    expect(guard.save().hedge).toEqual(before);
    once();
    expect(guard.mayHedge(0, 0)).toBe(true);
    expect(guard.hedgeAfterUs()).toBe(500_000);
    expect(guard.hedgeAfterFailureUs('unavailable')).toBe(0);
  });

  it('Q25: a retry that succeeds gives back what its failure cost', () => {
    const guard = createCallGuard({ ...DEFAULT_CALL_POLICIES, budget: DEFAULT_RETRY_QUOTA });
    expect(guard.mayRetry({ failure: 'timeout', attempts: 1 }, 0)).toBe(true);
    expect(guard.save().budget).toEqual({ tokens: 490 });
    guard.admit(0, 0.5, RETRY);
    const ended = { failure: undefined, durationUs: 1, nowUs: 1, role: 'retry' } as const;
    guard.finished({ ...ended, retryOf: 'timeout' });
    expect(guard.save().budget).toEqual({ tokens: 500 });
  });

  it('Q33, Q35: hands on deadlines and falls back', () => {
    const guard = createCallGuard({
      ...DEFAULT_CALL_POLICIES,
      deadline: { allowanceUs: 10, minimumUs: 5 },
      fallback: [{ kind: 'default-value', on: ['too-late'] }],
    });
    expect([guard.timeoutUs(0, 100), guard.timeoutUs(90, 100)]).toEqual([90, 0]);
    const failed = { failure: 'too-late', nowUs: 90, cachedAtUs: undefined } as const;
    expect(guard.fallback(failed)).toMatchObject({ degraded: true, source: 'default-value' });
  });
});

const EVERYTHING: CallPolicies = {
  ...DEFAULT_CALL_POLICIES,
  budget: { ...DEFAULT_RATIO_BUCKET, minRetriesPerSec: 1 },
  breaker: DEFAULT_HYSTRIX,
  bulkhead: { kind: 'semaphore', maxConcurrent: 3, maxWaiting: 2, maxWaitUs: 300_000 },
  hedge: { ...DEFAULT_QUANTILE_HEDGE, capRatio: 0.5, minSamples: 5, windowSamples: 20 },
  throttle: { ...DEFAULT_ADAPTIVE_THROTTLE, protectedRequests: 5 },
};

/** A clumsy client: draws decide what it does next; every attempt ends in exactly one way. */
class Client {
  readonly log: unknown[] = [];
  guard: CallGuard;
  #running: Attempt[] = [];
  #granted: Attempt['role'][] = [];
  #id = 0;

  constructor(guard: CallGuard) {
    this.guard = guard;
  }

  step(nowUs: number, choice: number, u: number): void {
    for (const expired of this.guard.expireWaiting(nowUs)) this.log.push(['expired', expired]);
    if (choice === 0) this.#admit(nowUs, u, 'first');
    if (choice === 1) this.#admit(nowUs, u, this.#granted.pop() ?? 'first');
    if (choice >= 2) this.#end(nowUs, choice, u);
    expect(this.guard.save().active).toBeGreaterThanOrEqual(this.#running.length);
    expect(this.#running.length).toBeLessThanOrEqual(3);
  }

  #admit(nowUs: number, u: number, role: Attempt['role']): void {
    this.#id += 1;
    const attempt = { id: this.#id, role };
    const verdict = this.guard.admit(nowUs, u, attempt);
    this.log.push([attempt, verdict, this.guard.hedgeAfterUs()]);
    if (verdict === 'admitted') this.#running.push(attempt);
  }

  #end(nowUs: number, choice: number, u: number): void {
    const attempt = this.#running.shift();
    if (attempt === undefined) return;
    const failure = choice === 2 ? undefined : choice === 3 ? 'timeout' : 'unavailable';
    const durationUs = Math.round(u * 1_000_000);
    const next =
      choice === 5
        ? this.guard.cancelled(nowUs, attempt.role)
        : this.guard.finished({ failure, durationUs, nowUs, role: attempt.role });
    if (next !== undefined) this.#running.push(next);
    if (failure === undefined) return;
    if (this.guard.mayRetry({ failure, attempts: 1 }, nowUs)) this.#granted.push('retry');
    if (this.guard.mayHedge(nowUs, 0)) this.#granted.push('hedge');
    this.log.push([this.#granted.length, this.guard.breakerStatus(nowUs)]);
  }
}

test.prop(
  [
    fc.array(
      fc.tuple(
        fc.nat({ max: 200_000 }),
        fc.constantFrom(0, 0, 1, 1, 2, 2, 3, 4, 5),
        fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }),
      ),
      { minLength: 20, maxLength: 400 },
    ),
  ],
  { numRuns: 100, seed: 20261125 },
)('Q37: is deterministic, and goes on from JSON as if nothing had been', (steps) => {
  const unbroken = new Client(createCallGuard(EVERYTHING));
  const moved = new Client(createCallGuard(EVERYTHING));
  let nowUs = 0;
  steps.forEach(([gapUs, choice, u], i) => {
    nowUs += gapUs;
    unbroken.step(nowUs, choice, u);
    if (i % 7 === 0) {
      const saved: CallGuardState = deepFreeze(throughJson(moved.guard.save()));
      moved.guard = createCallGuard(EVERYTHING, saved);
    }
    moved.step(nowUs, choice, u);
  });
  expect(unbroken.log.length).toBeGreaterThan(0);
  expect(moved.log).toEqual(unbroken.log);
  expect(moved.guard.save()).toEqual(unbroken.guard.save());
});
