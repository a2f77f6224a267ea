/** The retry storm: what retries do to M/M/1/100 at 93 % utilization after a spike of five seconds,
 * and which policies end it. Thirty seeds; the same arrivals and service times under all. */
import { describe, expect, it } from 'vitest';
import { DEFAULT_HYSTRIX } from '../../../../src/queueing/calls/breakers/hystrix.ts';
import { DEFAULT_ACTIVE_RETRIES } from '../../../../src/queueing/calls/budgets/active-retries.ts';
import { DEFAULT_GRPC_THROTTLE } from '../../../../src/queueing/calls/budgets/grpc-throttle.ts';
import { DEFAULT_RATIO_BUCKET } from '../../../../src/queueing/calls/budgets/ratio-bucket.ts';
import type { CallPolicies } from '../../../../src/queueing/calls/call-policies.ts';
import { runStorm, STORM_POLICIES, type StormResult } from './storm-model.ts';

const SECOND = 1_000_000;
const SEEDS = Array.from({ length: 30 }, (_, i) => i + 1);

function storms(policies: CallPolicies): readonly StormResult[] {
  return SEEDS.map((seed) => runStorm(policies, seed));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function calmCount(results: readonly StormResult[]): number {
  return results.filter(({ calmAtUs }) => Number.isFinite(calmAtUs)).length;
}

const noRetries = storms({ ...STORM_POLICIES, retry: { ...STORM_POLICIES.retry, maxAttempts: 1 } });

describe('the retry storm', () => {
  it('Q38: outlives its spike without a budget, whatever the seed', () => {
    const results = storms(STORM_POLICIES);
    expect(calmCount(results)).toBe(0);
    expect(mean(results.map(({ answeredShare }) => answeredShare))).toBeLessThan(0.001);
    expect(calmCount(SEEDS.slice(0, 3).map((seed) => runStorm(STORM_POLICIES, seed, 1e9)))).toBe(0);
    // The fixed point of L = λ·(1 + a + a² + a³), a = μ/L (attempts that get into the line, all
    // of which time out) is L = 18.5 for λ = 9.3, μ = 10: two attempts a call.
    const amplification = mean(results.map((result) => result.amplification));
    expect(Math.abs(amplification / fixedPoint(9.3, 10) - 1)).toBeLessThan(0.02);
  });

  it('Q38: ends with the gRPC throttle, as if there were no retries', () => {
    const results = storms({ ...STORM_POLICIES, budget: DEFAULT_GRPC_THROTTLE });
    expect(calmCount(results)).toBeGreaterThanOrEqual(29);
    const shares = results.map(({ answeredShare }) => answeredShare).sort((a, b) => a - b);
    expect(shares[15]).toBeGreaterThan(0.99);
    const withoutRetries = mean(noRetries.map(({ answeredShare }) => answeredShare));
    expect(Math.abs(mean(shares) - withoutRetries)).toBeLessThan(0.08);
  });

  it('Q38: ends soonest with a circuit breaker', () => {
    const results = storms({ ...STORM_POLICIES, breaker: DEFAULT_HYSTRIX });
    expect(calmCount(results)).toBe(SEEDS.length);
    const calmAt = results.map(({ calmAtUs }) => calmAtUs).sort((a, b) => a - b);
    const calmWithoutRetries = noRetries.map(({ calmAtUs }) => calmAtUs).sort((a, b) => a - b);
    expect(calmAt[15]).toBeLessThan(150 * SECOND);
    expect(calmWithoutRetries[15]).toBeGreaterThan(180 * SECOND);
    expect(results.every(({ refused }) => refused > 0)).toBe(true);
  });

  it('Q38: does not end with a budget that allows more than the server can do', () => {
    // 9.3 · 1.2 > 10: Finagle's ratio without its reserve, and Envoy's, leave it overloaded.
    const ratio = { ...DEFAULT_RATIO_BUCKET, minRetriesPerSec: 0 };
    for (const budget of [ratio, DEFAULT_ACTIVE_RETRIES]) {
      const results = storms({ ...STORM_POLICIES, budget });
      expect(calmCount(results)).toBeLessThanOrEqual(3);
      for (const { calls, attempts } of results) {
        expect(attempts).toBeLessThanOrEqual(calls * 1.35);
      }
    }
    // 9.3 · 1.05 < 10.
    const small = storms({ ...STORM_POLICIES, budget: { ...ratio, retryRatio: 0.05 } });
    expect(calmCount(small)).toBeGreaterThanOrEqual(20);
    for (const { calls, attempts } of small) expect(attempts).toBeLessThanOrEqual(calls * 1.05);
  });

  it('K8: is the same run twice', () => {
    const policies = { ...STORM_POLICIES, budget: DEFAULT_GRPC_THROTTLE };
    expect(runStorm(policies, 7)).toEqual(runStorm(policies, 7));
    expect(runStorm(policies, 7)).not.toEqual(runStorm(policies, 8));
  });
});

/** Attempts per call where the line is always full. */
function fixedPoint(arrivalRate: number, serviceRate: number): number {
  let attemptRate = arrivalRate;
  for (let i = 0; i < 1_000; i += 1) {
    const a = Math.min(1, serviceRate / attemptRate);
    attemptRate = (attemptRate + arrivalRate * (1 + a + a ** 2 + a ** 3)) / 2;
  }
  return attemptRate / arrivalRate;
}
