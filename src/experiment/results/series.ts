/** Series over virtual time, one value a bucket, for charts. */
import { US_PER_MINUTE } from '../../kernel/time.ts';
import type { World } from '../assemble.ts';
import type { ArchitectureResult, Series } from '../result.ts';
import { isError, type PageLoadRecord } from '../world/load-columns.ts';
import { percentilesOf } from './page-loads.ts';
import { consumerLagSeries, workerUtilizationSeries } from './pipeline/pipeline-workers.ts';

/** All series of a run, by the world's time buckets. */
export function seriesOf(world: World): ArchitectureResult['series'] {
  const { bucketUs, endUs, recorder, sampler } = world;
  const bucketCount = Math.max(1, Math.ceil(endUs / bucketUs));
  const bucketMinutes = bucketUs / US_PER_MINUTE;
  const buckets = Array.from({ length: bucketCount }, (_, i) => i);
  const loads = byBucket(recorder.loads, bucketCount, (load) => load.askedAtUs / bucketUs);
  const shown = byBucket(
    recorder.loads.filter((load) => !isError(load)),
    bucketCount,
    (load) => (load.askedAtUs + load.pageLoadTimeUs) / bucketUs,
  );
  const percentiles = loads.map((bucket) =>
    bucket.length === 0
      ? undefined
      : percentilesOf(bucket.map((load) => load.pageLoadTimeUs / 1_000)),
  );
  const present = recorder.concurrentViewers();
  const perMinute = (count: number) => rounded(count / bucketMinutes);
  return {
    minutes: buckets.map((i) => rounded((i + 0.5) * bucketMinutes)),
    pageLoadTimeMs: (['p50', 'p95', 'p99'] as const).map((name) => ({
      name,
      values: percentiles.map((p) => (p === undefined ? null : rounded(p[name]))),
    })),
    requestsPerMinute: loads.map((bucket) => perMinute(bucket.length)),
    goodPerMinute: shown.map((bucket) => perMinute(bucket.length)),
    triesPerMinute: buckets.map((i) => perMinute(sampler.tries[i] ?? 0)),
    errorsPerMinute: loads.map((bucket) => perMinute(bucket.filter(isError).length)),
    utilization: utilizationSeries(world, bucketCount),
    replicas: sampler.servers.map(({ name, replicas }) => ({ name, values: replicas })),
    concurrencyLimit: sampler.servers.flatMap(({ name, limits }) =>
      limits === undefined ? [] : [{ name, values: limits }],
    ),
    consumerLag: consumerLagSeries(world),
    workerUtilization: workerUtilizationSeries(world),
    concurrentViewers: buckets.map((i) => present[i] ?? 0),
  };
}

function utilizationSeries(world: World, bucketCount: number): readonly Series[] {
  return world.wired.servers.map(({ name, account, workers }, n) => {
    const values = Array.from({ length: bucketCount }, (_, i) => {
      const replicas = world.sampler.servers[n]?.replicas[i] ?? 0;
      const capacityUs = world.bucketUs * workers(replicas);
      return capacityUs === 0 ? 0 : rounded((account.workUsByBucket[i] ?? 0) / capacityUs);
    });
    return { name, values };
  });
}

function byBucket(
  loads: readonly PageLoadRecord[],
  bucketCount: number,
  place: (load: PageLoadRecord) => number,
): readonly (readonly PageLoadRecord[])[] {
  const buckets: PageLoadRecord[][] = Array.from({ length: bucketCount }, () => []);
  for (const load of loads) {
    buckets[Math.min(bucketCount - 1, Math.floor(place(load)))]?.push(load);
  }
  return buckets;
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
