/** One row a play, out of its events: the SQL that fills `fact_playback_session` and that the
 * viewing metrics begin with. It runs on SQLite and on DuckDB over a relation `curated_events`.
 * Source: reference list of Snowplow's media model and Netflix's letters. Spec: S60–S62, S80–S83.
 *
 * After play, resume, buffer_end, seek and ping a play is playing, after pause paused, after
 * buffer_start stalled, until its next event; after an end, an error or its last event nothing
 * is known of it. */

/** Thresholds of the metrics. Shares are whole percents, so that every engine compares integers. */
export const VIEWING = {
  /** A play is valid from so many seconds played on. Source: Snowplow `valid_play_sec`. */
  validPlaySeconds: 30,
  /** Share of the title from which a play is complete. Source: Snowplow `complete_play_rate`. */
  completePercent: 99,
  /** Who played so long of a film has started it. Source: Netflix. */
  starterSeconds: 120,
  watcherPercent: 70,
  completerPercent: 90,
} as const;

/** How long a play is taken to go on after its last event, where that is no `media.end`: one
 * heartbeat. */
export const HEARTBEAT_US = 60_000_000;

/** A stall that begins so soon after a seek, with nothing between, is the seek's. Source:
 * Snowplow's time for a seek to settle. */
export const SEEK_STALL_US = 5_000_000;

/** In what state a play is after an event. */
const STATE = `CASE event_type WHEN 'media.pause' THEN 'paused'
  WHEN 'media.buffer_start' THEN 'stalled' WHEN 'media.end' THEN 'ended'
  WHEN 'media.error' THEN 'ended' ELSE 'playing' END`;

/** SQL condition: so much of the title was seen. */
export function hasSeen(percent: number): string {
  return `seen_us * 100 >= CAST(runtime_s AS BIGINT) * ${percent * 1_000_000}`;
}

/** CTEs that end in `playback`. @param plays - SQL condition on `curated_events`. */
export function playbackCtes(plays = 'playback_id IS NOT NULL'): string {
  return `media AS (
    SELECT playback_id AS play_id, event_time_us AS t, event_type AS type, sequence AS seq,
      event_id AS id, position_s AS pos, subject, session_id, title_id, device_kind, country,
      completed, ${STATE} AS state, CAST(detail ->> '$.bitrateKbps' AS DOUBLE) AS kbps,
      coalesce(nullif(detail ->> '$.errorCode', ''),
        CASE WHEN event_type = 'media.error' THEN 'unknown' END) AS error
    FROM curated_events WHERE ${plays} AND event_type LIKE 'media.%'),
  step AS (
    SELECT media.*, row_number() OVER w AS n, lead(t) OVER w AS next_t,
      lead(type) OVER w AS next_type, lead(pos) OVER w AS next_pos,
      lag(t) OVER w AS last_t, lag(type) OVER w AS last_type,
      sum(CASE WHEN type = 'media.seek' THEN 1 ELSE 0 END) OVER w AS seeks_so_far,
      sum(CASE WHEN state = 'playing' THEN 1 ELSE 0 END) OVER w AS playing_so_far,
      count(error) OVER w AS errors_so_far, count(kbps) OVER w AS kbps_so_far
    FROM media WINDOW w AS (PARTITION BY play_id ORDER BY t, seq, id
      ROWS UNBOUNDED PRECEDING)),
  rated AS (
    SELECT step.*, max(kbps) OVER (PARTITION BY play_id, kbps_so_far) AS rate FROM step),
  stretch AS (
    SELECT play_id, state, seeks_so_far, pos AS from_s, next_t - t AS length_us, rate,
      CASE WHEN next_type = 'media.seek' THEN pos + CAST(floor((next_t - t) / 1e6) AS BIGINT)
        WHEN next_pos > pos THEN next_pos WHEN next_pos IS NOT NULL THEN pos END AS to_s,
      next_type, CASE WHEN playing_so_far > 0 THEN 1 ELSE 0 END AS is_started,
      CASE WHEN last_type = 'media.seek' AND t - last_t <= ${SEEK_STALL_US} THEN 1 ELSE 0 END
        AS is_after_seek
    FROM rated WHERE next_t IS NOT NULL AND state <> 'ended'),
  played AS (
    SELECT play_id, seeks_so_far, from_s, to_s, rate,
      CASE WHEN next_type <> 'media.seek' AND length_us > (to_s - from_s + 1) * 1000000
        THEN (to_s - from_s + 1) * 1000000 ELSE length_us END AS play_us
    FROM stretch WHERE state = 'playing'),
  island AS (
    SELECT play_id, from_s, to_s, max(to_s) OVER (PARTITION BY play_id ORDER BY from_s, to_s
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS seen_to_s
    FROM played WHERE to_s > from_s),
  watched AS (
    SELECT play_id, sum(CASE WHEN seen_to_s IS NULL OR from_s >= seen_to_s THEN to_s - from_s
      WHEN to_s > seen_to_s THEN to_s - seen_to_s ELSE 0 END) AS content_s
    FROM island GROUP BY play_id),
  spent AS (
    SELECT play_id, sum(play_us) AS play_us,
      max(CASE WHEN seeks_so_far = 0 THEN to_s END) AS first_run_s,
      sum(play_us * rate) AS kbps_us, sum(CASE WHEN rate IS NOT NULL THEN play_us END) AS rated_us
    FROM played GROUP BY play_id),
  waited AS (
    SELECT play_id, sum(CASE WHEN state = 'paused' THEN length_us ELSE 0 END) AS paused_us,
      sum(CASE WHEN state = 'stalled' THEN length_us ELSE 0 END) AS buffer_us,
      sum(CASE WHEN state = 'stalled' THEN length_us * is_started ELSE 0 END) AS rebuffer_us,
      sum(CASE WHEN state = 'stalled' THEN length_us * is_started * (1 - is_after_seek) ELSE 0
        END) AS connection_us
    FROM stretch GROUP BY play_id),
  whole AS (
    SELECT play_id, min(t) AS start_us, max(t) AS last_us, max(seeks_so_far) AS seeks,
      sum(CASE WHEN type = 'media.buffer_start' AND playing_so_far > 0 THEN 1 ELSE 0 END)
        AS rebuffer_n,
      max(CASE WHEN type = 'media.end' OR (type = 'media.error' AND next_t IS NULL) THEN 1 ELSE 0
        END) AS has_end,
      max(CAST(completed AS INTEGER)) AS completed, max(title_id) AS title_id,
      max(CASE WHEN n = 1 THEN subject END) AS subject,
      max(CASE WHEN n = 1 THEN session_id END) AS session_id,
      max(CASE WHEN n = 1 THEN device_kind END) AS device_kind,
      max(CASE WHEN n = 1 THEN country END) AS country,
      max(CASE WHEN n = 1 THEN id END) AS first_id,
      max(CASE WHEN next_t IS NULL THEN pos END) AS exit_position_s,
      max(CASE WHEN pos IS NULL THEN 0 ELSE 1 END) AS has_position,
      max(CASE WHEN playing_so_far > 0 THEN 1 ELSE 0 END) AS is_started,
      max(CASE WHEN error IS NOT NULL AND playing_so_far > 0 THEN 1 ELSE 0 END) AS is_play_failure,
      max(CASE WHEN error IS NOT NULL AND errors_so_far = 1 THEN error END) AS error_code
    FROM step GROUP BY play_id),
  sums AS (
    SELECT w.*, coalesce(s.play_us, 0) AS play_us, coalesce(c.content_s, 0) AS content_s,
      coalesce(x.paused_us, 0) AS paused_us, coalesce(x.buffer_us, 0) AS buffer_us,
      coalesce(x.rebuffer_us, 0) AS rebuffer_us, coalesce(x.connection_us, 0) AS connection_us,
      coalesce(s.first_run_s, 0) AS first_run_s, s.kbps_us, s.rated_us, r.runtime_s, r.kind,
      CASE WHEN w.has_position = 1 THEN coalesce(c.content_s, 0) * 1000000
        ELSE coalesce(s.play_us, 0) END AS seen_us
    FROM whole w LEFT JOIN spent s ON s.play_id = w.play_id
      LEFT JOIN watched c ON c.play_id = w.play_id LEFT JOIN waited x ON x.play_id = w.play_id
      LEFT JOIN title_runtime r ON r.title_id = w.title_id),
  playback AS (
    SELECT sums.*,
      CASE WHEN has_end = 1 THEN last_us ELSE last_us + ${HEARTBEAT_US} END AS end_us,
      CASE WHEN play_us > 0 THEN 1 ELSE 0 END AS is_played,
      CASE WHEN play_us >= ${VIEWING.validPlaySeconds * 1_000_000} THEN 1 ELSE 0 END
        AS is_valid_play,
      CASE WHEN completed = 1 OR ${hasSeen(VIEWING.completePercent)} THEN 1 ELSE 0 END
        AS is_complete
    FROM sums)`;
}
