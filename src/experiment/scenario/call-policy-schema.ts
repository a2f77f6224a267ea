/** The schema of call policies in a scenario: each field, its range and its default, which is the
 * published one of the policy's source. What it parses to is the configuration of
 * `queueing/calls/call-policies.ts` itself; unknown keys are refused. */
import { z } from 'zod';
import { DEFAULT_ADAPTIVE_THROTTLE } from '../../queueing/calls/adaptive-throttle.ts';
import { DEFAULT_CONSECUTIVE } from '../../queueing/calls/breakers/consecutive.ts';
import { DEFAULT_HYSTRIX } from '../../queueing/calls/breakers/hystrix.ts';
import {
  DEFAULT_COUNT_WINDOW,
  DEFAULT_TIME_WINDOW,
} from '../../queueing/calls/breakers/sliding-window.ts';
import { DEFAULT_ACTIVE_RETRIES } from '../../queueing/calls/budgets/active-retries.ts';
import { DEFAULT_GRPC_THROTTLE } from '../../queueing/calls/budgets/grpc-throttle.ts';
import { DEFAULT_RATIO_BUCKET } from '../../queueing/calls/budgets/ratio-bucket.ts';
import { DEFAULT_RETRY_QUOTA } from '../../queueing/calls/budgets/retry-quota.ts';
import { DEFAULT_BULKHEAD } from '../../queueing/calls/bulkhead.ts';
import { CALL_FAILURES } from '../../queueing/calls/call-failure.ts';
import { DEFAULT_CALL_POLICIES } from '../../queueing/calls/call-policies.ts';
import { DEFAULT_DEADLINE } from '../../queueing/calls/deadline.ts';
import { DEFAULT_FIXED_HEDGE, DEFAULT_QUANTILE_HEDGE } from '../../queueing/calls/hedging.ts';
import { DEFAULT_CALL_RETRY } from '../../queueing/calls/retry-policy.ts';

const count = z.int().positive();
const amount = z.number().nonnegative();
const ratio = z.number().min(0).max(1);
/** A share of calls that opens a breaker: 0 would open it for nothing. */
const threshold = z.number().positive().max(1);
const durationUs = z.int().nonnegative();
const someTimeUs = z.int().positive();
const failures = z.array(z.enum(CALL_FAILURES)).readonly();

/** Backoff: `baseUs` 0 tries again at once. */
const backoff = z.strictObject({
  kind: z
    .enum(['none', 'full-jitter', 'equal-jitter', 'decorrelated', 'decorrelated-v2'])
    .default(DEFAULT_CALL_RETRY.backoff.kind),
  baseUs: durationUs.default(DEFAULT_CALL_RETRY.backoff.baseUs),
  capUs: durationUs.default(DEFAULT_CALL_RETRY.backoff.capUs),
});

const retry = z.strictObject({
  maxAttempts: count.default(DEFAULT_CALL_RETRY.maxAttempts),
  backoff: backoff.prefault({}),
  retryOn: failures.default(DEFAULT_CALL_RETRY.retryOn),
});

const budget = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('ratio-bucket'),
    ttlUs: z.int().min(1_000_000).max(60_000_000).default(DEFAULT_RATIO_BUCKET.ttlUs),
    retryRatio: z.number().min(0).max(1_000).default(DEFAULT_RATIO_BUCKET.retryRatio),
    minRetriesPerSec: amount.default(DEFAULT_RATIO_BUCKET.minRetriesPerSec),
    slots: count.max(1_000).default(DEFAULT_RATIO_BUCKET.slots),
  }),
  z.strictObject({
    kind: z.literal('grpc-throttle'),
    maxTokens: z.int().min(1).max(1_000).default(DEFAULT_GRPC_THROTTLE.maxTokens),
    /** Three decimals count. */
    tokenRatio: z.number().min(0.001).default(DEFAULT_GRPC_THROTTLE.tokenRatio),
  }),
  z.strictObject({
    kind: z.literal('active-retries'),
    budgetRatio: ratio.default(DEFAULT_ACTIVE_RETRIES.budgetRatio),
    minRetryConcurrency: z.int().nonnegative().default(DEFAULT_ACTIVE_RETRIES.minRetryConcurrency),
  }),
  z.strictObject({
    kind: z.literal('quota'),
    capacity: amount.default(DEFAULT_RETRY_QUOTA.capacity),
    retryCost: amount.default(DEFAULT_RETRY_QUOTA.retryCost),
    timeoutCost: amount.default(DEFAULT_RETRY_QUOTA.timeoutCost),
    successGain: amount.default(DEFAULT_RETRY_QUOTA.successGain),
  }),
]);

const slidingThresholds = {
  failureRatio: threshold.default(DEFAULT_COUNT_WINDOW.failureRatio),
  slowCallRatio: threshold.default(DEFAULT_COUNT_WINDOW.slowCallRatio),
  slowCallUs: someTimeUs.default(DEFAULT_COUNT_WINDOW.slowCallUs),
  minimumCalls: count.default(DEFAULT_COUNT_WINDOW.minimumCalls),
  openUs: someTimeUs.default(DEFAULT_COUNT_WINDOW.openUs),
  halfOpenCalls: count.default(DEFAULT_COUNT_WINDOW.halfOpenCalls),
  halfOpenMaxUs: durationUs.default(DEFAULT_COUNT_WINDOW.halfOpenMaxUs),
};

const hystrix = z
  .strictObject({
    kind: z.literal('hystrix'),
    windowUs: someTimeUs.default(DEFAULT_HYSTRIX.windowUs),
    snapshotUs: someTimeUs.default(DEFAULT_HYSTRIX.snapshotUs),
    minimumRequests: count.default(DEFAULT_HYSTRIX.minimumRequests),
    failureRatio: threshold.default(DEFAULT_HYSTRIX.failureRatio),
    sleepUs: someTimeUs.default(DEFAULT_HYSTRIX.sleepUs),
  })
  .refine(({ windowUs, snapshotUs }) => isWholeNumberOf(windowUs, snapshotUs), {
    path: ['windowUs'],
    message: 'must be a whole number (at most 1,000) of snapshotUs',
  });

const timeWindow = z
  .strictObject({
    kind: z.literal('time-window'),
    windowUs: someTimeUs.default(DEFAULT_TIME_WINDOW.windowUs),
    slotUs: someTimeUs.default(DEFAULT_TIME_WINDOW.slotUs),
    ...slidingThresholds,
  })
  .refine(({ windowUs, slotUs }) => isWholeNumberOf(windowUs, slotUs), {
    path: ['windowUs'],
    message: 'must be a whole number (at most 1,000) of slotUs',
  });

const breaker = z.discriminatedUnion('kind', [
  hystrix,
  z.strictObject({
    kind: z.literal('count-window'),
    size: count.max(100_000).default(DEFAULT_COUNT_WINDOW.size),
    ...slidingThresholds,
  }),
  timeWindow,
  z.strictObject({
    kind: z.literal('consecutive-failures'),
    failures: count.default(DEFAULT_CONSECUTIVE.failures),
    openUs: someTimeUs.default(DEFAULT_CONSECUTIVE.openUs),
  }),
]);

const bulkhead = z.strictObject({
  kind: z.literal('semaphore').default('semaphore'),
  maxConcurrent: count.default(DEFAULT_BULKHEAD.maxConcurrent),
  maxWaiting: z.int().nonnegative().default(DEFAULT_BULKHEAD.maxWaiting),
  maxWaitUs: durationUs.default(DEFAULT_BULKHEAD.maxWaitUs),
});

const hedgeLimits = {
  maxHedges: count.default(DEFAULT_FIXED_HEDGE.maxHedges),
  nonFatal: failures.default(DEFAULT_FIXED_HEDGE.nonFatal),
  /** Three decimals count. */
  capRatio: ratio.default(DEFAULT_FIXED_HEDGE.capRatio),
  maxSaved: count.default(DEFAULT_FIXED_HEDGE.maxSaved),
};

const hedge = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('fixed'),
    delayUs: durationUs.default(DEFAULT_FIXED_HEDGE.delayUs),
    ...hedgeLimits,
  }),
  z.strictObject({
    kind: z.literal('quantile'),
    quantile: z.number().gt(0).lt(1).default(DEFAULT_QUANTILE_HEDGE.quantile),
    initialDelayUs: durationUs.default(DEFAULT_QUANTILE_HEDGE.initialDelayUs),
    minSamples: count.default(DEFAULT_QUANTILE_HEDGE.minSamples),
    windowSamples: count.default(DEFAULT_QUANTILE_HEDGE.windowSamples),
    ...hedgeLimits,
  }),
]);

const throttle = z.strictObject({
  kind: z.literal('adaptive').default('adaptive'),
  multiplier: z.number().min(1).default(DEFAULT_ADAPTIVE_THROTTLE.multiplier),
  windowUs: someTimeUs.default(DEFAULT_ADAPTIVE_THROTTLE.windowUs),
  slots: count.max(1_000).default(DEFAULT_ADAPTIVE_THROTTLE.slots),
  protectedRequests: z.int().nonnegative().default(DEFAULT_ADAPTIVE_THROTTLE.protectedRequests),
});

/** Failures that a fallback stands in for: all but the caller's own mistakes. */
const FALLBACK_ON = CALL_FAILURES.filter((failure) => failure !== 'invalid');

const fallback = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('stale-cache'),
    maxStalenessUs: durationUs,
    on: failures.default(FALLBACK_ON),
  }),
  z.strictObject({ kind: z.literal('default-value'), on: failures.default(FALLBACK_ON) }),
]);

const deadline = z.strictObject({
  allowanceUs: durationUs.default(DEFAULT_DEADLINE.allowanceUs),
  minimumUs: someTimeUs.default(DEFAULT_DEADLINE.minimumUs),
});

/** Call policies of a scenario. `{}` is a timeout and retries; every other policy is absent until
 * it is named, and `{ kind: … }` then gives it its published defaults. */
export const callPoliciesSchema = z.strictObject({
  timeoutUs: someTimeUs.default(DEFAULT_CALL_POLICIES.timeoutUs),
  retry: retry.prefault({}),
  budget: budget.optional(),
  breaker: breaker.optional(),
  bulkhead: bulkhead.optional(),
  hedge: hedge.optional(),
  throttle: throttle.optional(),
  fallback: z.array(fallback).readonly().optional(),
  deadline: deadline.optional(),
});

function isWholeNumberOf(windowUs: number, slotUs: number): boolean {
  const slots = windowUs / slotUs;
  return Number.isInteger(slots) && slots <= 1_000;
}
