/** From what was used to dollars: quantity × price. usd = Σ usdBy. Spec: E300. */
import type { PriceBook } from '../scenario/goals/price-schema.ts';

/** What money is asked for. */
export const COST_KINDS = [
  'cores',
  'memory',
  'requests',
  'traffic',
  'storage',
  'pipeline',
] as const;
/** One of {@link COST_KINDS}. */
export type CostKind = (typeof COST_KINDS)[number];
/** Dollars by what they are for. */
export type UsdBy = Readonly<Record<CostKind, number>>;

/** What was used, in the units of the price book. */
export interface BilledQuantities {
  /** Of servers and of the databases that are described. */
  readonly coreHours: number;
  readonly memoryGibHours: number;
  /** From outside, the collector's among them; in units, not millions. */
  readonly requests: number;
  readonly lakeGibMonths: number;
  readonly warehouseGibMonths: number;
  readonly partitionHours: number;
  readonly pipelineCoreHours: number;
  readonly pipelineMemoryGibHours: number;
}

/** The bill. @param trafficUsd - Bytes, priced by `network.prices`. */
export function usdByKind(used: BilledQuantities, prices: PriceBook, trafficUsd: number): UsdBy {
  return {
    cores: used.coreHours * prices.coreHour,
    memory: used.memoryGibHours * prices.memoryGibHour,
    requests: (used.requests / 1e6) * prices.millionRequests,
    traffic: trafficUsd,
    storage:
      used.lakeGibMonths * prices.storageGibMonth +
      used.warehouseGibMonths * prices.warehouseGibMonth,
    pipeline:
      used.partitionHours * prices.partitionHour +
      used.pipelineCoreHours * prices.coreHour +
      used.pipelineMemoryGibHours * prices.memoryGibHour,
  };
}

/** Σ usdBy, in the order of {@link COST_KINDS}. */
export function totalUsd(usdBy: UsdBy): number {
  return COST_KINDS.reduce((usd, kind) => usd + usdBy[kind], 0);
}

/** What the pipeline stands on, for a number of hours. */
export function pipelineHours(
  clickstream: {
    readonly partitions: number;
    readonly workers?:
      | {
          readonly count: number;
          readonly coresPerWorker: number;
          readonly memoryGibPerWorker: number;
        }
      | undefined;
  },
  hours: number,
): Pick<BilledQuantities, 'partitionHours' | 'pipelineCoreHours' | 'pipelineMemoryGibHours'> {
  const { partitions, workers } = clickstream;
  const { count, coresPerWorker, memoryGibPerWorker } = workers ?? NO_WORKERS;
  return {
    partitionHours: partitions * hours,
    pipelineCoreHours: count * coresPerWorker * hours,
    pipelineMemoryGibHours: count * memoryGibPerWorker * hours,
  };
}

const NO_WORKERS = { count: 0, coresPerWorker: 0, memoryGibPerWorker: 0 };
