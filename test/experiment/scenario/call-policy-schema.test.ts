/** The schema of call policies: its defaults are the published ones, and what is wrong is told. */
import { describe, expect, it } from 'vitest';
import { callPoliciesSchema } from '../../../src/experiment/scenario/call-policy-schema.ts';
import { DEFAULT_ADAPTIVE_THROTTLE } from '../../../src/queueing/calls/adaptive-throttle.ts';
import { DEFAULT_CONSECUTIVE } from '../../../src/queueing/calls/breakers/consecutive.ts';
import { DEFAULT_HYSTRIX } from '../../../src/queueing/calls/breakers/hystrix.ts';
import {
  DEFAULT_COUNT_WINDOW,
  DEFAULT_TIME_WINDOW,
} from '../../../src/queueing/calls/breakers/sliding-window.ts';
import { DEFAULT_ACTIVE_RETRIES } from '../../../src/queueing/calls/budgets/active-retries.ts';
import { DEFAULT_GRPC_THROTTLE } from '../../../src/queueing/calls/budgets/grpc-throttle.ts';
import { DEFAULT_RATIO_BUCKET } from '../../../src/queueing/calls/budgets/ratio-bucket.ts';
import { DEFAULT_RETRY_QUOTA } from '../../../src/queueing/calls/budgets/retry-quota.ts';
import { DEFAULT_BULKHEAD } from '../../../src/queueing/calls/bulkhead.ts';
import { createCallGuard } from '../../../src/queueing/calls/call-guard.ts';
import {
  type CallPolicies,
  DEFAULT_CALL_POLICIES,
} from '../../../src/queueing/calls/call-policies.ts';
import { DEFAULT_DEADLINE } from '../../../src/queueing/calls/deadline.ts';
import {
  DEFAULT_FIXED_HEDGE,
  DEFAULT_QUANTILE_HEDGE,
} from '../../../src/queueing/calls/hedging.ts';

/** What is wrong, as `path: message` lines. */
function problems(input: unknown): string[] {
  const parsed = callPoliciesSchema.safeParse(input);
  return (parsed.error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('the schema of call policies', () => {
  it('Q36: makes the defaults of nothing', () => {
    const policies: CallPolicies = callPoliciesSchema.parse({});
    expect(policies).toEqual(DEFAULT_CALL_POLICIES);
    expect(createCallGuard(policies).save()).toEqual({ active: 0, activeExtra: 0 });
  });

  it.each([
    ['budget', DEFAULT_RATIO_BUCKET],
    ['budget', DEFAULT_GRPC_THROTTLE],
    ['budget', DEFAULT_ACTIVE_RETRIES],
    ['budget', DEFAULT_RETRY_QUOTA],
    ['breaker', DEFAULT_HYSTRIX],
    ['breaker', DEFAULT_COUNT_WINDOW],
    ['breaker', DEFAULT_TIME_WINDOW],
    ['breaker', DEFAULT_CONSECUTIVE],
    ['bulkhead', DEFAULT_BULKHEAD],
    ['hedge', DEFAULT_FIXED_HEDGE],
    ['hedge', DEFAULT_QUANTILE_HEDGE],
    ['throttle', DEFAULT_ADAPTIVE_THROTTLE],
  ] as const)('Q36: fills in the published defaults of %s %j', (policy, config) => {
    const parsed = callPoliciesSchema.parse({ [policy]: { kind: config.kind } });
    expect(parsed[policy]).toEqual(config);
  });

  it('Q36: fills in deadlines and fallbacks', () => {
    const parsed = callPoliciesSchema.parse({
      deadline: {},
      fallback: [{ kind: 'default-value' }],
    });
    expect(parsed.deadline).toEqual(DEFAULT_DEADLINE);
    expect(parsed.fallback?.[0]?.on).toContain('breaker-open');
    expect(parsed.fallback?.[0]?.on).not.toContain('invalid');
  });

  it('Q36: says what is wrong, and where', () => {
    expect(problems({ timeout: 1 })).toEqual([': Unrecognized key: "timeout"']);
    expect(problems({ retry: { maxAttempts: 0 } })[0]).toMatch(/^retry\.maxAttempts: Too small/);
    expect(problems({ retry: { retryOn: ['timeouts'] } })[0]).toMatch(
      /^retry\.retryOn\.0: .*timeout/,
    );
    expect(problems({ breaker: { kind: 'hystrics' } })[0]).toMatch(/^breaker\.kind: /);
    expect(problems({ breaker: { kind: 'hystrix', size: 3 } })).toEqual([
      'breaker: Unrecognized key: "size"',
    ]);
    expect(problems({ breaker: { kind: 'hystrix', snapshotUs: 300_000 } })).toEqual([
      'breaker.windowUs: must be a whole number (at most 1,000) of snapshotUs',
    ]);
    expect(problems({ breaker: { kind: 'time-window', windowUs: 1_500_000 } })).toEqual([
      'breaker.windowUs: must be a whole number (at most 1,000) of slotUs',
    ]);
    expect(problems({ budget: { kind: 'ratio-bucket', ttlUs: 1 } })[0]).toMatch(/^budget\.ttlUs/);
    expect(problems({ fallback: [{ kind: 'stale-cache' }] })[0]).toMatch(
      /^fallback\.0\.maxStalenessUs/,
    );
  });
});
