/** Facts that are derived from `fact_event`: a row a play, a row an impression. What a batch
 * touched is noted by session; deriving computes those sessions' rows anew from all their events.
 * So one batch, many batches and a rebuild end in the same rows. Spec: S64. */
import type Database from 'better-sqlite3';
import { startCte } from './attempt-sql.ts';
import { impressionCtes } from './impression-sql.ts';
import { playbackCtes } from './playback-sql.ts';

/** Rows that deriving wrote. */
export interface DerivedCounts {
  readonly plays: number;
  readonly impressions: number;
}

const IS_TOUCHED = 'session_id IN (SELECT session_id FROM touched_session)';
/** A play may outlive a session: all of its events count. */
const TOUCHED_PLAYS = `playback_id IN (SELECT DISTINCT playback_id FROM fact_event
  WHERE playback_id IS NOT NULL AND ${IS_TOUCHED})`;

const PLAYS = `INSERT OR REPLACE INTO fact_playback_session
  WITH ${playbackCtes(TOUCHED_PLAYS)},
  ${startCte('session_id IN (SELECT session_id FROM playback)')}
  SELECT p.play_id, p.subject, u.valid_from_us, p.session_id, t.title_sk, d.device_sk, f.geo_sk,
    date(p.start_us / 1000000, 'unixepoch'), p.start_us, p.end_us, p.play_us / 1e6, p.content_s,
    p.paused_us / 1e6, p.buffer_us / 1e6, s.startup_us / 1000, p.seeks, p.rebuffer_n,
    p.kbps_us / nullif(p.rated_us, 0),
    p.exit_position_s, p.is_played, p.is_valid_play, p.is_complete,
    p.error_code,
    u.attributes ->> '$.exp_arm'
  FROM playback p JOIN fact_event f ON f.event_id = p.first_id
    LEFT JOIN start s ON s.play_id = p.play_id
    LEFT JOIN dim_title t ON t.title_id = p.title_id
    LEFT JOIN dim_device d ON d.kind = p.device_kind
    LEFT JOIN dim_user u ON u.user_id = p.subject AND u.valid_from_us <= p.start_us
      AND (u.valid_to_us IS NULL OR u.valid_to_us > p.start_us)`;

const IMPRESSIONS = `INSERT OR REPLACE INTO fact_impression
  WITH ${impressionCtes(IS_TOUCHED)}
  SELECT imp_id, session_id, row_id, slot, title_sk, policy_id, propensity, time_us, clicked,
    played, user_id
  FROM impression JOIN dim_title USING (title_id)`;

const DATES = `INSERT OR IGNORE INTO dim_date
  SELECT DISTINCT date_key, CAST(strftime('%Y', date_key) AS INTEGER),
    CAST(strftime('%m', date_key) AS INTEGER), CAST(strftime('%d', date_key) AS INTEGER),
    (CAST(strftime('%w', date_key) AS INTEGER) + 6) % 7 + 1
  FROM fact_playback_session WHERE date_key NOT IN (SELECT date_key FROM dim_date)`;

/** Derives what was touched. Call it inside a transaction. Cost: three scans of `fact_event`. */
export function deriveFacts(database: Database.Database): DerivedCounts {
  const isTouched = database.prepare('SELECT 1 FROM touched_session LIMIT 1').get() !== undefined;
  if (!isTouched) return { plays: 0, impressions: 0 };
  const plays = database.prepare(PLAYS).run().changes;
  const impressions = database.prepare(IMPRESSIONS).run().changes;
  database.prepare(DATES).run();
  database.prepare('DELETE FROM touched_session').run();
  return { plays, impressions };
}

/** Forgets all derived facts, so that the next deriving makes them anew. */
export function touchEverything(database: Database.Database): void {
  database.exec(`DELETE FROM fact_playback_session; DELETE FROM fact_impression;
    INSERT OR IGNORE INTO touched_session SELECT DISTINCT session_id FROM fact_event;`);
}
