/** Metrics of the pipeline itself, over the warehouse's own tables (SQLite). What was lost before
 * the log only the truth knows: a run's ledger has it. Spec: S77. */
import { type Metric, orderStatistic } from './metric.ts';

const stageTotal = (stage: string, outcome: string) =>
  `(SELECT coalesce(sum(events), 0) FROM stage_count WHERE stage = '${stage}'
    AND outcome = '${outcome}')`;

/** By name. */
export const QUALITY_METRICS = {
  pipeline_quality: {
    words:
      'Of what the pipeline received: shares of bad rows, duplicates and late events; freshness ' +
      'at the 95th percentile; how far the watermark lies behind the newest event.',
    unit: 'events, shares 0–1, s',
    sql: `WITH ranked AS (SELECT (process_time_us - event_time_us) / 1e6 AS value,
        row_number() OVER (ORDER BY process_time_us - event_time_us, event_id) AS value_rank,
        count(*) OVER () AS n FROM fact_event),
      figures AS (SELECT ${stageTotal('validate', 'received')} AS received,
        (SELECT count(*) FROM bad_row) AS bad, ${stageTotal('dedupe', 'dropped')} AS duplicates,
        (SELECT count(DISTINCT event_id) FROM late_event) AS late,
        (SELECT count(*) FROM fact_event) AS stored,
        (SELECT max(event_time_us) FROM fact_event) AS newest_us,
        (SELECT min(watermark_us) FROM source_offset) AS watermark_us)
      SELECT received, stored, 1.0 * bad / nullif(received, 0) AS bad_share,
        1.0 * duplicates / nullif(received, 0) AS duplicate_share,
        1.0 * late / nullif(stored, 0) AS late_share,
        (SELECT ${orderStatistic(95)} FROM ranked) AS freshness_p95_s,
        CASE WHEN newest_us > watermark_us THEN (newest_us - watermark_us) / 1e6 ELSE 0.0 END
          AS watermark_lag_s
      FROM figures`,
  },
} as const satisfies Readonly<Record<string, Metric>>;
