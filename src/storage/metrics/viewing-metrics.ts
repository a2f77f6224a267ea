/** Metrics of what was watched. Their SQL runs on SQLite and on DuckDB over `curated_events` and
 * `title_runtime`; a stream gives the same figures (`viewing-stream.ts`). Spec: S70–S74, S80–S85.
 * Source: Snowplow's media model, Netflix's letters, Conviva's and Mux's names. */
import { attemptCte, startCte } from '../warehouse/attempt-sql.ts';
import { hasSeen, playbackCtes, VIEWING } from '../warehouse/playback-sql.ts';
import { type Metric, orderStatistic, sqlShare as share, sqlTotal as total } from './metric.ts';

const countIf = (condition: string) => total(`CASE WHEN ${condition} THEN 1 ELSE 0 END`);

/** Percent of the title at which retention is read. */
const RETENTION_STEPS = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]
  .map((percent) => `SELECT ${percent} AS percent`)
  .join(' UNION ALL ');

/** Days from the release in which views count. Source: Netflix's letters. */
const VIEWS_DAYS = 91;

/** By name. */
export const VIEWING_METRICS = {
  viewing_totals: {
    words:
      'Impressions (distinct plays), those that played at all, validly (30 s), completely ' +
      '(99 %); their rates; the mean share of the title seen; time watched, and content once; ' +
      'starters (two minutes of a film, a whole episode), watchers (70 %) and completers (90 %).',
    unit: 'plays, shares 0–1, s',
    sql: `WITH ${playbackCtes()}
      SELECT count(*) AS impressions, ${total('is_played')} AS plays,
        ${total('is_valid_play')} AS valid_plays, ${total('is_complete')} AS complete_plays,
        ${share('sum(is_played)', 'count(*)')} AS play_rate,
        ${share('sum(is_complete)', 'sum(is_played)')} AS completion_rate,
        avg(CASE WHEN is_played = 1 AND runtime_s > 0 THEN CASE WHEN ${hasSeen(100)} THEN 1.0
          ELSE seen_us / (runtime_s * 1e6) END END) AS avg_share_played,
        ${total('play_us')} / 1e6 AS watch_s, ${total('content_s')} AS content_s,
        ${countIf(`CASE WHEN kind = 'show' THEN is_complete = 1
          ELSE play_us >= ${VIEWING.starterSeconds * 1_000_000} END`)} AS starters,
        ${countIf(hasSeen(VIEWING.watcherPercent))} AS watchers,
        ${countIf(hasSeen(VIEWING.completerPercent))} AS completers
      FROM playback`,
  },
  retention_curve: {
    words:
      'Share of plays of known position and running time that came so far before their first seek.',
    unit: 'percent, share 0–1',
    sql: `WITH ${playbackCtes()}, step_at AS (${RETENTION_STEPS})
      SELECT percent, ${share(
        'sum(CASE WHEN first_run_s * 100 >= percent * runtime_s THEN 1 ELSE 0 END)',
        'count(*)',
      )} AS share
      FROM playback CROSS JOIN step_at
      WHERE is_played = 1 AND has_position = 1 AND runtime_s > 0
      GROUP BY percent ORDER BY percent`,
  },
  max_concurrency: {
    words:
      'The most plays open at once: from the first event to the end, or one heartbeat beyond the ' +
      'last event where no end came. One that ends when another begins is not open with it.',
    unit: 'plays',
    sql: `WITH ${playbackCtes()},
      edge AS (SELECT start_us AS at_us, 1 AS change FROM playback
        UNION ALL SELECT end_us, -1 FROM playback),
      level AS (SELECT sum(change) OVER (ORDER BY at_us, change ROWS UNBOUNDED PRECEDING) AS open
        FROM edge)
      SELECT coalesce(max(open), 0) AS plays FROM level`,
  },
  rebuffer_ratio: {
    words:
      'Time spent stalled after the start, as a share of playing and stalling; the same without ' +
      'the stalls that follow a seek within 5 s; stalls.',
    unit: 'share 0–1, stalls',
    sql: `WITH ${playbackCtes()}
      SELECT ${share('sum(rebuffer_us)', 'sum(play_us) + sum(rebuffer_us)')}
          AS rebuffer_ratio,
        ${share('sum(connection_us)', 'sum(play_us) + sum(connection_us)')}
          AS connection_rebuffer_ratio,
        ${total('rebuffer_n')} AS stalls FROM playback`,
  },
  video_start_time: {
    words: 'From the click on "play" to the first frame: order statistics.',
    unit: 's',
    sql: `WITH ${startCte()}, ranked AS (SELECT startup_us / 1e6 AS value,
        row_number() OVER (ORDER BY startup_us, play_id) AS value_rank, count(*) OVER () AS n
        FROM start WHERE startup_us IS NOT NULL)
      SELECT ${orderStatistic(50)} AS p50, ${orderStatistic(95)} AS p95 FROM ranked`,
  },
  exits_before_video_start: {
    words:
      'Clicks on "play" that neither a first frame nor an error followed before the next click ' +
      'or the end of the session.',
    unit: 'attempts, share 0–1',
    sql: `WITH ${attemptCte()}
      SELECT count(*) AS attempts, ${total('is_exit')} AS unstarted,
        ${share('sum(is_exit)', 'count(*)')} AS share FROM attempt`,
  },
  start_failures: {
    words:
      'Clicks on "play" that an error followed before the first frame (VSF). Players that tell ' +
      'no errors have none.',
    unit: 'attempts, share 0–1',
    sql: `WITH ${attemptCte()}
      SELECT count(*) AS attempts, ${total('is_failure')} AS failures,
        ${share('sum(is_failure)', 'count(*)')} AS share FROM attempt`,
  },
  play_failures: {
    words: 'Plays that had begun and then met an error (VPF).',
    unit: 'plays, share 0–1',
    sql: `WITH ${playbackCtes()}
      SELECT ${total('is_started')} AS started, ${total('is_play_failure')} AS failures,
        ${share('sum(is_play_failure)', 'sum(is_started)')} AS share FROM playback`,
  },
  startup_score: {
    words:
      'Mean of 8 / (8 + s) over the starts that came, s being the video start time in seconds; ' +
      'exits before the start have none.',
    unit: 'starts, score 0–100',
    sql: `WITH ${startCte()}
      SELECT count(startup_us) AS starts, avg(100.0 * 8e6 / (8e6 + startup_us)) AS score
      FROM start`,
  },
  average_bitrate: {
    words: 'Bitrate of what played, weighted by the time played; where players tell it.',
    unit: 'kbit/s, s',
    sql: `WITH ${playbackCtes()}
      SELECT sum(kbps_us) / nullif(sum(rated_us), 0) AS kbps,
        ${total('rated_us')} / 1e6 AS rated_s FROM playback`,
  },
  title_views: {
    words:
      'Views of a title: hours of the plays that began in the first 91 days from its release, ' +
      'over its running time. A year stands for its first day.',
    unit: 'h, views',
    sql: `WITH ${playbackCtes()}
      SELECT p.title_id, sum(p.play_us) / 36e8 AS hours_viewed,
        sum(p.play_us) / (max(p.runtime_s) * 1e6) AS views
      FROM playback p JOIN title_release r ON r.title_id = p.title_id
      WHERE p.runtime_s > 0 AND p.start_us < r.release_us + ${VIEWS_DAYS} * 86400000000
      GROUP BY p.title_id ORDER BY p.title_id`,
  },
} as const satisfies Readonly<Record<string, Metric>>;
