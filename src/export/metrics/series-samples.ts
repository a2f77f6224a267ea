/** The series of a run, one sample a point: the middle of its bucket is its time. */

import type { ArchitectureResult } from '../../experiment/result.ts';
import { US_PER_MINUTE } from '../../kernel/time.ts';
import type { MetricName } from './definitions.ts';
import type { Attributes, Sampler } from './metric-sample.ts';

type RunSeries = ArchitectureResult['series'];
type Values = readonly (number | null)[];

const PER_MS = 1e-3;
const PER_MINUTE = 1 / 60;
const QUANTILES: Readonly<Record<string, string>> = { p50: '0.5', p95: '0.95', p99: '0.99' };

/** Adds every point that was measured. */
export function addSeries(
  sampler: Sampler,
  { series, path }: Pick<ArchitectureResult, 'series' | 'path'>,
): void {
  const add = (name: MetricName, values: Values, { of, scale }: SeriesOptions) => {
    values.forEach((value, i) => {
      const minute = series.minutes[i];
      if (minute === undefined) return;
      const atUs = Math.round(minute * US_PER_MINUTE);
      sampler.add(name, value, { of: { ...of, scope: 'bucket' }, scale, atUs });
    });
  };
  for (const { name, values } of series.pageLoadTimeMs) {
    const of = { quantile: QUANTILES[name] ?? name };
    add('backlot.page.load.time', values, { of, scale: PER_MS });
  }
  const rates = {
    asked: series.requestsPerMinute,
    shown: series.goodPerMinute,
    errors: series.errorsPerMinute,
  };
  for (const [outcome, values] of Object.entries(rates)) {
    add('backlot.page.rate', values, { of: { outcome }, scale: PER_MINUTE });
  }
  add('backlot.try.rate', series.triesPerMinute, { scale: PER_MINUTE });
  for (const [name, all] of Object.entries(ofServers(series))) {
    for (const one of all) add(name as MetricName, one.values, { of: { server: one.name } });
  }
  for (const { name, values } of path?.queues ?? []) {
    add('backlot.server.queue', values, { of: { server: name } });
  }
  for (const { name, values } of series.consumerLag) {
    add('backlot.pipeline.lag', values, { of: { statistic: name } });
  }
  for (const { name, values } of series.workerUtilization) {
    add('backlot.pipeline.utilization', values, { of: { statistic: name } });
  }
  add('backlot.viewers.concurrent', series.concurrentViewers, {});
}

interface SeriesOptions {
  readonly of?: Attributes;
  readonly scale?: number;
}

function ofServers(series: RunSeries): Partial<Record<MetricName, RunSeries['replicas']>> {
  return {
    'backlot.server.utilization': series.utilization,
    'backlot.server.replicas': series.replicas,
    'backlot.server.concurrency.limit': series.concurrencyLimit,
  };
}
