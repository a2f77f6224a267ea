/** What the pipeline's workers did, for result documents. */
import { US_PER_SECOND } from '../../../kernel/time.ts';
import type { World } from '../../assemble.ts';
import type { Series } from '../../result.ts';
import type { PipelineWorkersResult } from './pipeline-result.ts';

/** Sums the workers of a run up; null where the pipeline takes no time. */
export function pipelineWorkersResult(world: World): PipelineWorkersResult | null {
  const { drive } = world.clickstream;
  const found = drive.workerStatistics();
  if (found === undefined) return null;
  const { atUs, processed, busyUs } = found;
  const perEventMs = (totalUs: number) => (processed === 0 ? null : totalUs / processed / 1_000);
  const shares = busyUs.map((us) => (atUs === 0 ? 0 : us / atUs));
  return {
    workers: shares.length,
    utilization: shares.reduce((sum, share) => sum + share, 0) / shares.length,
    utilizationByWorker: shares,
    events: processed,
    batches: found.batches,
    meanBatchEvents: found.batches === 0 ? null : processed / found.batches,
    meanWaitMs: perEventMs(found.waitUs),
    meanServiceMs: perEventMs(found.serviceUs),
    meanLagEvents: atUs === 0 ? 0 : found.eventUs / atUs,
    maxLagEvents: found.maxLag,
    maxPartitionLagEvents: found.maxPartitionLag,
    lagAtEndEvents: found.lag,
    drainSeconds: Math.max(0, (drive.drainedAtUs ?? atUs) - atUs) / US_PER_SECOND,
  };
}

/** Consumer lag over the run, the highest of each bucket; no series where there are no workers. */
export function consumerLagSeries(world: World): readonly Series[] {
  const found = world.clickstream.drive.workerStatistics();
  if (found === undefined) return [];
  const { lag, partitionLag } = found.byBucket;
  return [
    { name: 'all partitions', values: lag },
    { name: 'fullest partition', values: partitionLag },
  ];
}

/** Mean share of busy workers in each bucket; no series where there are none. */
export function workerUtilizationSeries(world: World): readonly Series[] {
  const found = world.clickstream.drive.workerStatistics();
  if (found === undefined) return [];
  const { bucketUs, endUs } = world;
  const values = found.byBucket.busyUs.map((us, i) => {
    const lengthUs = Math.min(bucketUs, endUs - i * bucketUs) * found.busyUs.length;
    return lengthUs <= 0 ? 0 : Math.round((us / lengthUs) * 10_000) / 10_000;
  });
  return [{ name: 'pipeline workers', values }];
}
