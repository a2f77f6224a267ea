/** The slowest pages of a run, by the names that `replay --explain` takes. */
import { expect, it } from 'vitest';
import { slowestLoads } from '../../../src/experiment/results/slowest.ts';
import { runWorld, smallScenario } from '../small-world.ts';

it('E362: lists the five that took longest, each by a name of its own', async () => {
  const { world, warehouse } = await runWorld(smallScenario(), { architecture: 'monolith' });
  warehouse.close();
  const { loads } = world.recorder;
  const longest = loads.map(({ pageLoadTimeUs }) => pageLoadTimeUs / 1_000).sort((a, b) => b - a);
  const slowest = slowestLoads(world, loads);
  expect(slowest.map(({ pageLoadTimeMs }) => pageLoadTimeMs)).toEqual(longest.slice(0, 5));
  expect(new Set(loads.map(({ viewer, pageSequence }) => `${viewer}-${pageSequence}`)).size).toBe(
    loads.length,
  );
  for (const { request, viewer, askedAt, askedAtUs } of slowest) {
    expect(request).toMatch(new RegExp(`^r-${viewer}-\\d+$`));
    expect(Date.parse(askedAt)).toBe(
      Date.parse(world.scenario.clock.start) + Math.floor(askedAtUs / 1_000),
    );
  }
  expect(slowestLoads(world, loads.slice(0, 2))).toHaveLength(2);
});
