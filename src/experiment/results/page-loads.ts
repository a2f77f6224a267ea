/** Page loads as statistics: percentiles over all loads that left the device, time-outs counted
 * with the time waited (leaving them out would flatter), and sections of viewers, whose loads are
 * independent of one another but for the queues that they share. */
import { orderStatistic, sectionedQuantile } from '../../stats/quantile-interval.ts';
import type { Estimate, Percentiles } from '../result.ts';
import type { PageLoadRecord } from '../world/recorder.ts';

/** Sections that a run's viewers are dealt into, by their number. */
export const SECTION_COUNT = 20;

/** Page-load times in ms of the measured viewers, by section. */
export type LoadSections = readonly (readonly number[])[];

/** Deals the measured page loads into sections. */
export function loadSections(loads: readonly PageLoadRecord[]): LoadSections {
  const sections: number[][] = Array.from({ length: SECTION_COUNT }, () => []);
  for (const load of loads) {
    if (!load.isMeasured) continue;
    sections[load.viewer % SECTION_COUNT]?.push(load.pageLoadTimeUs / 1_000);
  }
  return sections;
}

/** Exact percentiles by order statistics; NaN (null in JSON) where there is no value. */
export function percentilesOf(values: readonly number[]): Percentiles {
  const sorted = Float64Array.from(values).sort();
  return {
    p50: orderStatistic(sorted, 0.5),
    p95: orderStatistic(sorted, 0.95),
    p99: orderStatistic(sorted, 0.99),
  };
}

/** Percentiles with the intervals that sections of viewers give. */
export function percentileIntervals(
  sections: LoadSections,
): Readonly<Record<keyof Percentiles, Estimate>> {
  return {
    p50: sectionedQuantile(sections, 0.5),
    p95: sectionedQuantile(sections, 0.95),
    p99: sectionedQuantile(sections, 0.99),
  };
}
