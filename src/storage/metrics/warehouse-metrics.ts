/** Metrics over the warehouse's own tables (SQLite): what was played, stored, lost.
 * Ranking queries break ties totally, so that a top ten is one. Spec: S6, S126. */
import { impressionCtes } from '../warehouse/impression-sql.ts';
import type { Metric } from './metric.ts';
import { RATES } from './slot-metrics.ts';

const TITLES = 'JOIN dim_title USING (title_sk)';
const OF_TYPE = (name: string) =>
  `event_type_sk = (SELECT event_type_sk FROM dim_event_type WHERE name = '${name}')`;

/** By name. */
export const WAREHOUSE_METRICS = {
  arm_rates: {
    words:
      'By arm of the experiment that the user was in as of the impression: users, titles shown, ' +
      'and the shares of them that were clicked (CTR) and played (take rate).',
    unit: 'users, impressions, shares 0–1',
    sql: `WITH ${impressionCtes()},
      who AS (SELECT session_id, min(subject) AS subject FROM curated_events GROUP BY session_id)
      SELECT u.attributes ->> '$.exp_arm' AS arm, count(DISTINCT w.subject) AS users, ${RATES}
      FROM impression i JOIN who w ON w.session_id = i.session_id
        JOIN dim_user u ON u.user_id = w.subject AND u.valid_from_us <= i.time_us
          AND (u.valid_to_us IS NULL OR u.valid_to_us > i.time_us)
      WHERE i.is_in_slot = 1 AND u.attributes ->> '$.exp_arm' IS NOT NULL GROUP BY 1 ORDER BY 1`,
  },
  plays_per_minute: {
    words: 'Plays started in each minute of event time.',
    unit: 'plays',
    sql: `SELECT event_time_us / 60000000 * 60000000 AS minute_us, count(*) AS plays
      FROM fact_event WHERE ${OF_TYPE('media.play')} GROUP BY 1 ORDER BY 1`,
  },
  top_titles: {
    words: 'The ten titles with most plays; ties by title id.',
    unit: 'plays',
    sql: `SELECT title_id, coalesce(name, title_id) AS name, count(*) AS plays
      FROM fact_event ${TITLES} WHERE ${OF_TYPE('media.play')}
      GROUP BY title_id ORDER BY plays DESC, title_id LIMIT 10`,
  },
  top_genres: {
    words: 'The ten genres with most plays; a title counts for its first genre; ties by name.',
    unit: 'plays',
    sql: `SELECT coalesce(genre, 'unknown') AS genre, count(*) AS plays
      FROM fact_event ${TITLES} WHERE ${OF_TYPE('media.play')}
      GROUP BY 1 ORDER BY plays DESC, 1 LIMIT 10`,
  },
  completion: {
    words: 'Of the plays that ended: how many, and the share that reached the end of the title.',
    unit: 'share 0–1',
    sql: `SELECT count(*) AS ended, avg(completed) AS share FROM fact_event
      WHERE ${OF_TYPE('media.end')}`,
  },
  concurrent_viewers: {
    words:
      'Per minute, the most plays open at once: a play is open from its first event to its last.',
    unit: 'plays',
    sql: `WITH RECURSIVE open AS (SELECT min(event_time_us) AS from_us, max(event_time_us) AS to_us
        FROM fact_event WHERE playback_id IS NOT NULL GROUP BY playback_id),
      span AS (SELECT min(from_us) / 60000000 * 60000000 AS from_us, max(to_us) AS to_us FROM open),
      minute (at_us) AS (SELECT from_us FROM span WHERE from_us IS NOT NULL
        UNION ALL SELECT at_us + 60000000 FROM minute, span WHERE at_us + 60000000 <= to_us),
      step AS (SELECT from_us AS at_us, 1 AS change FROM open
        UNION ALL SELECT to_us, -1 FROM open UNION ALL SELECT at_us, 0 FROM minute),
      level AS (SELECT at_us, sum(change) OVER (ORDER BY at_us, change
        ROWS UNBOUNDED PRECEDING) AS viewers FROM step)
      SELECT at_us / 60000000 * 60000000 AS minute_us, max(viewers) AS viewers
      FROM level GROUP BY 1 ORDER BY 1`,
  },
  error_ledger: {
    words: 'What each stage received, passed, rejected and dropped, by reason.',
    unit: 'events',
    sql: `SELECT source, stage, outcome, reason, events FROM stage_count
      ORDER BY source, stage, outcome, reason`,
  },
  bad_rows: {
    words: 'Rows that failed validation, by reason.',
    unit: 'events',
    sql: 'SELECT reason, count(*) AS events FROM bad_row GROUP BY reason ORDER BY reason',
  },
  stored: {
    words:
      'Rows in the warehouse: facts, bad rows, late events, panes; and bad events, which a retry ' +
      'can bring twice: rows with one payload are one event.',
    unit: 'rows',
    sql: `SELECT (SELECT count(*) FROM fact_event) AS facts,
      (SELECT count(*) FROM bad_row) AS bad_rows,
      (SELECT count(DISTINCT payload) FROM bad_row) AS bad_events,
      (SELECT count(DISTINCT event_id) FROM late_event) AS late_events,
      (SELECT count(*) FROM pane) AS panes`,
  },
  freshness: {
    words: 'From capture on the device to the committed row: percentiles by order statistics.',
    unit: 's',
    sql: `WITH age AS (SELECT (process_time_us - event_time_us) / 1e6 AS s,
        row_number() OVER (ORDER BY process_time_us - event_time_us) AS rank,
        count(*) OVER () AS n FROM fact_event)
      SELECT max(s) FILTER (WHERE rank <= max(1, (n + 1) / 2)) AS p50,
        max(s) FILTER (WHERE rank <= max(1, (n * 95 + 99) / 100)) AS p95,
        max(s) FILTER (WHERE rank <= max(1, (n * 99 + 99) / 100)) AS p99 FROM age`,
  },
  http_statuses: {
    words: 'Requests of ingested access logs by status.',
    unit: 'requests',
    sql: `SELECT status, count(*) AS requests FROM fact_event WHERE status IS NOT NULL
      GROUP BY status ORDER BY status`,
  },
  http_totals: {
    words: 'Rows in the warehouse, bytes sent, and distinct subjects (hosts).',
    unit: 'rows, bytes, hosts',
    sql: `SELECT count(*) AS rows, coalesce(sum(response_bytes), 0) AS bytes,
      count(DISTINCT subject) AS subjects FROM fact_event`,
  },
} as const satisfies Readonly<Record<string, Metric>>;
