/** What a run would have cost by the scenario's price book. Machines are paid for `clock.duration`,
 * warm-up included, by the replicas that there were at each moment; what is used (requests, bytes,
 * events) is paid for in full, drain included: it is of those who came before.
 * Spec: E300–E304. */
import { US_PER_HOUR } from '../../kernel/time.ts';
import { trafficCostUsd } from '../../queueing/network/traffic-meter.ts';
import type { World } from '../assemble.ts';
import type { PriceBook } from '../scenario/goals/price-schema.ts';
import { trafficPricesSchema } from '../scenario/network-schema.ts';
import { trafficPricesOf } from '../scenario/station-configs.ts';
import { ACKNOWLEDGEMENT_BYTES } from '../tracking/batch-delivery.ts';
import { isError } from '../world/load-columns.ts';
import { type BilledQuantities, pipelineHours, totalUsd, type UsdBy, usdByKind } from './bill.ts';
import { machinesOf } from './machines.ts';

/** Dollars of one run, by what they are for, and the rates that planners ask for. Where one viewer
 * stands for many, machines must be as many fewer, or dollars a page mislead: requests, bytes and
 * events scale with viewers, partitions and spare replicas do not. */
export interface RunCost {
  /** All of `clock.duration`. */
  readonly usd: number;
  readonly usdPerHour: number;
  /** usd = Σ usdBy. */
  readonly usdBy: UsdBy;
  /** What was used; times the prices it is usdBy, but for traffic. */
  readonly quantities: BilledQuantities;
  /** Null where there were none. */
  readonly usdPerThousandPlays: number | null;
  /** Of pages shown without an error: failing is not cheap. Null where there were none. */
  readonly usdPerMillionPages: number | null;
}

const BYTES_PER_GIB = 1_024 ** 3;

/** The cost of a finished world; null without a price book. */
export function runCost(world: World): RunCost | null {
  const { scenario, durationUs, recorder, clickstream } = world;
  const { prices } = scenario;
  if (prices === undefined) return null;
  const quantities = quantitiesOf(world, prices);
  const usdBy = usdByKind(quantities, prices, trafficUsd(world));
  const usd = totalUsd(usdBy);
  const { plays } = clickstream.truth();
  const pages = recorder.loads.filter((load) => !isError(load)).length;
  return {
    usd,
    usdPerHour: usd / (durationUs / US_PER_HOUR),
    usdBy,
    quantities,
    usdPerThousandPlays: plays === 0 ? null : (usd / plays) * 1e3,
    usdPerMillionPages: pages === 0 ? null : (usd / pages) * 1e6,
  };
}

function quantitiesOf(world: World, prices: PriceBook): BilledQuantities {
  const { scenario, durationUs, recorder, clickstream, architecture } = world;
  const hours = durationUs / US_PER_HOUR;
  const truth = clickstream.truth();
  const serverCoreUs = world.machineTime.reduce(
    (sum, { memberUs, coresPerReplica }) => sum + memberUs * coresPerReplica,
    0,
  );
  const { databases } = machinesOf(scenario, architecture);
  const databaseCores = databases.reduce((sum, { coresPerReplica }) => sum + coresPerReplica, 0);
  const coreHours = serverCoreUs / US_PER_HOUR + databaseCores * hours;
  const gibMonths = (bytesPerEvent: number) =>
    ((truth.accepted * bytesPerEvent) / BYTES_PER_GIB) * prices.retentionMonths;
  return {
    coreHours,
    memoryGibHours: coreHours * prices.memoryGibPerCore,
    requests: recorder.wan.calls + truth.requests,
    lakeGibMonths: gibMonths(prices.lakeBytesPerEvent),
    warehouseGibMonths: gibMonths(prices.warehouseBytesPerEvent),
    ...pipelineHours(scenario.clickstream, hours),
  };
}

/** By `network.prices`, or its defaults where the scenario has a price book and no such prices. The
 * collector's answers go out to the internet too; what comes in is free. */
function trafficUsd({ scenario, recorder, clickstream }: World): number {
  const prices = trafficPricesOf(scenario.network.prices ?? trafficPricesSchema.parse({}));
  const bytes = recorder.traffic.totalBytes();
  const answers = clickstream.truth().requests * ACKNOWLEDGEMENT_BYTES;
  return trafficCostUsd({ ...bytes, internet: bytes.internet + answers }, prices);
}

/** What a million requests cost at a rate at which objectives hold: null where they do not, nobody
 * asks or there are no prices.
 * @param measured - Dollars per hour at that rate of requests per second. */
export function usdPerMillionRequestsAtSlo(measured: {
  readonly usdPerHour: number;
  readonly requestsPerSec: number;
  readonly meetsObjectives: boolean;
}): number | null {
  const { usdPerHour, requestsPerSec, meetsObjectives } = measured;
  if (!meetsObjectives || !(requestsPerSec > 0) || !Number.isFinite(usdPerHour)) return null;
  return (usdPerHour / (requestsPerSec * SECONDS_PER_HOUR)) * 1e6;
}

const SECONDS_PER_HOUR = 3_600;
