/** Demands: common random numbers by viewer, page, domain and occurrence. */
import { describe, expect, it } from 'vitest';
import { createDemands } from '../../../../src/experiment/requests/calls/demands.ts';
import { exponential, fixed } from '../../../../src/experiment/scenario/values.ts';
import { createChance } from '../../../../src/kernel/chance.ts';
import { us } from '../../../../src/kernel/time.ts';
import { pageRequest, tracedCall } from './edge-bench.ts';

const COSTS = {
  movie: { baseTime: exponential(us(5_000)), timePerEntity: 100 },
  talent: { baseTime: fixed(us(2_000)), timePerEntity: exponential(us(300)) },
};

function demandsOf(over: Partial<Parameters<typeof createDemands>[0]> = {}) {
  const chance = createChance({ seed: 7, replication: 0 });
  return createDemands({ costs: COSTS, chance, slowness: () => 1, ...over });
}

const movie = (entities: number) => tracedCall({ work: { movie: entities } });
const talent = (entities: number) => tracedCall({ service: 'talent', work: { talent: entities } });

describe('demands', () => {
  it('E11: are the same for the same page, in whatever order domains are asked', () => {
    const demands = demandsOf();
    const request = pageRequest(3);
    const one = demands.begin();
    const inOrder = [movie(2), movie(1), talent(4)].map((call) => demands.of(request, call, one));
    const other = demands.begin();
    const [t, a, b] = [talent(4), movie(2), movie(1)].map((call) =>
      demands.of(request, call, other),
    );
    expect([a, b, t]).toEqual(inOrder);
    expect(inOrder[0]?.totalUs).not.toBe(inOrder[1]?.totalUs);
  });

  it('E11: of one process are those of its domains together', () => {
    const demands = demandsOf();
    const request = pageRequest(3);
    const apart = demands.begin();
    const sum = [movie(2), talent(4)]
      .map((call) => demands.of(request, call, apart).totalUs)
      .reduce((total, value) => total + value, 0);
    const monolith = tracedCall({ service: 'monolith', work: { movie: 2, talent: 4 } });
    const together = demands.of(request, monolith, demands.begin());
    expect(together.totalUs).toBeCloseTo(sum, 6);
  });

  it('E11: split into base and entities; entities draw on their own', () => {
    const demands = demandsOf();
    const request = pageRequest(3);
    const { totalUs, entitiesUs } = demands.of(request, talent(3), demands.begin());
    expect(totalUs - entitiesUs).toBeCloseTo(2_000, 6);
    const one = demands.of(request, talent(1), demands.begin()).entitiesUs;
    const two = demands.of(request, talent(2), demands.begin()).entitiesUs;
    expect(two).toBeGreaterThan(one);
    expect(entitiesUs).toBeGreaterThan(two);
    expect(two - one).not.toBeCloseTo(one, 3);
    expect(demands.of(request, movie(5), demands.begin()).entitiesUs).toBe(500);
  });

  it('E11: differ between pages and viewers, and have the mean of their distribution', () => {
    const demands = demandsOf();
    let sumUs = 0;
    const seen = new Set<number>();
    for (let page = 0; page < 4_000; page += 1) {
      const { totalUs } = demands.of(pageRequest(page), movie(1), demands.begin());
      sumUs += totalUs - 100;
      seen.add(totalUs);
    }
    expect(seen.size).toBe(4_000);
    // Four standard errors.
    expect(Math.abs(sumUs / 4_000 - 5_000)).toBeLessThan((4 * 5_000) / Math.sqrt(4_000));
  });

  it('E11: grow with the slowness of their own domain alone', () => {
    const slow = demandsOf({ slowness: (domain) => (domain === 'talent' ? 3 : 1) });
    const plain = demandsOf();
    const request = pageRequest(1);
    for (const [call, factor] of [
      [movie(2), 1],
      [talent(2), 3],
    ] as const) {
      const before = plain.of(request, call, plain.begin()).totalUs;
      expect(slow.of(request, call, slow.begin()).totalUs).toBeCloseTo(factor * before, 6);
    }
  });
});
