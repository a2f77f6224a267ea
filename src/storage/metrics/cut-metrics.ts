/** Quality of experience and completion by what they may hang on: device, country, title. Each is
 * one definition in two halves, because a stream closes plays and sessions apart: what playing was
 * like (by plays) and how it began (by sessions). Their SQL runs on SQLite and on DuckDB over
 * `curated_events` and `title_runtime`. Spec: S124, S125. */
import { attemptCte, startCte } from '../warehouse/attempt-sql.ts';
import { hasSeen, playbackCtes } from '../warehouse/playback-sql.ts';
import { type Metric, orderStatistic, sqlShare, sqlTotal } from './metric.ts';

/** What quality is cut by: the column of results, and that of events. */
const CUTS = { device: 'device_kind', country: 'country', title: 'title_id' } as const;

/** Name of a cut. */
type CutName = keyof typeof CUTS;

/** Column that names the cut in results: a title by its id. */
const headOf = (cut: CutName) => (cut === 'title' ? 'title_id' : cut);

function playQuality(cut: CutName): Metric {
  const column = CUTS[cut];
  return {
    words:
      `By ${cut}: plays, those that began and of them the share that met an error (VPF), time ` +
      'watched, the rebuffer ratio and the same without stalls after seeks, stalls, and the ' +
      'bitrate weighted by the time played.',
    unit: 'plays, share 0–1, s, stalls, kbit/s',
    sql: `WITH ${playbackCtes()}
      SELECT ${column} AS ${headOf(cut)}, count(*) AS plays, sum(is_started) AS started,
        ${sqlShare('sum(is_play_failure)', 'sum(is_started)')} AS failure_share,
        sum(play_us) / 1e6 AS watch_s,
        ${sqlShare('sum(rebuffer_us)', 'sum(play_us) + sum(rebuffer_us)')} AS rebuffer_ratio,
        ${sqlShare('sum(connection_us)', 'sum(play_us) + sum(connection_us)')}
          AS connection_rebuffer_ratio,
        ${sqlTotal('rebuffer_n')} AS stalls,
        sum(kbps_us) / nullif(sum(rated_us), 0) AS kbps
      FROM playback WHERE ${column} IS NOT NULL GROUP BY 1 ORDER BY 1`,
  };
}

function startQuality(cut: CutName): Metric {
  const column = CUTS[cut];
  return {
    words:
      `By ${cut}: clicks on "play", the shares of them that ended before the first frame without ` +
      'an error (EBVS) and with one (VSF), starts, video start time (order statistics) and the ' +
      'mean startup score. A play that is in several counts in each.',
    unit: 'attempts, shares 0–1, starts, s, score 0–100',
    sql: `WITH ${startCte()}, ${attemptCte()},
      tried AS (SELECT ${column} AS cut, count(*) AS attempts, sum(is_exit) AS exits,
        sum(is_failure) AS failures FROM attempt WHERE ${column} IS NOT NULL GROUP BY 1),
      begun AS (SELECT ${column} AS cut, play_id, min(t - asked_us) AS startup_us FROM start_step
        WHERE type = 'media.play' AND play_id IS NOT NULL AND asked_us IS NOT NULL
          AND ${column} IS NOT NULL GROUP BY 1, 2),
      ranked AS (SELECT cut, startup_us, startup_us / 1e6 AS value, row_number() OVER (
        PARTITION BY cut ORDER BY startup_us, play_id) AS value_rank,
        count(*) OVER (PARTITION BY cut) AS n FROM begun),
      started AS (SELECT cut, count(*) AS starts, ${orderStatistic(50)} AS p50_s,
        ${orderStatistic(95)} AS p95_s, avg(100.0 * 8e6 / (8e6 + startup_us)) AS score
        FROM ranked GROUP BY cut),
      cuts AS (SELECT cut FROM tried UNION SELECT cut FROM started)
      SELECT cuts.cut AS ${headOf(cut)}, coalesce(t.attempts, 0) AS attempts,
        1.0 * t.exits / t.attempts AS exit_share, 1.0 * t.failures / t.attempts AS failure_share,
        coalesce(s.starts, 0) AS starts, s.p50_s AS p50_s, s.p95_s AS p95_s, s.score AS score
      FROM cuts LEFT JOIN tried t ON t.cut = cuts.cut LEFT JOIN started s ON s.cut = cuts.cut
      ORDER BY 1`,
  };
}

/** By name. */
export const CUT_METRICS = {
  play_quality_by_device: playQuality('device'),
  play_quality_by_country: playQuality('country'),
  play_quality_by_title: playQuality('title'),
  start_quality_by_device: startQuality('device'),
  start_quality_by_country: startQuality('country'),
  start_quality_by_title: startQuality('title'),
  completion_by_title: {
    words:
      'By title: plays that played at all, validly (30 s) and completely (99 %), the share of ' +
      'complete ones, and the mean share of the title seen, where its running time is known.',
    unit: 'plays, shares 0–1',
    sql: `WITH ${playbackCtes()}
      SELECT title_id, sum(is_played) AS plays, sum(is_valid_play) AS valid_plays,
        sum(is_complete) AS complete_plays,
        ${sqlShare('sum(is_complete)', 'sum(is_played)')} AS completion_rate,
        avg(CASE WHEN is_played = 1 AND runtime_s > 0 THEN CASE WHEN ${hasSeen(100)} THEN 1.0
          ELSE seen_us / (runtime_s * 1e6) END END) AS avg_share_played
      FROM playback WHERE title_id IS NOT NULL GROUP BY title_id ORDER BY title_id`,
  },
} as const satisfies Readonly<Record<string, Metric>>;
