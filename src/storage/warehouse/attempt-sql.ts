/** Attempts to play, by session: what came of each click on "play". SQL for SQLite and DuckDB over
 * `curated_events`. Spec: S72, S73, S82. */

const ORDER = 'ORDER BY event_time_us, sequence, event_id';
const IS_CLICK = "event_type = 'ui.click' AND (detail ->> '$.target') = 'play'";

/** A CTE `start`: of each `media.play`, the time since the last click on "play" of its session;
 * null where there was none. @param sessions - SQL condition on `curated_events`. */
export function startCte(sessions = 'true'): string {
  return `start_step AS (
    SELECT event_type AS type, playback_id AS play_id, event_time_us AS t, device_kind, country,
      title_id,
      max(CASE WHEN ${IS_CLICK} THEN event_time_us END) OVER (PARTITION BY session_id ${ORDER}
        ROWS UNBOUNDED PRECEDING) AS asked_us
    FROM curated_events WHERE ${sessions} AND event_type IN ('ui.click', 'media.play')),
  start AS (
    SELECT play_id, min(t - asked_us) AS startup_us FROM start_step
    WHERE type = 'media.play' AND play_id IS NOT NULL GROUP BY play_id)`;
}

/** CTEs that end in `attempt`: a row a click on "play", `is_failure` where an error came before the
 * first frame, `is_exit` where neither did before the next click or the session's end, and where
 * it was clicked: device, country, title. The error
 * of a play that had begun in the session is none of the next attempt's. */
export function attemptCte(): string {
  return `attempt_event AS (
    SELECT session_id, event_type AS type, event_time_us, sequence, event_id, device_kind,
      country, title_id,
      CASE WHEN playback_id IS NULL THEN 0 ELSE sum(CASE WHEN event_type = 'media.play' THEN 1
        ELSE 0 END) OVER (PARTITION BY session_id, playback_id ${ORDER} ROWS UNBOUNDED PRECEDING)
        END AS begun
    FROM curated_events WHERE event_type IN ('media.play', 'media.error') OR (${IS_CLICK})),
  attempt_step AS (
    SELECT type, device_kind, country, title_id, lead(type) OVER (PARTITION BY session_id ${ORDER})
      AS next_type
    FROM attempt_event WHERE type <> 'media.error' OR begun = 0),
  attempt AS (
    SELECT device_kind, country, title_id,
      CASE WHEN next_type = 'media.error' THEN 1 ELSE 0 END AS is_failure,
      CASE WHEN next_type IS NULL OR next_type = 'ui.click' THEN 1 ELSE 0 END AS is_exit
    FROM attempt_step WHERE type = 'ui.click')`;
}
