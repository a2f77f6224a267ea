/** What a fleet costs without running it: machines and partitions, which are paid for whether or
 * not anybody comes. What planners compare fleets by. Spec: E302. */
import type { ArchitectureName } from '../../gateway/architecture.ts';
import { priceBookSchema } from '../scenario/goals/price-schema.ts';
import type { Scenario } from '../scenario/schema.ts';
import { pipelineHours, totalUsd, usdByKind } from './bill.ts';
import { type Machine, machinesOf } from './machines.ts';

/** USD per hour of a scenario's machines on an architecture, as a run of it begins: replicas ×
 * workers of every server, databases that are described, partitions, pipeline workers. By the
 * scenario's price book, or the default one. Requests, bytes and storage are not in it: they hang
 * on the traffic, and a run tells them. Cost O(servers). */
export function fleetCostPerHour(scenario: Scenario, architecture: ArchitectureName): number {
  const prices = scenario.prices ?? priceBookSchema.parse({});
  const { servers, databases } = machinesOf(scenario, architecture);
  const coreHours = [...servers, ...databases].reduce((sum, one) => sum + coresOf(one), 0);
  const usdBy = usdByKind(
    {
      coreHours,
      memoryGibHours: coreHours * prices.memoryGibPerCore,
      requests: 0,
      lakeGibMonths: 0,
      warehouseGibMonths: 0,
      ...pipelineHours(scenario.clickstream, 1),
    },
    prices,
    0,
  );
  return totalUsd(usdBy);
}

/** GiB of memory that the same machines have. Cost O(servers). */
export function fleetMemoryGib(scenario: Scenario, architecture: ArchitectureName): number {
  const { memoryGibPerCore } = scenario.prices ?? priceBookSchema.parse({});
  const { servers, databases } = machinesOf(scenario, architecture);
  const cores = [...servers, ...databases].reduce((sum, one) => sum + coresOf(one), 0);
  const { pipelineMemoryGibHours } = pipelineHours(scenario.clickstream, 1);
  return cores * memoryGibPerCore + pipelineMemoryGibHours;
}

function coresOf({ replicas, coresPerReplica }: Machine): number {
  return replicas * coresPerReplica;
}
