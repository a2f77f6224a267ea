/** Figures of a run that come out of its warehouse, by the named metrics. */
import type { MetricRow } from '../../storage/metrics/metric.ts';
import { runMetric } from '../../storage/metrics.ts';
import type { Warehouse } from '../../storage/warehouse.ts';
import type { World } from '../assemble.ts';
import type { ViewingResult } from '../result.ts';
import type { PipelineResult } from './pipeline/pipeline-result.ts';
import { pipelineWorkersResult } from './pipeline/pipeline-workers.ts';

/** Facts and bad events stored. */
export function readStoredCounts(warehouse: Warehouse): {
  readonly facts: number;
  readonly badEvents: number;
} {
  const row = onlyRow(runMetric(warehouse, 'stored'));
  return { facts: numberOf(row, 'facts'), badEvents: numberOf(row, 'bad_events') };
}

/** What the pipeline did. */
export function readPipeline(world: World, warehouse: Warehouse): PipelineResult {
  const stored = onlyRow(runMetric(warehouse, 'stored'));
  const freshness = onlyRow(runMetric(warehouse, 'freshness'));
  return {
    stages: world.clickstream.pipeline.counts(),
    workers: pipelineWorkersResult(world),
    freshnessSeconds: {
      p50: Number(freshness['p50'] ?? Number.NaN),
      p95: Number(freshness['p95'] ?? Number.NaN),
      p99: Number(freshness['p99'] ?? Number.NaN),
    },
    lateEvents: numberOf(stored, 'late_events'),
    badRows: numberOf(stored, 'bad_rows'),
    panes: numberOf(stored, 'panes'),
  };
}

/** What people watched. */
export function readViewing(warehouse: Warehouse): ViewingResult {
  const completion = onlyRow(runMetric(warehouse, 'completion'));
  const perMinute = runMetric(warehouse, 'plays_per_minute').map((row) => ({
    minute: isoMinute(numberOf(row, 'minute_us')),
    plays: numberOf(row, 'plays'),
  }));
  const concurrent = runMetric(warehouse, 'concurrent_viewers');
  return {
    topTitles: runMetric(warehouse, 'top_titles').map((row) => ({
      titleId: String(row['title_id']),
      name: String(row['name']),
      plays: numberOf(row, 'plays'),
    })),
    topGenres: runMetric(warehouse, 'top_genres').map((row) => ({
      genre: String(row['genre']),
      plays: numberOf(row, 'plays'),
    })),
    completionShare: completion['share'] === null ? null : numberOf(completion, 'share'),
    plays: perMinute.reduce((sum, { plays }) => sum + plays, 0),
    playsPerMinute: perMinute,
    maxConcurrentViewers: concurrent.reduce(
      (max, row) => Math.max(max, numberOf(row, 'viewers')),
      0,
    ),
  };
}

function isoMinute(timeUs: number): string {
  return new Date(timeUs / 1_000).toISOString().slice(0, 16);
}

function onlyRow(rows: readonly MetricRow[]): MetricRow {
  return rows[0] ?? {};
}

function numberOf(row: MetricRow, column: string): number {
  return Number(row[column] ?? 0);
}
