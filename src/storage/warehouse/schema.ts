/** The warehouse's tables: a star of one fact table and its dimensions, the panes of windows, what
 * went wrong, and how far the log was read. Times are µs since the Unix epoch. Spec: S2–S4. */

/** The tables of version 1. `fact_event` has no index beside its key: analysis scans, ingestion
 * counts. */
const VERSION_1 = `
CREATE TABLE dim_title (title_sk INTEGER PRIMARY KEY, title_id TEXT NOT NULL UNIQUE,
  name TEXT, genre TEXT) STRICT;
CREATE TABLE dim_device (device_sk INTEGER PRIMARY KEY, kind TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE dim_country (country_sk INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE dim_event_type (event_type_sk INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE fact_event (
  event_id TEXT PRIMARY KEY, event_type_sk INTEGER NOT NULL, subject TEXT NOT NULL,
  session_id TEXT NOT NULL, sequence INTEGER NOT NULL, event_time_us INTEGER NOT NULL,
  ingest_time_us INTEGER NOT NULL, process_time_us INTEGER NOT NULL, device_sk INTEGER NOT NULL,
  country_sk INTEGER NOT NULL, local_hour INTEGER NOT NULL, title_sk INTEGER, playback_id TEXT,
  position_s INTEGER, completed INTEGER, status INTEGER, response_bytes INTEGER, detail TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE pane (
  source TEXT NOT NULL, metric TEXT NOT NULL, window_start_us INTEGER NOT NULL, key TEXT NOT NULL,
  window_end_us INTEGER NOT NULL, value REAL NOT NULL, timing TEXT NOT NULL,
  pane_index INTEGER NOT NULL, emit_time_us INTEGER NOT NULL,
  PRIMARY KEY (source, metric, window_start_us, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE late_event (
  event_id TEXT NOT NULL, metric TEXT NOT NULL, event_time_us INTEGER NOT NULL,
  watermark_us INTEGER NOT NULL, PRIMARY KEY (event_id, metric)
) STRICT, WITHOUT ROWID;
CREATE TABLE bad_row (
  source TEXT NOT NULL, log_partition INTEGER NOT NULL, log_offset INTEGER NOT NULL,
  ingest_time_us INTEGER NOT NULL, reason TEXT NOT NULL, payload TEXT NOT NULL,
  PRIMARY KEY (source, log_partition, log_offset)
) STRICT, WITHOUT ROWID;
CREATE TABLE stage_count (
  source TEXT NOT NULL, stage TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL,
  events INTEGER NOT NULL, PRIMARY KEY (source, stage, outcome, reason)
) STRICT, WITHOUT ROWID;
CREATE TABLE source_offset (
  source TEXT NOT NULL, log_partition INTEGER NOT NULL, next_offset INTEGER NOT NULL,
  watermark_us INTEGER NOT NULL, process_time_us INTEGER NOT NULL,
  PRIMARY KEY (source, log_partition)
) STRICT, WITHOUT ROWID;
`;

/** The star around plays, what a bad row needs to be replayed, and the state of pipelines. */
const VERSION_2 = `
ALTER TABLE fact_event ADD COLUMN geo_sk INTEGER;
ALTER TABLE fact_event ADD COLUMN client_sk INTEGER;
ALTER TABLE dim_title ADD COLUMN kind TEXT;
ALTER TABLE dim_title ADD COLUMN genres TEXT;
ALTER TABLE dim_title ADD COLUMN release_date TEXT;
ALTER TABLE dim_title ADD COLUMN runtime_s INTEGER;
CREATE TABLE dim_geo (geo_sk INTEGER PRIMARY KEY, place TEXT NOT NULL UNIQUE, country TEXT NOT NULL,
  region TEXT, city TEXT) STRICT;
CREATE TABLE dim_client (client_sk INTEGER PRIMARY KEY, client TEXT NOT NULL UNIQUE, browser TEXT,
  os TEXT) STRICT;
INSERT INTO dim_geo SELECT country_sk, code, code, NULL, NULL FROM dim_country;
UPDATE fact_event SET geo_sk = country_sk;
CREATE TABLE dim_user (user_id TEXT NOT NULL, valid_from_us INTEGER NOT NULL,
  valid_to_us INTEGER, is_current INTEGER NOT NULL, attributes TEXT NOT NULL,
  PRIMARY KEY (user_id, valid_from_us)) STRICT, WITHOUT ROWID;
CREATE TABLE dim_date (date_key TEXT PRIMARY KEY, year INTEGER NOT NULL, month INTEGER NOT NULL,
  day INTEGER NOT NULL, iso_weekday INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE dim_experiment (experiment_id TEXT NOT NULL, arm TEXT NOT NULL, share REAL,
  PRIMARY KEY (experiment_id, arm)) STRICT, WITHOUT ROWID;
CREATE TABLE fact_playback_session (
  play_id TEXT PRIMARY KEY, user_id TEXT NOT NULL, user_valid_from_us INTEGER,
  session_id TEXT NOT NULL, title_sk INTEGER, device_sk INTEGER, geo_sk INTEGER,
  date_key TEXT NOT NULL, start_us INTEGER NOT NULL, end_us INTEGER NOT NULL, play_s REAL NOT NULL,
  content_watched_s INTEGER NOT NULL, paused_s REAL NOT NULL, buffer_s REAL NOT NULL,
  startup_ms INTEGER, seeks INTEGER NOT NULL, rebuffer_n INTEGER NOT NULL, avg_bitrate_kbps REAL,
  exit_position_s INTEGER, is_played INTEGER NOT NULL, is_valid_play INTEGER NOT NULL,
  is_complete INTEGER NOT NULL, error_code TEXT, exp_arm TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE fact_impression (
  imp_id TEXT PRIMARY KEY, session_id TEXT NOT NULL, row_id TEXT, slot INTEGER,
  title_sk INTEGER NOT NULL, policy_id TEXT, propensity REAL, time_us INTEGER NOT NULL,
  clicked INTEGER NOT NULL, played INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE touched_session (session_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO touched_session SELECT DISTINCT session_id FROM fact_event;
CREATE TABLE IF NOT EXISTS pipeline_state (source TEXT NOT NULL, part TEXT NOT NULL,
  state TEXT NOT NULL, PRIMARY KEY (source, part)) STRICT, WITHOUT ROWID;
ALTER TABLE bad_row ADD COLUMN failure_type TEXT NOT NULL DEFAULT 'schema_violation';
ALTER TABLE bad_row ADD COLUMN processor TEXT NOT NULL DEFAULT 'validate';
ALTER TABLE bad_row ADD COLUMN processor_version TEXT NOT NULL DEFAULT '';
ALTER TABLE bad_row ADD COLUMN failed_time_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE bad_row ADD COLUMN messages TEXT NOT NULL DEFAULT '[]';
ALTER TABLE bad_row ADD COLUMN field TEXT NOT NULL DEFAULT '';
ALTER TABLE bad_row ADD COLUMN attempt INTEGER NOT NULL DEFAULT 1;
ALTER TABLE bad_row ADD COLUMN recoverable INTEGER NOT NULL DEFAULT 0;
ALTER TABLE bad_row ADD COLUMN envelope TEXT NOT NULL DEFAULT '{}';
CREATE VIEW curated_events AS SELECT event_id, y.name AS event_type, subject, session_id, sequence,
  event_time_us, ingest_time_us, process_time_us, d.kind AS device_kind, c.code AS country,
  local_hour, t.title_id, t.name AS title_name, t.genre, playback_id, position_s, completed, status,
  response_bytes, detail
  FROM fact_event f JOIN dim_event_type y USING (event_type_sk) JOIN dim_device d USING (device_sk)
  JOIN dim_country c USING (country_sk) LEFT JOIN dim_title t USING (title_sk);
CREATE VIEW title_runtime AS SELECT title_id, runtime_s, kind FROM dim_title
  WHERE runtime_s IS NOT NULL;
`;

/** What users' plans tell: results, and rows that left a plan aside. `number` is 0 in upserts,
 * whose rows replace each other by key. */
const VERSION_3 = `
CREATE TABLE pipeline_result (
  source TEXT NOT NULL, pipeline TEXT NOT NULL, key TEXT NOT NULL, number INTEGER NOT NULL,
  window_start_us INTEGER, window_end_us INTEGER, pane_index INTEGER,
  is_retraction INTEGER NOT NULL, row TEXT NOT NULL, event_time_us INTEGER NOT NULL,
  PRIMARY KEY (source, pipeline, key, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE pipeline_side_output (
  source TEXT NOT NULL, pipeline TEXT NOT NULL, output TEXT NOT NULL, number INTEGER NOT NULL,
  step TEXT NOT NULL, reason TEXT NOT NULL, row TEXT NOT NULL, event_time_us INTEGER NOT NULL,
  PRIMARY KEY (source, pipeline, output, number)
) STRICT, WITHOUT ROWID;
`;

/** Whose an impression is. Those that events tell of are derived anew. */
const VERSION_4 = `
ALTER TABLE fact_impression ADD COLUMN user_id TEXT;
INSERT OR IGNORE INTO touched_session SELECT DISTINCT session_id FROM fact_event
  WHERE session_id IN (SELECT session_id FROM fact_impression);
`;

/** Changes from each version to the next; the first makes version 1 out of nothing. Kept for ever:
 * an old file walks through all that it has not seen. */
export const MIGRATIONS: readonly string[] = [VERSION_1, VERSION_2, VERSION_3, VERSION_4];

/** The version that this code reads and writes, kept in SQLite's `user_version`. */
export const SCHEMA_VERSION = MIGRATIONS.length;
