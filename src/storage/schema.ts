/** The warehouse's tables: a star of one fact table and its dimensions, the panes of windows, what
 * went wrong, and how far the log was read. Times are µs since the Unix epoch. Spec: S2–S4. */

/** Version of the tables below, kept in SQLite's `user_version`. */
export const SCHEMA_VERSION = 1;

/** Creates an empty warehouse. `fact_event` has no index beside its key: analysis scans, ingestion
 * counts. */
export const CREATE_TABLES = `
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
PRAGMA user_version = ${SCHEMA_VERSION};
`;
