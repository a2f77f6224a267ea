/** What statistics of a comparison are made of: one observation a replication, or one a pair of
 * antithetic replications, whose two runs depend on each other. */
import {
  type HistogramCounts,
  mergedCounts,
  quantileOfCounts,
} from '../../stats/histogram-counts.ts';
import { METRICS, type Metric } from '../campaign/metrics.ts';
import type { RunSample } from '../campaign/run-sample.ts';
import type { RunSubject } from '../result.ts';

const US_PER_MS = 1_000;

/** All samples of one subject that are in the comparison, by replication, ascending. */
export interface SubjectSamples extends RunSubject {
  readonly samples: readonly RunSample[];
}

/** A subject's observations. */
export interface SubjectObservations extends SubjectSamples {
  readonly observations: readonly Observation[];
}

/** One observation. */
export interface Observation {
  readonly samples: readonly RunSample[];
  readonly pageLoadTimeUs: HistogramCounts;
}

/** Metrics that replications can be pooled by, and that every observation has. */
export function poolableMetrics(subjects: readonly SubjectObservations[]): readonly Metric[] {
  return METRICS.filter(
    (metric) =>
      metric.isUnpoolable !== true &&
      subjects.every(({ observations }) =>
        observations.every(({ samples }) =>
          samples.every((sample) => typeof sample.metrics[metric.name] === 'number'),
        ),
      ),
  );
}

/** Groups samples into observations. @param size - Replications of one: 1, or 2 for pairs. */
export function observed(subject: SubjectSamples, size: number): SubjectObservations {
  const observations: Observation[] = [];
  for (let i = 0; i + size <= subject.samples.length; i += size) {
    const samples = subject.samples.slice(i, i + size);
    const pageLoadTimeUs = mergedCounts(samples.map((sample) => sample.pageLoadTimeUs));
    observations.push({ samples, pageLoadTimeUs });
  }
  return { ...subject, observations };
}

/** A metric's value of each observation: the mean of its samples, a percentile that of all its
 * page loads together. */
export function valuesOf(subject: SubjectObservations, metric: Metric): readonly number[] {
  return subject.observations.map(({ samples, pageLoadTimeUs }) => {
    const { quantile } = metric;
    if (quantile !== undefined && samples.length > 1) {
      return quantileOfCounts(pageLoadTimeUs, quantile) / US_PER_MS;
    }
    const values = samples.map((sample) => sample.metrics[metric.name] ?? Number.NaN);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  });
}

/** Page-load times of each observation, in µs. */
export function histogramsOf(subject: SubjectObservations): readonly HistogramCounts[] {
  return subject.observations.map(({ pageLoadTimeUs }) => pageLoadTimeUs);
}
