/** The figures of an ingested file: everything but `read` is counted in the warehouse by SQL. */
import { basename } from 'node:path';
import type { Warehouse } from '../../storage/warehouse.ts';
import type { IngestDocument } from '../result.ts';
import { PACKAGE_VERSION } from '../version.ts';
import { fileKey, type IngestFormat } from './raw-records.ts';

/** What the document is made of. */
export interface IngestFigures {
  readonly path: string;
  readonly format: IngestFormat;
  readonly read: number;
  readonly warehouse: Warehouse;
}

/** Rows of one file: event ids begin with its key. `.` comes after `-` in SQLite's order. */
const OF_FILE = "event_id >= ? || '-' AND event_id < ? || '.'";

/** Counts. */
export function ingestDocument({ path, format, read, warehouse }: IngestFigures): IngestDocument {
  const key = fileKey(path);
  const source = `file:${key}`;
  const one = (sql: string, ...parameters: string[]) => warehouse.query(sql, parameters)[0] ?? {};
  const stages = warehouse.query(
    'SELECT stage, outcome, events FROM stage_count WHERE source = ?',
    [source],
  );
  const events = (stage: string, outcome: string) =>
    stages
      .filter((row) => row['stage'] === stage && row['outcome'] === outcome)
      .reduce((sum, row) => sum + Number(row['events']), 0);
  const totals = one(
    `SELECT count(*) AS stored, coalesce(sum(response_bytes), 0) AS bytes,
     count(DISTINCT subject) AS hosts FROM fact_event WHERE ${OF_FILE}`,
    key,
    key,
  );
  const statuses = warehouse.query(
    `SELECT status, count(*) AS requests FROM fact_event
     WHERE ${OF_FILE} AND status IS NOT NULL GROUP BY status ORDER BY status`,
    [key, key],
  );
  const reasons = warehouse.query(
    `SELECT reason, count(*) AS events FROM bad_row WHERE source = ?
     GROUP BY reason ORDER BY reason`,
    [source],
  );
  const badRows = reasons.reduce((sum, row) => sum + Number(row['events']), 0);
  const stored = Number(totals['stored']);
  const duplicates = events('dedupe', 'dropped');
  const dropped = badRows + duplicates;
  return {
    schema: 'backlot.ingest/1',
    backlot: PACKAGE_VERSION,
    source: basename(path),
    format,
    read,
    stored,
    badRows,
    badRowReasons: Object.fromEntries(
      reasons.map((row) => [String(row['reason']), Number(row['events'])]),
    ),
    statuses: Object.fromEntries(
      statuses.map((row) => [String(row['status']), Number(row['requests'])]),
    ),
    bytes: Number(totals['bytes']),
    hosts: Number(totals['hosts']),
    duplicates,
    lateEvents: Number(
      one(`SELECT count(DISTINCT event_id) AS n FROM late_event WHERE ${OF_FILE}`, key, key)['n'],
    ),
    panes: Number(one('SELECT count(*) AS n FROM pane WHERE source = ?', source)['n']),
    ledger: {
      events: {
        in: read,
        out: stored,
        inFlight: 0,
        dropped,
        droppedByReason: { bad_row: badRows, duplicate: duplicates },
        residual: read - stored - dropped,
      },
    },
  };
}
