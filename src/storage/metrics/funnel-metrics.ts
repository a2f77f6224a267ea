/** The funnel from the home page to the first frame: by corrected time and by sequence, and how
 * long each step took. Its SQL runs on SQLite and on DuckDB over `curated_events`.
 * Spec: S76, S121. */
import { type Metric, orderStatistic } from './metric.ts';

/** Steps of the funnel, in their order. */
const STEPS = [
  { name: 'home', sql: "event_type = 'page.view' AND (detail ->> '$.page') = 'home'" },
  { name: 'title', sql: "event_type = 'page.view' AND title_id IS NOT NULL" },
  { name: 'play_clicked', sql: "event_type = 'ui.click' AND (detail ->> '$.target') = 'play'" },
  { name: 'playing', sql: "event_type = 'media.play'" },
];

/** Names of the steps, in their order. */
export const FUNNEL_NAMES: readonly string[] = STEPS.map(({ name }) => name);

/** Sessions that took each step after the one before it, in the order of a column. */
function funnelCtes(name: string, order: string): string {
  const steps = STEPS.map(({ sql }, i) => {
    const before = i === 0 ? '' : `JOIN ${name}_${i - 1} b ON b.session_id = e.session_id`;
    const after = i === 0 ? '' : `AND e.${order} >= b.at`;
    return `${name}_${i} AS (SELECT e.session_id, min(e.${order}) AS at FROM curated_events e
      ${before} WHERE ${sql} ${after} GROUP BY e.session_id)`;
  });
  return steps.join(', ');
}

/** How long sessions took from the step before; of the first step there is none. */
function waitCtes(): string {
  const waits = STEPS.slice(1).map(
    (_, i) => `wait_${i + 1} AS (SELECT (a.at - b.at) / 1e6 AS value, row_number() OVER (
      ORDER BY a.at - b.at, a.session_id) AS value_rank, count(*) OVER () AS n
      FROM timed_${i + 1} a JOIN timed_${i} b ON b.session_id = a.session_id)`,
  );
  return waits.join(', ');
}

function waitOf(step: number, percent: number): string {
  return step === 0
    ? 'CAST(NULL AS DOUBLE)'
    : `(SELECT ${orderStatistic(percent)} FROM wait_${step})`;
}

/** By name. */
export const FUNNEL_METRICS = {
  funnel: {
    words:
      'Sessions that saw the home page, then a title, then clicked "play", then played: in the ' +
      'order of event time, and in the order in which the device noted them; the gap between the ' +
      'two; and the time from the step before (by event time): order statistics.',
    unit: 'sessions, s',
    sql: `WITH ${funnelCtes('timed', 'event_time_us')}, ${funnelCtes('noted', 'sequence')},
      ${waitCtes()},
      step AS (${STEPS.map(
        ({ name }, i) => `SELECT ${i} AS step, '${name}' AS name,
        (SELECT count(*) FROM timed_${i}) AS by_time,
        (SELECT count(*) FROM noted_${i}) AS by_sequence,
        ${waitOf(i, 50)} AS p50_s, ${waitOf(i, 95)} AS p95_s`,
      ).join(' UNION ALL ')})
      SELECT step, name, by_time, by_sequence, by_sequence - by_time AS gap, p50_s, p95_s
      FROM step ORDER BY step`,
  },
} as const satisfies Readonly<Record<string, Metric>>;
