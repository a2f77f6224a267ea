/** The memory of a fleet, by hand. */
import { expect, it } from 'vitest';
import { fleetCostPerHour, fleetMemoryGib } from '../../../src/experiment/costs/fleet-cost.ts';
import { smallScenario } from '../small-world.ts';

it('E302: memory is that of cores and of workers of the pipeline, each with its own', () => {
  const nothing = { coreHour: 0, partitionHour: 0, millionRequests: 0, storageGibMonth: 0 };
  const scenario = smallScenario({
    prices: { ...nothing, memoryGibPerCore: 4, memoryGibHour: 1 },
    clickstream: {
      workers: { count: 3, coresPerWorker: 2, memoryGibPerWorker: 5, timePerEvent: 1 },
    },
  });
  const without = smallScenario({ prices: scenario.prices });
  const memory = fleetMemoryGib(scenario, 'direct');
  expect(memory - fleetMemoryGib(without, 'direct')).toBe(3 * 5);
  // At a dollar a GiB and nothing else the fleet costs what its memory does.
  expect(fleetCostPerHour(scenario, 'direct')).toBeCloseTo(memory, 9);
});
