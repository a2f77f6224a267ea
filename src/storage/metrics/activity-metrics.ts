/** Metrics of who was there and how far they came, by user, day and session. Their SQL runs on
 * SQLite and on DuckDB over `curated_events`. Days are UTC. Spec: S75, S76, S86. */
import { type Metric, orderStatistic } from './metric.ts';

/** UTC day of an event, in days since the Unix epoch. */
export const DAY = 'CAST(floor(event_time_us / 86400e6) AS BIGINT)';
/** How far back a week and a month go, in days. */
const WEEK_DAYS = 7;
const MONTH_DAYS = 30;
/** Days after the first at which users are looked for again. */
const RETENTION_DAYS = [1, 7, 30];

/** By name. */
export const ACTIVITY_METRICS = {
  daily_users: {
    words: 'Distinct subjects a UTC day.',
    unit: 'users',
    sql: `SELECT ${DAY} AS day, count(DISTINCT subject) AS users FROM curated_events
      GROUP BY 1 ORDER BY 1`,
  },
  stickiness: {
    words:
      'Users of the last 7 and 30 days of data (WAU, MAU), and mean daily users over the 30, as ' +
      'a share of the month’s users.',
    unit: 'users, share 0–1',
    sql: `WITH visit AS (SELECT DISTINCT ${DAY} AS day, subject FROM curated_events),
      month AS (SELECT * FROM visit WHERE day > (SELECT max(day) FROM visit) - ${MONTH_DAYS}),
      week AS (SELECT count(DISTINCT subject) AS users FROM visit
        WHERE day > (SELECT max(day) FROM visit) - ${WEEK_DAYS}),
      figures AS (SELECT count(*) AS visits, count(DISTINCT day) AS days,
        count(DISTINCT subject) AS users FROM month)
      SELECT (SELECT users FROM week) AS weekly_users, users AS monthly_users,
        1.0 * visits / nullif(days * users, 0) AS stickiness
      FROM figures`,
  },
  day_retention: {
    words:
      'Of the users whose first day of data lies 1, 7 and 30 days before its last day or longer: ' +
      'the share that was active on the 1st, 7th and 30th day after it.',
    unit: 'days, users, share 0–1',
    sql: `WITH visit AS (SELECT DISTINCT ${DAY} AS day, subject FROM curated_events),
      first_visit AS (SELECT subject, min(day) AS day FROM visit GROUP BY subject),
      after AS (${RETENTION_DAYS.map((days) => `SELECT ${days} AS days`).join(' UNION ALL ')})
      SELECT after.days AS days, count(*) AS cohort, count(v.subject) AS returned,
        1.0 * count(v.subject) / count(*) AS share
      FROM after CROSS JOIN first_visit f
        LEFT JOIN visit v ON v.subject = f.subject AND v.day = f.day + after.days
      WHERE f.day + after.days <= (SELECT max(day) FROM visit)
      GROUP BY after.days ORDER BY after.days`,
  },
  churn: {
    words: 'Users without an event in the last 30 days before the end of the data.',
    unit: 'users, share 0–1',
    sql: `WITH seen AS (SELECT subject, max(event_time_us) AS last_us FROM curated_events
        GROUP BY subject),
      figures AS (SELECT count(*) AS users, coalesce(sum(CASE WHEN last_us <
        (SELECT max(last_us) FROM seen) - ${MONTH_DAYS} * 86400000000 THEN 1 ELSE 0 END), 0)
        AS churned FROM seen)
      SELECT users, churned, 1.0 * churned / nullif(users, 0) AS share FROM figures`,
  },
  return_time: {
    words:
      'From the end of a user’s sessions so far to the beginning of the next: order statistics. ' +
      'Sessions that overlap are one visit.',
    unit: 'returns, s',
    sql: `WITH visit AS (SELECT subject, session_id, min(event_time_us) AS from_us,
        max(event_time_us) AS to_us FROM curated_events GROUP BY subject, session_id),
      gap AS (SELECT subject, session_id, from_us - max(to_us) OVER (PARTITION BY subject
        ORDER BY from_us, session_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS gap_us
        FROM visit),
      ranked AS (SELECT gap_us / 1e6 AS value, row_number() OVER (
        ORDER BY gap_us, subject, session_id) AS value_rank, count(*) OVER () AS n
        FROM gap WHERE gap_us > 0)
      SELECT count(*) AS returns, ${orderStatistic(50)} AS p50_s, ${orderStatistic(95)} AS p95_s
      FROM ranked`,
  },
  browsing: {
    words:
      'Sessions with a page or a play, the share of them that played nothing, and the time from ' +
      'a session’s first event to its first play: order statistics.',
    unit: 'sessions, share 0–1, s',
    sql: `WITH visit AS (SELECT session_id, min(event_time_us) AS from_us,
        min(CASE WHEN event_type = 'media.play' THEN event_time_us END) AS play_us
        FROM curated_events WHERE event_type NOT IN ('http.request', 'record.ingested')
        GROUP BY session_id),
      ranked AS (SELECT (play_us - from_us) / 1e6 AS value, row_number() OVER (
        ORDER BY play_us - from_us, session_id) AS value_rank, count(*) OVER () AS n
        FROM visit WHERE play_us IS NOT NULL)
      SELECT (SELECT count(*) FROM visit) AS sessions,
        (SELECT avg(CASE WHEN play_us IS NULL THEN 1.0 ELSE 0.0 END) FROM visit) AS abandon_share,
        ${orderStatistic(50)} AS first_play_p50_s, ${orderStatistic(95)} AS first_play_p95_s
      FROM ranked`,
  },
  order_inversions: {
    words: 'Of neighbours by sequence in a session: pairs, and those whose times run backwards.',
    unit: 'pairs',
    sql: `WITH step AS (SELECT event_time_us - lag(event_time_us) OVER (PARTITION BY session_id
        ORDER BY sequence, event_id) AS gap_us FROM curated_events)
      SELECT count(gap_us) AS pairs, coalesce(sum(CASE WHEN gap_us < 0 THEN 1 ELSE 0 END), 0)
        AS inversions FROM step`,
  },
} as const satisfies Readonly<Record<string, Metric>>;
