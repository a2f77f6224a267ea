/** Drawn policies of calls: a time-out and no second try is the plainest. Windows and minimums are
 * small, so that a few failures move what many would in real life. Spec: T51. */
import fc from 'fast-check';
import type { ScenarioInput } from '../../../experiment/scenario/schema.ts';
import { ms, seconds } from '../../../kernel/time.ts';
import { oneOf, partly, seldom } from './draw.ts';

type Requests = NonNullable<ScenarioInput['requests']>;
type CallPolicies = NonNullable<Requests['calls']>;
type Of<K extends keyof CallPolicies> = NonNullable<CallPolicies[K]>;

const retry = partly<Of<'retry'>>({
  maxAttempts: oneOf(1, 2, 3, 5),
  backoff: oneOf(
    undefined,
    { kind: 'none' as const, baseUs: 0 },
    { kind: 'full-jitter' as const, baseUs: ms(20), capUs: ms(400) },
    { kind: 'equal-jitter' as const, baseUs: ms(20), capUs: ms(400) },
    { kind: 'decorrelated' as const, baseUs: ms(20), capUs: ms(400) },
    { kind: 'decorrelated-v2' as const, baseUs: ms(20), capUs: ms(400) },
  ),
});

const budget = oneOf<Of<'budget'>>(
  { kind: 'ratio-bucket', retryRatio: 0.2, minRetriesPerSec: 1 },
  { kind: 'grpc-throttle', maxTokens: 4, tokenRatio: 0.5 },
  { kind: 'active-retries', budgetRatio: 0.2, minRetryConcurrency: 1 },
  { kind: 'quota', capacity: 20, retryCost: 5, timeoutCost: 10, successGain: 1 },
);

const breaker = oneOf<Of<'breaker'>>(
  { kind: 'consecutive-failures', failures: 2, openUs: seconds(2) },
  { kind: 'count-window', size: 6, minimumCalls: 3, openUs: seconds(2), halfOpenCalls: 2 },
  {
    kind: 'time-window',
    windowUs: seconds(10),
    slotUs: seconds(1),
    minimumCalls: 3,
    openUs: seconds(2),
    halfOpenCalls: 1,
  },
  {
    kind: 'hystrix',
    windowUs: seconds(10),
    snapshotUs: ms(500),
    minimumRequests: 3,
    sleepUs: seconds(2),
  },
);

const bulkhead = fc.record({
  maxConcurrent: oneOf(10, 2, 1),
  maxWaiting: oneOf(0, 3),
  maxWaitUs: oneOf<number>(0, ms(200)),
});

const hedge = oneOf<Of<'hedge'>>(
  { kind: 'fixed', delayUs: ms(50) },
  { kind: 'fixed', delayUs: 0, maxHedges: 2, capRatio: 1 },
  { kind: 'quantile', quantile: 0.9, initialDelayUs: ms(80), minSamples: 3, windowSamples: 10 },
);

const fallback = oneOf<Of<'fallback'>>(
  [{ kind: 'default-value' }],
  [{ kind: 'stale-cache', maxStalenessUs: seconds(30) }],
  [{ kind: 'stale-cache', maxStalenessUs: seconds(5) }, { kind: 'default-value' }],
);

const policies = partly<CallPolicies>({
  timeoutUs: oneOf(seconds(1), ms(150), seconds(3)),
  retry: seldom(retry, 0.6),
  budget: seldom(budget, 0.3),
  breaker: seldom(breaker, 0.4),
  bulkhead: seldom(bulkhead),
  hedge: seldom(hedge),
  throttle: seldom(oneOf<Of<'throttle'>>({ windowUs: seconds(20) }, { multiplier: 1.1 }), 0.15),
  fallback: seldom(fallback),
  deadline: seldom(oneOf<Of<'deadline'>>({}, { allowanceUs: ms(20) })),
});

/** Policies of calls to services, and of clients that ask for whole pages. */
export function requestPolicies(): fc.Arbitrary<Requests> {
  return partly<Requests>({
    pageTimeout: oneOf(seconds(5), seconds(1), seconds(10)),
    priorities: seldom(fc.constant({ home: 2, play: 0, search: 6 })),
    calls: seldom(policies, 0.7),
    pages: seldom(policies, 0.3),
  });
}
