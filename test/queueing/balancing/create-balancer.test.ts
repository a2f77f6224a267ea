/** Balancers: whom each policy takes, by hand and against independent re-implementations, and what
 * all of them promise. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createChance } from '../../../src/kernel/chance.ts';
import type { CallOutcome, ReplicaSight } from '../../../src/queueing/balancing/balancer.ts';
import {
  type BalancerState,
  type BalancingPolicy,
  createBalancer,
} from '../../../src/queueing/balancing/create-balancer.ts';
import { EJECTION_DEFAULTS } from '../../../src/queueing/balancing/outlier-ejection.ts';
import type { PeakEwmaState } from '../../../src/queueing/balancing/peak-ewma.ts';
import { POLICIES, request, sights } from './fleet.ts';

const draws = createChance({ seed: 7, replication: 0 }).draws('balancer-tests');

/** Sends `calls` calls without changing the sights; counts them by replica. */
function countCalls(policy: BalancingPolicy, replicas: readonly ReplicaSight[], calls: number) {
  const balancer = createBalancer({ policy });
  let state = balancer.initial();
  const counts = replicas.map(() => 0);
  for (let i = 0; i < calls; i += 1) {
    const asked = request(replicas, { u1: draws.uniform(1, i), u2: draws.uniform(2, i), key: i });
    const taken = balancer.choose(state, asked);
    counts[taken] = (counts[taken] ?? 0) + 1;
    state = balancer.sent(state, asked, taken);
  }
  return counts;
}

const unit = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true });
const sight = fc.record({
  outstanding: fc.nat({ max: 20 }),
  isReady: fc.boolean(),
  zone: fc.nat({ max: 2 }),
  weight: fc.integer({ min: 1, max: 4 }),
});
const ejectionStep = fc.record({
  replica: fc.nat({ max: 11 }),
  ok: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  afterUs: fc.integer({ min: 1, max: 4_000_000 }),
  u1: unit,
  u2: unit,
});

describe('every balancer', () => {
  let refused = 0;

  test.prop(
    [fc.constantFrom(...POLICIES), fc.array(sight, { maxLength: 12 }), fc.tuple(unit, unit)],
    {
      numRuns: 500,
      seed: 20261126,
    },
  )('Q44: takes a ready replica, −1 only if none is', (policy, replicas, [u1, u2]) => {
    for (const zones of [undefined, { overprovisioning: 1.4 }]) {
      const balancer = createBalancer({ policy, zones });
      const asked = request(replicas, { u1, u2, key: Math.floor(u1 * 2 ** 40) });
      const taken = balancer.choose(balancer.initial(), asked);
      if (replicas.some((one) => one.isReady)) expect(replicas[taken]?.isReady).toBe(true);
      else expect(taken).toBe(-1);
    }
  });

  test.prop(
    [fc.constantFrom(...POLICIES), fc.array(ejectionStep, { minLength: 60, maxLength: 120 })],
    {
      numRuns: 200,
      seed: 20261127,
    },
  )(
    'Q44: never takes an ejected one while another is ready; state is plain data',
    (policy, steps) => {
      const balancer = createBalancer({
        policy,
        ejection: { ...EJECTION_DEFAULTS, maxEjectedPercent: 50 },
      });
      const replicas = sights(12).map((one, i) => ({ ...one, isReady: i % 3 !== 0 }));
      let state: BalancerState = balancer.initial();
      let nowUs = 0;
      for (const step of steps) {
        nowUs += step.afterUs;
        const asked = request(replicas, { nowUs, u1: step.u1, u2: step.u2, key: step.replica });
        const taken = balancer.choose(state, asked);
        const bad =
          state.ejection?.hosts.map((host) => host.isEjected && nowUs < host.releaseUs) ?? [];
        const hasOther = replicas.some((one, i) => one.isReady && bad[i] !== true);
        expect(replicas[taken]?.isReady).toBe(true);
        if (hasOther) expect(bad[taken] ?? false).toBe(false);
        if (hasOther && bad.includes(true)) refused += 1;
        state = JSON.parse(JSON.stringify(balancer.sent(state, asked, taken))) as BalancerState;
        for (let i = 0; i < 3; i += 1) {
          const outcome: CallOutcome = { replica: step.replica, ok: step.ok, durationUs: 1, nowUs };
          state = balancer.observe(state, outcome);
        }
      }
    },
  );

  it('Q44: … and the runs above had ejected ones to leave out', () => {
    expect(refused).toBeGreaterThan(1_000);
  });

  it('Q44: takes an ejected one rather than nobody', () => {
    const balancer = createBalancer({
      policy: { kind: 'power-of-two' },
      ejection: EJECTION_DEFAULTS,
    });
    let state = balancer.initial();
    for (let i = 0; i < 5; i += 1) {
      state = balancer.observe(state, { replica: 1, ok: false, durationUs: 1, nowUs: i });
    }
    const replicas = sights(3).map((one, i) => ({ ...one, isReady: i === 1 }));
    expect(state.ejection?.ejectedCount).toBe(1);
    expect(balancer.choose(state, request(replicas, { nowUs: 10 }))).toBe(1);
  });
});

describe('policies', () => {
  it('Q45: round robin goes round those that are ready, evenly', () => {
    const replicas = sights(5).map((one, i) => ({ ...one, isReady: i !== 2 }));
    expect(countCalls({ kind: 'round-robin' }, replicas, 400)).toEqual([100, 100, 0, 100, 100]);
    expect(countCalls({ kind: 'round-robin' }, sights(4), 6)).toEqual([2, 2, 1, 1]);
  });

  it('Q45: random and power of two are even among idle replicas, whoever is away', () => {
    const replicas = sights(10).map((one, i) => ({ ...one, isReady: i % 2 === 1 || i === 4 }));
    for (const kind of ['random', 'power-of-two'] as const) {
      const counts = countCalls({ kind }, replicas, 60_000);
      const expected = replicas.map((one) => (one.isReady ? 10_000 : 0));
      const chiSquare = counts.reduce((sum, found, i) => {
        const wanted = expected[i] ?? 0;
        return wanted === 0 ? sum + found * 1e9 : sum + (found - wanted) ** 2 / wanted;
      }, 0);
      // 99.9 % point of chi-square with 5 degrees of freedom.
      expect(chiSquare).toBeLessThan(20.5);
    }
  });

  it('Q45: power of two takes the less busy of its two, as a naive version does', () => {
    const balancer = createBalancer({ policy: { kind: 'power-of-two' } });
    let compared = 0;
    for (let i = 0; i < 5_000; i += 1) {
      const replicas = sights(7).map((one, r) => ({
        ...one,
        outstanding: Math.floor(4 * draws.uniform(10 + r, i)),
      }));
      const [u1, u2] = [draws.uniform(3, i), draws.uniform(4, i)];
      const [a, b] = [Math.floor(7 * u1), Math.floor(7 * u2)];
      const busy = (r: number) => replicas[r]?.outstanding ?? 0;
      const naive = busy(b) < busy(a) ? b : a;
      expect(balancer.choose(balancer.initial(), request(replicas, { u1, u2 }))).toBe(naive);
      compared += 1;
    }
    expect(compared).toBe(5_000);
  });

  it('Q45: least outstanding takes the lowest index at a tie, or draws', () => {
    const replicas = [3, 1, 2, 1].map((outstanding) => ({ ...sights(1)[0], outstanding }));
    const typed = replicas as readonly ReplicaSight[];
    expect(countCalls({ kind: 'least-outstanding', ties: 'lowest-index' }, typed, 10)[1]).toBe(10);
    const drawn = countCalls({ kind: 'least-outstanding', ties: 'random' }, typed, 10_000);
    expect(drawn[1]).toBeGreaterThan(4_800);
    expect(drawn[3]).toBeGreaterThan(4_800);
  });

  it('Q45: weighted least request shares by weight, and by calls outstanding', () => {
    const byWeight = [1, 2, 5].map((weight) => ({
      outstanding: 0,
      isReady: true,
      zone: 0,
      weight,
    }));
    const policy = { kind: 'weighted-least-request', bias: 1 } as const;
    expect(countCalls(policy, byWeight, 800)).toEqual([100, 200, 500]);
    const busy = byWeight.map((one) => (one.weight === 5 ? { ...one, outstanding: 4 } : one));
    expect(countCalls(policy, busy, 800)).toEqual([200, 400, 200]);
    const ignoring = { ...policy, bias: 0 };
    expect(countCalls(ignoring, busy, 800)).toEqual([100, 200, 500]);
  });

  it('Q45: weighted least request by hand: deadlines 1, 1/2 and then 1', () => {
    const balancer = createBalancer({ policy: { kind: 'weighted-least-request', bias: 1 } });
    const replicas = [1, 2].map((weight) => ({ outstanding: 0, isReady: true, zone: 0, weight }));
    let state = balancer.initial();
    const order: number[] = [];
    for (let i = 0; i < 6; i += 1) {
      const taken = balancer.choose(state, request(replicas));
      order.push(taken);
      state = balancer.sent(state, request(replicas), taken);
    }
    expect(order).toEqual([1, 0, 1, 1, 0, 1]);
  });
});

describe('peak EWMA', () => {
  const policy = { kind: 'peak-ewma', decayUs: 1_000_000 } as const;

  it('Q46: equals Finagle’s metric kept in place', () => {
    const balancer = createBalancer({ policy });
    const metrics = Array.from({ length: 4 }, () => ({
      cost: 0,
      stamp: undefined as number | undefined,
    }));
    const learn = (i: number, rtt: number, now: number) => {
      const metric = metrics[i];
      if (metric === undefined) return;
      const w = Math.exp(-Math.max(0, now - (metric.stamp ?? now)) / policy.decayUs);
      metric.cost = rtt > metric.cost ? rtt : metric.cost * w + rtt * (1 - w);
      metric.stamp = now;
    };
    let state = balancer.initial();
    let nowUs = 0;
    let chosen = 0;
    for (let i = 0; i < 4_000; i += 1) {
      nowUs += Math.ceil(200_000 * draws.uniform(30, i));
      const replicas = sights(4).map((one, r) => ({
        ...one,
        outstanding: Math.floor(3 * draws.uniform(40 + r, i)),
      }));
      const asked = request(replicas, {
        nowUs,
        u1: draws.uniform(31, i),
        u2: draws.uniform(32, i),
      });
      const a = Math.floor(4 * asked.u1);
      const other = Math.floor(3 * asked.u2);
      const b = other >= a ? other + 1 : other;
      const loads = [a, b].map((r) => {
        learn(r, 0, nowUs);
        const pending = replicas[r]?.outstanding ?? 0;
        const cost = metrics[r]?.cost ?? 0;
        return cost === 0 && pending !== 0 ? 2 ** 47 + pending : cost * (pending + 1);
      });
      const expected = (loads[1] ?? 0) < (loads[0] ?? 0) ? b : a;
      expect(balancer.choose(state, asked)).toBe(expected);
      state = balancer.sent(state, asked, expected);
      chosen += 1;
      const durationUs = Math.ceil(50_000 * draws.uniform(33, i) ** 4);
      const replica = Math.floor(4 * draws.uniform(34, i));
      learn(replica, durationUs, nowUs);
      state = balancer.observe(state, { replica, ok: true, durationUs, nowUs });
    }
    expect(chosen).toBe(4_000);
  });

  it('Q46: jumps to a peak at once and forgets it slowly', () => {
    const balancer = createBalancer({ policy });
    const cost = (state: BalancerState) => (state.policy as PeakEwmaState).costUs[0] ?? 0;
    const seen = (state: BalancerState, durationUs: number, nowUs: number) =>
      balancer.observe(state, { replica: 0, ok: true, durationUs, nowUs });
    const fast = seen(balancer.initial(), 1_000, 0);
    const peak = seen(fast, 90_000, 10);
    expect([cost(fast), cost(peak)]).toEqual([1_000, 90_000]);
    const later = seen(peak, 1_000, 10 + 1_000_000);
    expect(cost(later)).toBeCloseTo(1_000 + 89_000 / Math.E, 6);
  });
});

describe('zones', () => {
  const config = { policy: { kind: 'random' }, zones: { overprovisioning: 1.4 } } as const;
  const balancer = createBalancer(config);

  /** Share of calls that stay local with so many of ten local replicas healthy. */
  function localShare(healthy: number, others = 10): number {
    const replicas = [
      ...sights(10).map((one, i) => ({ ...one, isReady: i < healthy })),
      ...sights(others, { zone: 1 }),
    ];
    const calls = 20_000;
    let local = 0;
    for (let i = 0; i < calls; i += 1) {
      const taken = balancer.choose(
        balancer.initial(),
        request(replicas, { u1: draws.uniform(50, i), u2: draws.uniform(51, i) }),
      );
      if (replicas[taken]?.zone === 0) local += 1;
    }
    return local / calls;
  }

  it('Q49: keeps calls local while enough local replicas are healthy, then a share', () => {
    expect(localShare(10)).toBe(1);
    expect(localShare(8)).toBe(1);
    expect(localShare(5)).toBeCloseTo(0.7, 1);
    expect(localShare(2)).toBeCloseTo(0.28, 1);
    expect(localShare(0)).toBe(0);
    expect(localShare(1, 0)).toBe(1);
  });

  it('Q49: leaves out the ejected and is even inside the zone that it takes', () => {
    const replicas = [
      ...sights(4).map((one, i) => ({ ...one, isReady: i < 2 })),
      ...sights(2, { zone: 1 }),
    ];
    const counts = replicas.map(() => 0);
    for (let i = 0; i < 40_000; i += 1) {
      const u = { u1: draws.uniform(60, i), u2: draws.uniform(61, i) };
      const taken = balancer.choose(balancer.initial(), request(replicas, u));
      counts[taken] = (counts[taken] ?? 0) + 1;
    }
    const [a, b, c, d, e, f] = counts as [number, number, number, number, number, number];
    expect([c, d]).toEqual([0, 0]);
    expect(Math.abs(a - b) / (a + b)).toBeLessThan(0.02);
    expect(Math.abs(e - f) / (e + f)).toBeLessThan(0.03);
    expect((a + b) / 40_000).toBeCloseTo(0.7, 1);
  });
});
