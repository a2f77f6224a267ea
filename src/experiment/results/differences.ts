/** Differences between architectures on common random numbers: the same viewers, titles, think
 * times and service demands met both, so what is paired cancels. */
import { pairedDifference } from '../../stats/paired-difference.ts';
import { orderStatistic } from '../../stats/quantile-interval.ts';
import type { PairedDifferenceResult } from '../result.ts';
import type { LoadSections } from './page-loads.ts';

/** Per architecture, one value a pairing unit (a section of viewers, or a replication). */
export interface PairedValues {
  readonly architecture: string;
  readonly metric: string;
  readonly unit: string;
  readonly values: readonly number[];
}

/** Differences of every later architecture against every earlier one, metric by metric. */
export function pairedDifferences(all: readonly PairedValues[]): readonly PairedDifferenceResult[] {
  const metrics = [...new Set(all.map((values) => values.metric))];
  return metrics.flatMap((metric) => {
    const ofMetric = all.filter((values) => values.metric === metric);
    return ofMetric.flatMap((b, j) => ofMetric.slice(0, j).map((a) => difference(a, b)));
  });
}

/** The sections in which every architecture has page loads: only those can be paired.
 * @param all - Sections of each architecture, dealt alike. */
export function commonSections(all: readonly LoadSections[]): readonly LoadSections[] {
  const isCommon = (i: number) => all.every((sections) => (sections[i]?.length ?? 0) > 0);
  return all.map((sections) => sections.filter((_, i) => isCommon(i)));
}

/** Section-wise metrics of one run: mean and percentiles of page-load time in ms. */
export function sectionMetrics(
  architecture: string,
  sections: LoadSections,
): readonly PairedValues[] {
  const sorted = sections.map((section) => Float64Array.from(section).sort());
  const metric = (name: string, of: (section: Float64Array) => number): PairedValues => ({
    architecture,
    metric: name,
    unit: 'ms',
    values: sorted.map(of),
  });
  return [
    metric('page load mean', (s) => s.reduce((sum, value) => sum + value, 0) / s.length),
    metric('page load p50', (s) => orderStatistic(s, 0.5)),
    metric('page load p95', (s) => orderStatistic(s, 0.95)),
  ];
}

function difference(a: PairedValues, b: PairedValues): PairedDifferenceResult {
  const { mean, low, high, varianceReduction } = pairedDifference(b.values, a.values);
  return {
    a: a.architecture,
    b: b.architecture,
    metric: b.metric,
    unit: b.unit,
    difference: { value: mean, low, high },
    varianceReduction,
  };
}
