/** The catalogue of metrics: one definition each, in words and in SQL, and where each is computed.
 * Spec: S6, S70, S87. */
import { ACTIVITY_METRICS } from './activity-metrics.ts';
import { COHORT_METRICS } from './cohort-metrics.ts';
import { CUT_METRICS } from './cut-metrics.ts';
import { FUNNEL_METRICS } from './funnel-metrics.ts';
import type { Metric } from './metric.ts';
import { QUALITY_METRICS } from './quality-metrics.ts';
import { SLOT_METRICS } from './slot-metrics.ts';
import { VIEWING_METRICS } from './viewing-metrics.ts';
import { WAREHOUSE_METRICS } from './warehouse-metrics.ts';

/** Metrics whose SQL runs on the warehouse and on the lake's `curated_events` alike. On a lake,
 * whose events do not tell of titles, create `title_runtime (title_id, runtime_s, kind)` and
 * `title_release (title_id, release_us)` first. */
export const PORTABLE_METRICS = {
  ...VIEWING_METRICS,
  ...SLOT_METRICS,
  ...ACTIVITY_METRICS,
  ...COHORT_METRICS,
  ...FUNNEL_METRICS,
  ...CUT_METRICS,
} as const;

/** All metrics by name. */
export const METRICS = {
  ...PORTABLE_METRICS,
  ...QUALITY_METRICS,
  ...WAREHOUSE_METRICS,
} as const satisfies Readonly<Record<string, Metric>>;

/** Name of a metric. */
export type MetricName = keyof typeof METRICS;
