/** One row an impression: the SQL that fills `fact_impression` and that the metrics of rows and
 * slots begin with. It runs on SQLite and on DuckDB over `curated_events`. Spec: S63, S84. */

/** CTEs that end in `impression`. A title shown in a slot is one, and so is a view of its page
 * where no slot has shown it in the session before. What follows in the session belongs to it until
 * the next. @param sessions - SQL condition on `curated_events`. */
export function impressionCtes(sessions = 'true'): string {
  return `title_event AS (
    SELECT event_id, subject, session_id, title_id, event_time_us AS t,
      sequence AS seq, event_type AS type, detail,
      sum(CASE WHEN event_type = 'ui.impression' THEN 1 ELSE 0 END) OVER w AS slots_so_far,
      sum(CASE WHEN event_type = 'page.view' THEN 1 ELSE 0 END) OVER w AS views_so_far
    FROM curated_events WHERE ${sessions} AND title_id IS NOT NULL
      AND event_type IN ('ui.impression', 'page.view', 'ui.click', 'media.play')
    WINDOW w AS (PARTITION BY session_id, title_id ORDER BY event_time_us, sequence, event_id
      ROWS UNBOUNDED PRECEDING)),
  shown AS (
    SELECT title_event.*,
      CASE WHEN slots_so_far > 0 THEN slots_so_far ELSE 0 END AS slot_showing,
      CASE WHEN slots_so_far > 0 THEN 0 ELSE views_so_far END AS page_showing,
      CASE WHEN type = 'ui.impression' OR (type = 'page.view' AND slots_so_far = 0) THEN 1 ELSE 0
        END AS is_showing
    FROM title_event WHERE slots_so_far > 0 OR views_so_far > 0),
  impression AS (
    SELECT max(CASE WHEN is_showing = 1 THEN event_id END) AS imp_id, session_id, title_id,
      max(CASE WHEN is_showing = 1 THEN subject END) AS user_id,
      max(CASE WHEN is_showing = 1 THEN detail ->> '$.row' END) AS row_id,
      max(CASE WHEN is_showing = 1 THEN CAST(detail ->> '$.slot' AS BIGINT) END) AS slot,
      max(CASE WHEN is_showing = 1 THEN detail ->> '$.policyId' END) AS policy_id,
      max(CASE WHEN is_showing = 1 THEN CAST(detail ->> '$.propensity' AS DOUBLE) END)
        AS propensity,
      max(CASE WHEN slot_showing > 0 THEN 1 ELSE 0 END) AS is_in_slot, min(t) AS time_us,
      max(CASE WHEN type = 'ui.click' AND (slot_showing > 0 OR (detail ->> '$.target') = 'play')
        THEN 1 ELSE 0 END) AS clicked,
      max(CASE WHEN type = 'media.play' THEN 1 ELSE 0 END) AS played
    FROM shown GROUP BY session_id, title_id, slot_showing, page_showing)`;
}
