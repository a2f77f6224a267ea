/** Series over virtual time, one value a bucket, for charts. */
import { US_PER_MINUTE } from '../../kernel/time.ts';
import type { World } from '../assemble.ts';
import type { ArchitectureResult, Series } from '../result.ts';
import type { PageLoadRecord } from '../world/recorder.ts';
import { percentilesOf } from './page-loads.ts';

/** At most this many points a series: more would only blur in a chart. */
const MAX_POINTS = 60;

/** All series of a run. */
export function seriesOf(world: World): ArchitectureResult['series'] {
  const bucketMinutes = Math.max(1, Math.ceil(world.endUs / US_PER_MINUTE / MAX_POINTS));
  const bucketCount = Math.ceil(world.endUs / US_PER_MINUTE / bucketMinutes);
  const buckets = Array.from({ length: bucketCount }, (_, i) => i);
  const loads = loadsByBucket(world.recorder.loads, bucketMinutes, bucketCount);
  const percentiles = loads.map((bucket) =>
    bucket.length === 0
      ? undefined
      : percentilesOf(bucket.map((load) => load.pageLoadTimeUs / 1_000)),
  );
  const present = world.recorder.concurrentViewers();
  return {
    minutes: buckets.map((i) => (i + 0.5) * bucketMinutes),
    pageLoadTimeMs: (['p50', 'p95', 'p99'] as const).map((name) => ({
      name,
      values: percentiles.map((p) => (p === undefined ? null : rounded(p[name]))),
    })),
    requestsPerMinute: loads.map((bucket) => rounded(bucket.length / bucketMinutes)),
    errorsPerMinute: loads.map((bucket) => rounded(bucket.filter(isError).length / bucketMinutes)),
    utilization: utilizationSeries(world, bucketMinutes, bucketCount),
    concurrentViewers: buckets.map((i) =>
      Math.max(0, ...present.slice(i * bucketMinutes, (i + 1) * bucketMinutes)),
    ),
  };
}

/** Whether a page load counts as an error: a failure or a time-out. */
export function isError(load: PageLoadRecord): boolean {
  return load.outcome === 'failed' || load.outcome === 'timeout';
}

function utilizationSeries(
  world: World,
  bucketMinutes: number,
  bucketCount: number,
): readonly Series[] {
  return Object.entries(world.workers).map(([service, workers]) => {
    const busyUs = world.recorder.busyUs(service);
    const values = Array.from({ length: bucketCount }, (_, i) => {
      const slice = busyUs.slice(i * bucketMinutes, (i + 1) * bucketMinutes);
      const busy = slice.reduce((sum, value) => sum + value, 0);
      return rounded(busy / (Math.max(1, slice.length) * US_PER_MINUTE * workers));
    });
    return { name: service, values };
  });
}

function loadsByBucket(
  loads: readonly PageLoadRecord[],
  bucketMinutes: number,
  bucketCount: number,
): readonly (readonly PageLoadRecord[])[] {
  const buckets: PageLoadRecord[][] = Array.from({ length: bucketCount }, () => []);
  for (const load of loads) {
    const bucket = Math.floor(load.askedAtUs / US_PER_MINUTE / bucketMinutes);
    buckets[Math.min(bucketCount - 1, bucket)]?.push(load);
  }
  return buckets;
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
