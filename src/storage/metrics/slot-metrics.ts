/** Metrics of where titles are shown: by row and slot. Their SQL runs on SQLite and on DuckDB over
 * `curated_events`. Spec: S84, S126. */
import { impressionCtes } from '../warehouse/impression-sql.ts';
import type { Metric } from './metric.ts';

/** Columns of impressions that tell rates. */
export const RATES = `count(*) AS impressions, sum(clicked) AS clicks, sum(played) AS plays,
  1.0 * sum(clicked) / count(*) AS ctr, 1.0 * sum(played) / count(*) AS take_rate`;

/** By name. */
export const SLOT_METRICS = {
  slot_rates: {
    words:
      'Titles shown in each slot of each row: shares of them that were clicked (CTR) and that ' +
      'were played (take rate) in the session before they were shown again.',
    unit: 'impressions, shares 0–1',
    sql: `WITH ${impressionCtes()}
      SELECT row_id, slot, ${RATES}
      FROM impression WHERE is_in_slot = 1 GROUP BY row_id, slot
      ORDER BY coalesce(row_id, ''), coalesce(slot, -1)`,
  },
  row_rates: {
    words: 'By row, whatever the slot: titles shown, shares of them clicked (CTR) and played.',
    unit: 'impressions, shares 0–1',
    sql: `WITH ${impressionCtes()}
      SELECT row_id, ${RATES} FROM impression WHERE is_in_slot = 1 AND row_id IS NOT NULL
      GROUP BY row_id ORDER BY row_id`,
  },
  policy_rates: {
    words:
      'By policy and row, where impressions tell who chose the title: titles shown, shares of ' +
      'them clicked (CTR) and played (take rate), and the mean propensity that was logged.',
    unit: 'impressions, shares 0–1',
    sql: `WITH ${impressionCtes()}
      SELECT policy_id, row_id, ${RATES}, avg(propensity) AS mean_propensity
      FROM impression WHERE is_in_slot = 1 AND policy_id IS NOT NULL
      GROUP BY policy_id, row_id ORDER BY policy_id, coalesce(row_id, '')`,
  },
  position_bias: {
    words:
      'By slot, whatever the row: the CTR, the same relative to the first slot that was shown, ' +
      'and, where propensities were logged, weighted by their inverse (self-normalised), so that ' +
      'what a policy likes to put first does not count for the slot.',
    unit: 'impressions, shares 0–1, ratio',
    sql: `WITH ${impressionCtes()},
      by_slot AS (SELECT slot, count(*) AS impressions, 1.0 * sum(clicked) / count(*) AS ctr,
        sum(CASE WHEN propensity > 0 THEN clicked / propensity END)
          / sum(CASE WHEN propensity > 0 THEN 1.0 / propensity END) AS weighted_ctr
        FROM impression WHERE is_in_slot = 1 AND slot IS NOT NULL GROUP BY slot),
      base AS (SELECT ctr AS first_ctr FROM by_slot WHERE slot = (SELECT min(slot) FROM by_slot))
      SELECT slot, impressions, ctr, ctr / nullif(first_ctr, 0) AS relative_ctr, weighted_ctr
      FROM by_slot CROSS JOIN base ORDER BY slot`,
  },
} as const satisfies Readonly<Record<string, Metric>>;
