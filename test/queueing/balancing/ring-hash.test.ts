/** The hash ring: equal keys meet, and who comes or goes moves only the keys of its own arcs. */
import { describe, expect, it } from 'vitest';
import type { ReplicaSight } from '../../../src/queueing/balancing/balancer.ts';
import { createBalancer } from '../../../src/queueing/balancing/create-balancer.ts';
import { request, sights } from './fleet.ts';

const KEYS = 20_000;
const balancer = createBalancer({ policy: { kind: 'ring-hash', virtualNodes: 160 } });

function owners(replicas: readonly ReplicaSight[]): number[] {
  return Array.from({ length: KEYS }, (_, key) =>
    balancer.choose(balancer.initial(), request(replicas, { key: key * 7_919 })),
  );
}

function countBy(found: readonly number[], replica: number): number {
  return found.filter((one) => one === replica).length;
}

describe('a hash ring', () => {
  it('Q50: moves keys only to a newcomer, and about its share', () => {
    const before = owners(sights(9));
    const after = owners(sights(10));
    const moved = after.filter((owner, key) => owner !== before[key]);
    expect(new Set(moved)).toEqual(new Set([9]));
    expect(moved.length / KEYS).toBeGreaterThan(0.07);
    expect(moved.length / KEYS).toBeLessThan(0.13);
  });

  it('Q50: moves only the keys of who goes, and spreads them', () => {
    const before = owners(sights(10));
    const after = owners(sights(10).map((one, i) => ({ ...one, isReady: i !== 3 })));
    const heirs = new Set<number>();
    for (const [key, owner] of after.entries()) {
      if (before[key] === 3) heirs.add(owner);
      else expect(owner).toBe(before[key]);
    }
    expect(heirs.has(3)).toBe(false);
    expect(heirs.size).toBe(9);
  });

  it('Q50: is even to a fifth or so, and follows weights', () => {
    const found = owners(sights(10));
    for (let replica = 0; replica < 10; replica += 1) {
      expect(Math.abs(countBy(found, replica) / (KEYS / 10) - 1)).toBeLessThan(0.25);
    }
    const weighted = owners([...sights(4), ...sights(1, { weight: 4 })]);
    expect(countBy(weighted, 4) / KEYS).toBeGreaterThan(0.42);
    expect(countBy(weighted, 4) / KEYS).toBeLessThan(0.58);
  });

  it('Q50: gives a key the same replica whatever was asked between', () => {
    expect(owners(sights(10))).toEqual(owners(sights(10)));
    const large = request(sights(10), { key: 2 ** 52 + 1 });
    expect(balancer.choose(balancer.initial(), large)).toBeGreaterThanOrEqual(0);
  });
});
