/** Metrics of users by when they were first seen, and of active users day by day. Their SQL runs on
 * SQLite and on DuckDB over `curated_events`. Days are UTC, weeks begin on Monday; both are counted
 * from the Unix epoch's. Spec: S122, S123. */
import { DAY } from './activity-metrics.ts';
import type { Metric } from './metric.ts';

/** How far a cohort of a day is followed. */
export const COHORT_DAYS = 30;
/** How far one of a week. */
export const COHORT_WEEKS = 26;

const WEEK = 'CAST(floor((event_time_us / 86400e6 + 3) / 7) AS BIGINT)';

/** The triangle: first period × periods after it, as far as the data reach. */
function triangle(period: 'day' | 'week', last: number): string {
  const steps = Array.from({ length: last + 1 }, (_, n) => `SELECT ${n} AS n`);
  return `WITH visit AS (SELECT DISTINCT ${period === 'day' ? DAY : WEEK} AS start, subject
      FROM curated_events),
    first_visit AS (SELECT subject, min(start) AS start FROM visit GROUP BY subject),
    cohort AS (SELECT start, count(*) AS users FROM first_visit GROUP BY start),
    back AS (SELECT f.start AS start, v.start - f.start AS n, count(*) AS users FROM first_visit f
      JOIN visit v ON v.subject = f.subject WHERE v.start - f.start <= ${last} GROUP BY 1, 2),
    step AS (${steps.join(' UNION ALL ')})
    SELECT c.start AS cohort_${period}, step.n AS ${period}_n, c.users AS size,
      coalesce(b.users, 0) AS active, 1.0 * coalesce(b.users, 0) / c.users AS share
    FROM cohort c CROSS JOIN step LEFT JOIN back b ON b.start = c.start AND b.n = step.n
    WHERE c.start + step.n <= (SELECT max(start) FROM visit)
    ORDER BY c.start, step.n`;
}

/** By name. */
export const COHORT_METRICS = {
  active_users: {
    words:
      'For each UTC day with an event: users of that day, of the 7 and of the 30 days that end ' +
      'with it (DAU, WAU, MAU).',
    unit: 'days since the Unix epoch, users',
    sql: `WITH visit AS (SELECT DISTINCT ${DAY} AS day, subject FROM curated_events),
      calendar AS (SELECT DISTINCT day FROM visit)
      SELECT c.day AS day, count(DISTINCT CASE WHEN v.day = c.day THEN v.subject END) AS dau,
        count(DISTINCT CASE WHEN v.day > c.day - 7 THEN v.subject END) AS wau,
        count(DISTINCT v.subject) AS mau
      FROM calendar c JOIN visit v ON v.day <= c.day AND v.day > c.day - 30
      GROUP BY c.day ORDER BY c.day`,
  },
  cohort_retention: {
    words:
      'Users by the UTC day of their first event, and on each of the 30 days after it that the ' +
      'data reach: how many of them were active.',
    unit: 'days since the Unix epoch, days, users, share 0–1',
    sql: triangle('day', COHORT_DAYS),
  },
  weekly_cohort_retention: {
    words:
      'Users by the week of their first event (Monday to Sunday, UTC), and in each of the 26 ' +
      'weeks after it that the data reach: how many of them were active.',
    unit: 'weeks since that of the Unix epoch, weeks, users, share 0–1',
    sql: triangle('week', COHORT_WEEKS),
  },
} as const satisfies Readonly<Record<string, Metric>>;
