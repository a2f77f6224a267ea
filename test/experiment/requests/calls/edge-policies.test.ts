/** An edge under policies that turn calls away, let them wait, or answer for a server. */
import { describe, expect, it } from 'vitest';
import type { Call } from '../../../../src/experiment/requests/calls/call.ts';
import type { AnswersKept } from '../../../../src/experiment/requests/calls/call-edge.ts';
import type { CallPolicies } from '../../../../src/queueing/calls/call-policies.ts';
import { edgeBench, retrying } from './edge-bench.ts';

const NEVER = { afterUs: Number.POSITIVE_INFINITY };

function bulkhead(maxWaiting: number, maxWaitUs: number): CallPolicies['bulkhead'] {
  return { kind: 'semaphore', maxConcurrent: 1, maxWaiting, maxWaitUs };
}

describe('a bulkhead', () => {
  it('Q30: lets tries wait for their place, first come first', () => {
    const bench = edgeBench({
      policies: { bulkhead: bulkhead(2, 50_000) },
      script: () => ({ afterUs: 8_000 }),
    });
    for (const name of ['a', 'b', 'c', 'd']) bench.ask(0, name);
    expect(bench.run()).toEqual([
      'd failed (bulkhead-full) at 0',
      'a answered at 10000',
      'b answered at 20000',
      'c answered at 30000',
    ]);
    expect(bench.account).toMatchObject({ attempts: 3, answers: 3 });
  });

  it('Q30: turns out who has waited long enough; the policy may try again', () => {
    const bench = edgeBench({
      policies: {
        bulkhead: bulkhead(1, 4_000),
        retry: { ...retrying(2, 7_000), retryOn: ['bulkhead-full'] },
      },
      script: () => ({ afterUs: 8_000 }),
    });
    bench.ask(0, 'a');
    bench.ask(1_000, 'b');
    // b waits until 5,000, pauses until 12,000, and finds the bulkhead empty.
    expect(bench.run()).toEqual(['a answered at 10000', 'b answered at 22000']);
    expect(bench.account).toMatchObject({
      attempts: 2,
      retries: 1,
      failures: { 'bulkhead-full': 1 },
    });
    expect(bench.openTries()).toBe(0);
  });

  it('Q21: who is turned away at the door is tried again too, if the policy says so', () => {
    const bench = edgeBench({
      policies: {
        bulkhead: bulkhead(0, 0),
        retry: { ...retrying(2, 12_000), retryOn: ['bulkhead-full'] },
      },
      script: () => ({ afterUs: 8_000 }),
    });
    bench.ask(0, 'a');
    bench.ask(1_000, 'b');
    expect(bench.run()).toEqual(['a answered at 10000', 'b answered at 23000']);
  });

  it('Q30: a try that was given up while it waited leaves its place to the next', () => {
    const bench = edgeBench({
      policies: { bulkhead: bulkhead(5, 100_000) },
      script: () => ({ afterUs: 8_000 }),
    });
    bench.ask(0, 'a');
    const gone = bench.ask(0, 'gone');
    const goneToo = bench.ask(0, 'gone-too');
    bench.ask(0, 'b');
    bench.giveUp(2_000, gone);
    bench.giveUp(2_000, goneToo);
    bench.ask(25_000, 'c');
    expect(bench.run()).toEqual([
      'a answered at 10000',
      'b answered at 20000',
      'c answered at 35000',
    ]);
    expect(bench.account).toMatchObject({ attempts: 3, answers: 3, hangUps: 0, abandoned: 2 });
    expect(bench.guard.save()).toMatchObject({ active: 0, bulkhead: { active: 0, waiting: [] } });
  });

  it('Q33: what is too late once its place is free is not sent', () => {
    const bench = edgeBench({
      policies: {
        bulkhead: bulkhead(5, 100_000),
        timeoutUs: 50_000,
        deadline: { allowanceUs: 0, minimumUs: 1 },
      },
      script: () => ({ afterUs: 8_000 }),
    });
    bench.ask(0, 'a');
    bench.ask(0, 'late', { deadlineUs: 10_000 });
    bench.ask(0, 'b');
    expect(bench.run()).toEqual([
      'a answered at 10000',
      'late failed (too-late) at 10000',
      'b answered at 20000',
    ]);
    expect(bench.arrivals.map(({ call }) => call)).toEqual(['a', 'b']);
    expect(bench.account).toMatchObject({ attempts: 2, answers: 2, failures: { 'too-late': 1 } });
    expect(bench.guard.save()).toMatchObject({ active: 0, bulkhead: { active: 0 } });
  });

  it('E10: the time-out of a try begins when it is sent, not when it began to wait', () => {
    const bench = edgeBench({
      policies: { bulkhead: bulkhead(5, 100_000), timeoutUs: 10_500 },
      script: () => ({ afterUs: 8_000 }),
    });
    bench.ask(0, 'a');
    bench.ask(0, 'b');
    expect(bench.run()).toEqual(['a answered at 10000', 'b answered at 20000']);
  });
});

describe('a breaker, a throttle, a budget', () => {
  it('Q26: a breaker refuses while it is open, and the owner hears after the instant', () => {
    const bench = edgeBench({
      policies: { breaker: { kind: 'consecutive-failures', failures: 2, openUs: 20_000 } },
      script: (_, n) => (n <= 2 ? { afterUs: 0, failure: 'reset' } : { afterUs: 0 }),
    });
    for (const [n, atUs] of [0, 3_000, 6_000, 30_000].entries()) bench.ask(atUs, `call-${n}`);
    expect(bench.run()).toEqual([
      'call-0 failed (unavailable) at 2000',
      'call-1 failed (unavailable) at 5000',
      'call-2 failed (breaker-open) at 6000',
      'call-3 answered at 32000',
    ]);
    expect(bench.account).toMatchObject({ calls: 4, attempts: 3 });
  });

  it('Q34: a throttle turns away where too few are accepted', () => {
    const bench = edgeBench({
      policies: {
        throttle: {
          kind: 'adaptive',
          multiplier: 2,
          windowUs: 1_000_000,
          slots: 10,
          protectedRequests: 0,
        },
      },
      script: () => ({ afterUs: 0, failure: 'shed' }),
    });
    for (let n = 0; n < 6; n += 1) bench.ask(n * 10_000, `call-${n}`);
    // u = 0.5 passes while requests / (requests + 1) < 0.5: the first, and none after the second.
    const outcomes = bench.run();
    expect(outcomes[0]).toBe('call-0 failed (overloaded) at 2000');
    expect(outcomes.at(-1)).toBe('call-5 failed (throttled) at 50000');
    expect(bench.account.attempts).toBeLessThan(3);
    expect(bench.account.failures['throttled']).toBe(6 - bench.account.attempts);
  });

  it('Q22: a budget that is used up ends the retries', () => {
    const bench = edgeBench({
      policies: {
        retry: retrying(10, 1_000),
        budget: {
          kind: 'ratio-bucket',
          ttlUs: 10_000_000,
          retryRatio: 0,
          minRetriesPerSec: 0.2,
          slots: 10,
        },
      },
      script: () => ({ afterUs: 0, failure: 'reset' }),
    });
    bench.ask(0);
    // 0.2 a second over ten seconds: two retries.
    expect(bench.run()).toEqual(['home failed (unavailable) at 8000']);
    expect(bench.account).toMatchObject({ attempts: 3, retries: 2 });
  });
});

describe('fallbacks', () => {
  const kept = (): AnswersKept => {
    const answers = new Map<string, number>();
    const keyOf = (call: Call) => call.request.page;
    return {
      keep: (call, nowUs) => void answers.set(keyOf(call), nowUs),
      keptAtUs: (call) => answers.get(keyOf(call)),
    };
  };

  it('E14: stale only after an answer to the same question, and not when too old', () => {
    const bench = edgeBench({
      policies: {
        fallback: [{ kind: 'stale-cache', maxStalenessUs: 10_000, on: ['unavailable'] }],
      },
      script: (_, n) => (n === 2 ? { afterUs: 0 } : { afterUs: 0, failure: 'reset' }),
      answersKept: kept(),
    });
    bench.ask(0, 'home');
    bench.ask(3_000, 'home');
    bench.ask(6_000, 'title');
    bench.ask(13_000, 'home');
    bench.ask(14_000, 'home');
    expect(bench.run()).toEqual([
      'home failed (unavailable) at 2000',
      'home answered at 5000',
      'title failed (unavailable) at 8000',
      'home stale (unavailable) at 15000',
      'home failed (unavailable) at 16000',
    ]);
    expect(bench.account.settled).toEqual({ answered: 1, failed: 3, stale: 1, default: 0 });
  });

  it('E14: a default where no answer is young enough, for calls that never left too', () => {
    const bench = edgeBench({
      policies: {
        timeoutUs: 5_000,
        bulkhead: bulkhead(0, 0),
        fallback: [
          { kind: 'stale-cache', maxStalenessUs: 10_000, on: ['timeout', 'bulkhead-full'] },
          { kind: 'default-value', on: ['timeout', 'bulkhead-full'] },
        ],
      },
      script: () => NEVER,
      answersKept: kept(),
    });
    bench.ask(0, 'home');
    bench.ask(1_000, 'home');
    expect(bench.run()).toEqual([
      'home default (bulkhead-full) at 1000',
      'home default (timeout) at 5000',
    ]);
  });
});
