/** Figures over replications of one point of traffic. Percentiles are of the pooled page loads, out
 * of their histograms, and never averages of percentiles. */
import type { RunSample } from '../campaign/run-sample.ts';

/** The smallest bucket value that a share `q` of all page loads is at or below, ms; null without
 * any. Cost O(buckets · log buckets). */
export function pooledQuantileMs(samples: readonly RunSample[], q: number): number | null {
  const counts = new Map<number, number>();
  for (const { pageLoadTimeUs } of samples) {
    for (const [i, value] of pageLoadTimeUs.values.entries()) {
      counts.set(value, (counts.get(value) ?? 0) + (pageLoadTimeUs.counts[i] ?? 0));
    }
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let below = 0;
  for (const [value, count] of [...counts].sort((a, b) => a[0] - b[0])) {
    below += count;
    if (below >= q * total) return value / 1_000;
  }
  return null;
}

/** A metric of each sample that has it. */
export function metricOf(samples: readonly RunSample[], name: string): readonly number[] {
  return samples.flatMap(({ metrics }) => metrics[name] ?? []);
}
