/** Descriptive figures of a run for its report, out of the warehouse's named metrics. */
import type { MetricName } from '../../../storage/metrics/catalogue.ts';
import type { MetricRow } from '../../../storage/metrics/metric.ts';
import { runMetric } from '../../../storage/metrics.ts';
import type { Warehouse } from '../../../storage/warehouse.ts';
import type { CohortCell, FunnelStep, QualityRow, ViewingResult } from './viewing-result.ts';

/** Cohorts that a document keeps: the newest. */
const COHORTS_MAX = 31;
const MS_PER_DAY = 86_400_000;

/** The funnel, quality by device, cohorts and active users. Cost: six metrics. Spec: S135. */
export function readDescriptive(
  warehouse: Warehouse,
): Required<Pick<ViewingResult, 'funnel' | 'quality' | 'cohorts' | 'activeUsers'>> {
  const rows = (name: MetricName) => runMetric(warehouse, name);
  return {
    funnel: rows('funnel').map(funnelStep),
    quality: qualityRows(rows('start_quality_by_device'), rows('play_quality_by_device')),
    cohorts: newestCohorts(rows('cohort_retention').map(cohortCell)),
    activeUsers: rows('active_users')
      .slice(-COHORTS_MAX)
      .map((row) => ({
        day: dayOf(row['day']),
        dau: Number(row['dau']),
        wau: Number(row['wau']),
        mau: Number(row['mau']),
      })),
  };
}

function funnelStep(row: MetricRow): FunnelStep {
  return {
    name: String(row['name']),
    byTime: Number(row['by_time']),
    bySequence: Number(row['by_sequence']),
    p50Seconds: numberOrNull(row['p50_s']),
    p95Seconds: numberOrNull(row['p95_s']),
  };
}

/** A row a device, of both halves of its quality. */
function qualityRows(
  starts: readonly MetricRow[],
  plays: readonly MetricRow[],
): readonly QualityRow[] {
  const devices = [...new Set([...starts, ...plays].map((row) => String(row['device'])))].sort();
  return devices.map((device) => {
    const start = starts.find((row) => row['device'] === device) ?? {};
    const play = plays.find((row) => row['device'] === device) ?? {};
    return {
      device,
      attempts: Number(start['attempts'] ?? 0),
      exitShare: numberOrNull(start['exit_share']),
      failureShare: numberOrNull(start['failure_share']),
      startP50Seconds: numberOrNull(start['p50_s']),
      startP95Seconds: numberOrNull(start['p95_s']),
      startupScore: numberOrNull(start['score']),
      plays: Number(play['plays'] ?? 0),
      playFailureShare: numberOrNull(play['failure_share']),
      watchSeconds: Number(play['watch_s'] ?? 0),
      rebufferRatio: numberOrNull(play['rebuffer_ratio']),
      kbps: numberOrNull(play['kbps']),
    };
  });
}

function cohortCell(row: MetricRow): CohortCell {
  return {
    day: dayOf(row['cohort_day']),
    after: Number(row['day_n']),
    size: Number(row['size']),
    active: Number(row['active']),
  };
}

function newestCohorts(cells: readonly CohortCell[]): readonly CohortCell[] {
  const days = new Set([...new Set(cells.map(({ day }) => day))].slice(-COHORTS_MAX));
  return cells.filter(({ day }) => days.has(day));
}

function dayOf(days: unknown): string {
  return new Date(Number(days) * MS_PER_DAY).toISOString().slice(0, 10);
}

function numberOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}
