/** Invariants of policies fire where they are broken, and references agree with the real ones. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hpaStep, NEW_HPA } from '../../../src/queueing/autoscaling/hpa.ts';
import { HPA_DEFAULTS, type HpaConfig } from '../../../src/queueing/autoscaling/hpa-config.ts';
import type { HpaObservation } from '../../../src/queueing/autoscaling/metric-replicas.ts';
import { EJECTION_DEFAULTS } from '../../../src/queueing/balancing/outlier-ejection.ts';
import { DEFAULT_CONSECUTIVE } from '../../../src/queueing/calls/breakers/consecutive.ts';
import { DEFAULT_HYSTRIX } from '../../../src/queueing/calls/breakers/hystrix.ts';
import {
  DEFAULT_COUNT_WINDOW,
  DEFAULT_TIME_WINDOW,
} from '../../../src/queueing/calls/breakers/sliding-window.ts';
import { DEFAULT_ACTIVE_RETRIES } from '../../../src/queueing/calls/budgets/active-retries.ts';
import type { RetryBudgetConfig } from '../../../src/queueing/calls/budgets/create-retry-budget.ts';
import { DEFAULT_GRPC_THROTTLE } from '../../../src/queueing/calls/budgets/grpc-throttle.ts';
import { DEFAULT_RATIO_BUCKET } from '../../../src/queueing/calls/budgets/ratio-bucket.ts';
import { DEFAULT_RETRY_QUOTA } from '../../../src/queueing/calls/budgets/retry-quota.ts';
import { DEFAULT_BULKHEAD } from '../../../src/queueing/calls/bulkhead.ts';
import { type CallGuard, createCallGuard } from '../../../src/queueing/calls/call-guard.ts';
import {
  type CallPolicies,
  DEFAULT_CALL_POLICIES,
} from '../../../src/queueing/calls/call-policies.ts';
import { DEFAULT_FIXED_HEDGE } from '../../../src/queueing/calls/hedging.ts';
import { LIMIT_DEFAULTS } from '../../../src/queueing/limits/concurrency-limit.ts';
import { type Posed, pose, tell } from './doctored.ts';

const SECOND = 1_000_000;

/** Sets an invariant on one caller. @param real - The policies that it really has. */
function caller(name: string, declared: Partial<CallPolicies>, real: Partial<CallPolicies> = {}) {
  const posed = pose(name);
  const guard = createCallGuard({ ...DEFAULT_CALL_POLICIES, ...declared, ...real });
  posed.tower.guards.watch('router→movie', guard, { ...DEFAULT_CALL_POLICIES, ...declared });
  return { ...posed, guard, at: clockOf(posed) };
}

function clockOf({ simulation }: Posed): (nowUs: number) => number {
  return (nowUs) => {
    simulation.run(nowUs);
    return nowUs;
  };
}

function fail(guard: CallGuard, nowUs: number, id: number): void {
  if (guard.admit(nowUs, 0.5, { id, role: 'first' }) !== 'admitted') return;
  guard.finished({ failure: 'timeout', durationUs: 1_000, nowUs, role: 'first' });
}

/** One call, and how it ends. */
function ask(
  guard: CallGuard,
  { end, id, nowUs }: { readonly end: string; readonly id: number; readonly nowUs: number },
): void {
  if (guard.admit(nowUs, 0.5, { id, role: 'first' }) !== 'admitted' || end === 'open') return;
  if (end === 'cancelled') {
    guard.cancelled(nowUs, 'first');
    return;
  }
  const failure = end === 'error' ? ('error' as const) : undefined;
  guard.finished({ failure, durationUs: end === 'slow' ? 5_000 : 100, nowUs, role: 'first' });
}

describe('breakers', () => {
  const fast = { ...DEFAULT_CONSECUTIVE, failures: 2, openUs: 1 * SECOND };

  it('T31: are caught where results older than the window count', () => {
    const config = { ...DEFAULT_TIME_WINDOW, windowUs: 10 * SECOND, minimumCalls: 4 };
    const never = { breaker: { ...config, windowUs: 100 * SECOND } };
    const { guard, at, look } = caller('breakers-follow-their-window', { breaker: config }, never);
    for (const second of [0, 1, 2]) fail(guard, at(second * SECOND), second);
    expect(look()).toBeUndefined();
    fail(guard, at(30 * SECOND), 3);
    expect(look()?.message).toContain('is open; by its window it is closed');
  });

  it('T31: are caught where they open late, or let a call through too soon', () => {
    const late = { breaker: { ...fast, failures: 3 } };
    const one = caller('breakers-follow-their-window', { breaker: fast }, late);
    for (const n of [0, 1]) fail(one.guard, one.at(n), n);
    expect(one.look()?.message).toContain('is closed; by its window it is open');
    const soon = { breaker: { ...fast, openUs: 10 } };
    const two = caller('breakers-follow-their-window', { breaker: fast }, soon);
    for (const n of [0, 1, 50]) fail(two.guard, two.at(n), n);
    expect(two.look()?.message).toContain('let through a call wrongly');
  });

  it('T30: are caught where they take a way that there is not', () => {
    const posed = pose('breakers-change-legally');
    const of = { edge: 'router→movie', policies: { breaker: fast } };
    const step = { of, nowUs: 0, ask: 'admit', role: 'first', verdict: 'breaker-open' };
    tell(posed.tower.guards.steps, { ...step, before: 'closed', after: 'closed' });
    tell(posed.tower.guards.steps, { ...step, ask: 'retry', before: 'closed', after: 'closed' });
    expect(posed.look()).toBeUndefined();
    tell(posed.tower.guards.steps, { ...step, before: 'closed', after: 'half-open' });
    expect(posed.look()?.message).toContain('went closed→closed→half-open');
    expect(posed.exercised()).toBe(3);
  });

  it('T30: are caught where an open one closes by itself, or lets calls through', () => {
    const step = { of: { edge: 'e', policies: { breaker: fast } }, nowUs: 0, ask: 'admit' };
    const one = pose('breakers-change-legally');
    tell(one.tower.guards.steps, { ...step, ask: 'finished', before: 'closed', after: 'open' });
    tell(one.tower.guards.steps, { ...step, before: 'closed', after: 'closed' });
    expect(one.look()?.message).toContain('went open→closed→closed');
    const two = pose('breakers-change-legally');
    tell(two.tower.guards.steps, { ...step, ask: 'finished', before: 'closed', after: 'open' });
    tell(two.tower.guards.steps, { ...step, verdict: 'admitted', before: 'open', after: 'open' });
    expect(two.look()?.message).toContain('let a call through');
  });

  const configs: readonly NonNullable<CallPolicies['breaker']>[] = [
    fast,
    { ...DEFAULT_HYSTRIX, windowUs: 3 * SECOND, minimumRequests: 3, sleepUs: SECOND },
    { ...DEFAULT_COUNT_WINDOW, size: 4, minimumCalls: 3, openUs: SECOND, halfOpenCalls: 2 },
    {
      ...DEFAULT_TIME_WINDOW,
      ...{ windowUs: 4 * SECOND, minimumCalls: 3, openUs: SECOND, halfOpenCalls: 2 },
      ...{ slowCallUs: 1_000, slowCallRatio: 0.8, halfOpenMaxUs: 3 * SECOND },
    },
  ];

  it.each(configs)('T30, T31: of kind $kind agree with their references', (breaker) => {
    const asked = fc.record({
      gapUs: fc.constantFrom(0, 1, 400_000, SECOND, 5 * SECOND),
      end: fc.constantFrom('ok', 'error', 'slow', 'cancelled', 'open'),
    });
    const opened: number[] = [];
    fc.assert(
      fc.property(fc.array(asked, { maxLength: 60 }), (questions) => {
        for (const name of ['breakers-follow-their-window', 'breakers-change-legally']) {
          const asked = caller(name, { breaker });
          let nowUs = 0;
          questions.forEach(({ gapUs, end }, id) => {
            nowUs = asked.at(nowUs + gapUs);
            ask(asked.guard, { end, id, nowUs });
          });
          expect(asked.look()).toBeUndefined();
          opened.push(asked.tower.happenings['breaker-opened']);
        }
      }),
      { numRuns: 100, seed: 30 },
    );
    expect(Math.max(...opened)).toBeGreaterThan(0);
  });
});

describe('extra tries', () => {
  const failed = { failure: 'timeout', attempts: 1 } as const;
  const budgets: readonly RetryBudgetConfig[] = [
    { ...DEFAULT_RATIO_BUCKET, retryRatio: 0.5, minRetriesPerSec: 0.2 },
    { ...DEFAULT_ACTIVE_RETRIES, minRetryConcurrency: 1 },
    { ...DEFAULT_GRPC_THROTTLE, maxTokens: 2 },
    { ...DEFAULT_RETRY_QUOTA, capacity: 8 },
  ];

  it.each(budgets)('T32: without the budget $kind are caught beyond it', (budget) => {
    const real = { budget: undefined };
    const { guard, at, look } = caller('retries-keep-their-budget', { budget }, real);
    for (let n = 0; n < 12; n += 1) {
      fail(guard, at(n * 1_000), n);
      guard.mayRetry(failed, n * 1_000);
    }
    expect(look()?.message).toContain('beyond its budget');
  });

  it.each(budgets)('T32: with the budget $kind are within it', (budget) => {
    const asked = fc.record({
      gapUs: fc.constantFrom(0, 1_000, SECOND, 4 * SECOND),
      end: fc.constantFrom(undefined, 'unavailable' as const, 'timeout' as const),
    });
    fc.assert(
      fc.property(fc.array(asked, { maxLength: 60 }), (calls) => {
        const { guard, at, look } = caller('retries-keep-their-budget', { budget });
        let nowUs = 0;
        calls.forEach(({ gapUs, end }, id) => {
          nowUs = at(nowUs + gapUs);
          guard.admit(nowUs, 0.5, { id, role: 'first' });
          guard.finished({ failure: end, durationUs: 10, nowUs, role: 'first' });
          if (end === undefined) return;
          if (!guard.mayRetry({ failure: end, attempts: 1 }, nowUs)) return;
          guard.admit(nowUs, 0.5, { id, role: 'retry' });
          if (id % 3 > 0) {
            guard.finished({
              failure: undefined,
              durationUs: 10,
              nowUs,
              role: 'retry',
              retryOf: end,
            });
          }
        });
        expect(look()).toBeUndefined();
      }),
      { numRuns: 60, seed: 32 },
    );
  });

  it('T32: are caught where a call is tried too often', () => {
    const { guard, look } = caller(
      'retries-keep-their-budget',
      {},
      { retry: { ...DEFAULT_CALL_POLICIES.retry, maxAttempts: 9 } },
    );
    guard.mayRetry({ failure: 'timeout', attempts: 3 }, 0);
    expect(look()?.message).toContain('is tried more than 3 times');
  });

  it('T33: are caught where hedges are beyond their cap, of all calls or of one', () => {
    const hedge = DEFAULT_FIXED_HEDGE;
    const real = { hedge: { ...hedge, capRatio: 1, maxHedges: 5 } };
    const many = caller('hedges-keep-their-cap', { hedge }, real);
    for (let id = 0; id < 5; id += 1) many.guard.admit(0, 0.5, { id, role: 'first' });
    many.guard.mayHedge(0, 0);
    expect(many.look()?.message).toContain('beyond its cap');
    const one = caller('hedges-keep-their-cap', { hedge: { ...hedge, capRatio: 1 } }, real);
    for (let id = 0; id < 5; id += 1) one.guard.admit(0, 0.5, { id, role: 'first' });
    one.guard.mayHedge(0, 1);
    expect(one.look()?.message).toContain('beyond its cap');
  });

  it('T34: are caught where a bulkhead holds more than it may', () => {
    const bulkhead = { ...DEFAULT_BULKHEAD, maxConcurrent: 1 };
    const real = { bulkhead: { ...bulkhead, maxConcurrent: 2 } };
    const { guard, look } = caller('bulkheads-keep-their-bound', { bulkhead }, real);
    guard.admit(0, 0.5, { id: 0, role: 'first' });
    expect(look()).toBeUndefined();
    guard.admit(0, 0.5, { id: 1, role: 'first' });
    expect(look()?.message).toContain('beyond its bound');
  });

  it('T34: are caught where a caller loses count', () => {
    const { guard, look } = caller('callers-count-their-tries', {});
    fail(guard, 0, 0);
    expect(look()).toBeUndefined();
    guard.finished({ failure: undefined, durationUs: 1, nowUs: 0, role: 'first' });
    expect(look()?.message).toContain('has lost count');
  });
});

describe('limits', () => {
  it.each([
    ['aimd', 19],
    ['aimd', 201],
    ['aimd', 20.5],
    ['vegas', 0],
    ['gradient', 1_001],
  ] as const)('T35: are caught where one of kind %s is %s', (kind, limit) => {
    const settings = [{ name: 'movie', limit: { algorithm: LIMIT_DEFAULTS[kind] } }];
    const at = (found: number) =>
      pose('limits-stay-within-bounds', {
        world: { wired: { settings } },
        view: { servers: [{ limit: found }] },
      });
    expect(at(20).look()).toBeUndefined();
    expect(at(limit).look()?.message).toBe(`the limit of movie is ${limit}`);
  });

  it('T35: are caught where one that learns from drops grows on one', () => {
    const name = 'limits-do-not-grow-on-drops';
    const stepOf = (kind: 'aimd' | 'gradient2', after: number) => ({
      server: { name: 'movie' },
      settings: { limit: { algorithm: LIMIT_DEFAULTS[kind] } },
      ...{ before: 20, after, isDropped: true },
    });
    const posed = pose(name);
    tell(posed.tower.servers.limits, stepOf('aimd', 20));
    tell(posed.tower.servers.limits, stepOf('gradient2', 21));
    expect(posed.look()).toBeUndefined();
    expect(posed.exercised()).toBe(1);
    tell(posed.tower.servers.limits, stepOf('aimd', 21));
    expect(posed.look()?.message).toBe('the limit of movie grew from 20 to 21 on a drop');
  });
});

describe('autoscalers', () => {
  const hpa: HpaConfig = {
    ...HPA_DEFAULTS,
    minReplicas: 2,
    maxReplicas: 9,
    metrics: [{ kind: 'resource-utilization', resource: 'cpu', targetPercent: 50 }],
    scaleDown: { ...HPA_DEFAULTS.scaleDown, stabilizationUs: 60 * SECOND },
  };
  const podOf = (seed: number) => ({
    phase: 'running' as const,
    isDeleting: seed % 11 === 0,
    requestMilli: 1_000,
    startedUs: -1_000_000_000_000 + (seed % 5 === 0 ? 1_000_000_000_000 : 0),
    readiness: { isReady: seed % 7 !== 0, sinceUs: seed % 5 === 0 ? 10 * SECOND : -1e12 },
  });
  const observationOf = (replicas: number, loads: readonly number[]): HpaObservation => ({
    currentReplicas: replicas,
    statusReplicas: replicas,
    pods: Array.from({ length: replicas }, (_, n) => podOf((loads[n] ?? 0) + n + 1)),
    readings: hpa.metrics.map(() => ({
      kind: 'per-pod' as const,
      byPod: Array.from({ length: replicas }, (_, n) =>
        (loads[n] ?? 0) % 13 === 0
          ? undefined
          : { valueMilli: loads[n] ?? 500, atUs: 20 * SECOND, windowUs: 15 * SECOND },
      ),
    })),
  });

  it('T36: step as the reference does, whatever the readings', () => {
    const loads = fc.array(fc.integer({ min: 0, max: 1_500 }), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(loads, { maxLength: 30 }), (steps) => {
        const posed = pose('autoscalers-step-as-kubernetes');
        let state = NEW_HPA;
        let replicas = 3;
        steps.forEach((load, n) => {
          const observation = observationOf(replicas, load);
          const nowUs = (n + 1) * 15 * SECOND;
          const step = hpaStep(hpa, state, { observation, nowUs });
          state = step.state;
          const { desiredReplicas } = step;
          posed.tower.scaled('movie', { hpa, observation, nowUs, desiredReplicas });
          replicas = desiredReplicas;
        });
        expect(posed.look()).toBeUndefined();
        expect(posed.exercised()).toBe(steps.length);
      }),
      { numRuns: 150, seed: 36 },
    );
  });

  it('T36: are caught where a step asks for one more, or leaves the bounds', () => {
    const observation = observationOf(
      3,
      Array.from({ length: 12 }, () => 1_000),
    );
    const step = { hpa, observation, nowUs: 15 * SECOND };
    const one = pose('autoscalers-step-as-kubernetes');
    one.tower.scaled('movie', { ...step, desiredReplicas: 7 });
    expect(one.look()?.message).toContain('asks for 7, not');
    const two = pose('autoscalers-stay-within-bounds');
    two.tower.scaled('movie', { ...step, desiredReplicas: 9 });
    expect(two.look()).toBeUndefined();
    two.tower.scaled('movie', { ...step, desiredReplicas: 10 });
    expect(two.look()?.message).toBe('the autoscaler of movie asks for 10 replicas');
  });
});

describe('balancers', () => {
  const replicas = [
    { index: 0, state: 'ready', isReady: true },
    { index: 1, state: 'down', isReady: false },
    { index: 2, state: 'ready', isReady: true },
  ];
  const pick = (replica: number, ejected: readonly number[] = []) => ({
    server: { name: 'movie', fleet: { replicas }, isEjected: (n: number) => ejected.includes(n) },
    settings: { balancer: { ejection: EJECTION_DEFAULTS } },
    replica,
  });
  const found = (picked: object, view: object = {}) => {
    const posed = pose('balancers-pick-healthy-replicas', { view });
    tell(posed.tower.servers.picks, picked);
    return posed.look()?.message;
  };

  it('T37: are caught where they pick who is down, ejected, or nobody', () => {
    expect(found(pick(2))).toBeUndefined();
    expect(found(pick(1))).toContain('went to a replica that is not ready');
    expect(found(pick(0, [0]))).toContain('went to an ejected replica');
    expect(found(pick(0, [0, 2]))).toBeUndefined();
    expect(found(pick(-1))).toContain('found no replica, though one is ready');
  });

  it('T37: may pick who is down where discovery is stale', () => {
    expect(found(pick(1), { isFaultActive: () => true })).toBeUndefined();
  });

  it('T38: are caught where they eject more than their share', () => {
    const one = pose('ejections-keep-their-share');
    tell(one.tower.servers.picks, pick(2, [0]));
    expect(one.look()).toBeUndefined();
    tell(one.tower.servers.picks, pick(2, [0, 1]));
    expect(one.look()?.message).toBe('2 of 3 replicas of movie are ejected');
  });
});
