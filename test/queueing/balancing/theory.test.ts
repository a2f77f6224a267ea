/** What theory and practice know of balancers: the power of two choices, the order of mean waits,
 * and herding on stale views. */
import { describe, expect, it } from 'vitest';
import { createChance } from '../../../src/kernel/chance.ts';
import { createBalancer } from '../../../src/queueing/balancing/create-balancer.ts';
import { request, runFleet } from './fleet.ts';

/** Throws as many balls as bins; the fullest bin. */
function fullestBin(kind: 'random' | 'power-of-two', bins: number): number {
  const balancer = createBalancer({ policy: { kind } });
  const draws = createChance({ seed: 3, replication: 0 }).draws('balls');
  const replicas = Array.from({ length: bins }, () => ({
    outstanding: 0,
    isReady: true,
    zone: 0,
    weight: 1,
  }));
  for (let i = 0; i < bins; i += 1) {
    const asked = request(replicas, { u1: draws.uniform(0, i), u2: draws.uniform(1, i) });
    const bin = replicas[balancer.choose(balancer.initial(), asked)];
    if (bin !== undefined) bin.outstanding += 1;
  }
  expect(replicas.reduce((sum, one) => sum + one.outstanding, 0)).toBe(bins);
  return Math.max(...replicas.map((one) => one.outstanding));
}

describe('balls into bins', () => {
  it('Q45: two choices give log log n, one gives log n / log log n', () => {
    // n = 65,536: ln ln n / ln 2 + Θ(1) = 3.5 + Θ(1) against ln n / ln ln n = 4.6 · (1 + o(1)).
    expect(fullestBin('power-of-two', 65_536)).toBeLessThanOrEqual(4);
    expect(fullestBin('random', 65_536)).toBeGreaterThanOrEqual(7);
  });
});

describe('a fleet', () => {
  const fleet = { replicas: 20, utilization: 0.9, calls: 60_000 } as const;

  it('Q45: waits least with all queues seen, then two choices, then turns, then chance', () => {
    const shortest = runFleet({ ...fleet, policy: { kind: 'least-outstanding', ties: 'random' } });
    const two = runFleet({ ...fleet, policy: { kind: 'power-of-two' } });
    const turns = runFleet({ ...fleet, policy: { kind: 'round-robin' } });
    const chance = runFleet({ ...fleet, policy: { kind: 'random' } });
    expect(shortest.answered).toBe(60_000);
    expect(shortest.meanWaitUs).toBeLessThan(two.meanWaitUs);
    expect(two.meanWaitUs).toBeLessThan(0.5 * turns.meanWaitUs);
    expect(turns.meanWaitUs).toBeLessThan(chance.meanWaitUs);
    // Random splitting makes each replica an M/M/1: ρ/(1 − ρ) services of waiting.
    expect(chance.meanWaitUs / 90_000).toBeGreaterThan(0.8);
    expect(chance.meanWaitUs / 90_000).toBeLessThan(1.2);
  });

  it('Q45: power of two meets its mean-field wait', () => {
    // Mitzenmacher: of n → ∞ replicas the share with ≥ i calls is ρ^(2^i − 1).
    const rho = 0.9;
    let inSystem = 0;
    for (let i = 1; i < 12; i += 1) inSystem += rho ** (2 ** i - 1);
    const waitUs = 10_000 * (inSystem / rho - 1);
    const found = runFleet({
      policy: { kind: 'power-of-two' },
      replicas: 200,
      utilization: rho,
      calls: 200_000,
    });
    expect(found.meanWaitUs / waitUs).toBeGreaterThan(0.93);
    expect(found.meanWaitUs / waitUs).toBeLessThan(1.1);
  });

  it('Q45: many balancers with stale views herd to the shortest queue, two choices do not', () => {
    const stale = { ...fleet, utilization: 0.7, balancers: 50, refreshUs: 50_000 };
    const shortest = runFleet({
      ...stale,
      policy: { kind: 'least-outstanding', ties: 'lowest-index' },
    });
    const drawn = runFleet({ ...stale, policy: { kind: 'least-outstanding', ties: 'random' } });
    const two = runFleet({ ...stale, policy: { kind: 'power-of-two' } });
    expect(shortest.longest).toBeGreaterThan(3 * two.longest);
    expect(shortest.meanWaitUs).toBeGreaterThan(5 * two.meanWaitUs);
    expect(drawn.meanWaitUs).toBeGreaterThan(two.meanWaitUs);
  });
});
