/** Figures of a run that come out of its warehouse, by the named metrics. */
import type { MetricRow } from '../../storage/metrics/metric.ts';
import { runMetric } from '../../storage/metrics.ts';
import type { Warehouse } from '../../storage/warehouse.ts';
import type { World } from '../assemble.ts';
import { POISON_MARK } from '../faults/pipeline/poison.ts';
import type { PipelineResult } from './pipeline/pipeline-result.ts';
import { pipelineWorkersResult } from './pipeline/pipeline-workers.ts';
import type { ViewingResult } from './pipeline/viewing-result.ts';

/** Rows stored. */
export interface StoredCounts {
  readonly facts: number;
  readonly badRows: number;
  /** Events that are bad rows only, each once. */
  readonly badEvents: number;
  /** Bad rows of records that faults made. */
  readonly poisonRows: number;
}

/** Events that are nothing but bad rows: one that came again with another payload is one event, and
 * none of these where it is a fact too. */
const BAD_EVENTS = `WITH bad AS (
    SELECT payload, CASE WHEN json_valid(payload) THEN payload ->> '$.id' END AS id FROM bad_row)
  SELECT count(DISTINCT coalesce(id, payload)) AS n FROM bad
  WHERE id IS NULL OR id NOT IN (SELECT event_id FROM fact_event)`;

/** Facts and bad events stored. */
export function readStoredCounts(warehouse: Warehouse): StoredCounts {
  const row = onlyRow(runMetric(warehouse, 'stored'));
  const [poison = {}] = warehouse.query(
    'SELECT count(DISTINCT payload) AS n FROM bad_row WHERE instr(payload, ?) > 0',
    [POISON_MARK],
  );
  const [bad = {}] = warehouse.query(BAD_EVENTS);
  return {
    facts: numberOf(row, 'facts'),
    badRows: numberOf(row, 'bad_rows'),
    badEvents: numberOf(bad as MetricRow, 'n'),
    poisonRows: numberOf(poison as MetricRow, 'n'),
  };
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
