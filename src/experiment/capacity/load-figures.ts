/** Figures over replications of one point of traffic. Percentiles are of the pooled page loads, out
 * of their histograms, and never averages of percentiles. */
import { countOf, mergedCounts, quantileOfCounts } from '../../stats/histogram-counts.ts';
import type { RunSample } from '../campaign/run-sample.ts';

/** The smallest bucket value that a share `q` of all page loads is at or below, ms; null without
 * any. Cost O(buckets · log buckets). */
export function pooledQuantileMs(samples: readonly RunSample[], q: number): number | null {
  const pooled = mergedCounts(samples.map(({ pageLoadTimeUs }) => pageLoadTimeUs));
  return countOf(pooled) === 0 ? null : quantileOfCounts(pooled, q) / 1_000;
}

/** A metric of each sample that has it. */
export function metricOf(samples: readonly RunSample[], name: string): readonly number[] {
  return samples.flatMap(({ metrics }) => metrics[name] ?? []);
}
