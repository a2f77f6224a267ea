/** The figures of an ingested file: everything but `read` is counted in the warehouse by SQL. */
import { basename } from 'node:path';
import type { Warehouse } from '../../storage/warehouse.ts';
import { pipelineFigures } from '../pipelines/job-plans.ts';
import type { IngestDocument } from '../result.ts';
import { PACKAGE_VERSION } from '../version.ts';
import type { OwnIdFigures } from './own-id-figures.ts';
import type { IngestFormat } from './rows.ts';

/** What the document is made of. */
export interface IngestFigures {
  readonly path: string;
  /** What the ids of the file's events begin with. */
  readonly key: string;
  readonly format: IngestFormat;
  readonly read: number;
  readonly digest: string;
  readonly ownIds: OwnIdFigures;
  readonly warehouse: Warehouse;
}

/** Rows of one file. `.` comes after `-` in SQLite's order. */
const OF_FILE = "event_id >= ? || '-' AND event_id < ? || '.'";

/** The name by which the warehouse knows a file's log. */
export function sourceOf(key: string): string {
  return `file:${key}`;
}

/** Counts. */
export function ingestDocument(options: IngestFigures): IngestDocument {
  const { path, format, read, digest } = options;
  const { stored, bytes, hosts, statuses, lateEvents } = eventFigures(options);
  const { badRowReasons, duplicates, panes } = sourceFigures(options);
  const badRows = Object.values(badRowReasons).reduce((sum, events) => sum + events, 0);
  const pipelines = pipelineFigures(options.warehouse, sourceOf(options.key));
  const dropped = badRows + duplicates;
  return {
    schema: 'backlot.ingest/1',
    backlot: PACKAGE_VERSION,
    source: basename(path),
    format,
    digest,
    read,
    stored,
    badRows,
    badRowReasons,
    statuses,
    bytes,
    hosts,
    duplicates,
    lateEvents,
    panes,
    ...(pipelines.length > 0 ? { pipelines } : {}),
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

/** Rows with ids of the file's, and rows with ids of their own. */
function eventFigures({ warehouse, key, ownIds }: IngestFigures) {
  const [totals = {}] = warehouse.query(
    `SELECT count(*) AS stored, coalesce(sum(response_bytes), 0) AS bytes,
     count(DISTINCT subject) AS hosts FROM fact_event WHERE ${OF_FILE}`,
    [key, key],
  );
  const [late = {}] = warehouse.query(
    `SELECT count(DISTINCT event_id) AS events FROM late_event WHERE ${OF_FILE}`,
    [key, key],
  );
  const statuses = new Map(ownIds.statuses);
  const rows = warehouse.query(
    `SELECT status, count(*) AS requests FROM fact_event
     WHERE ${OF_FILE} AND status IS NOT NULL GROUP BY status`,
    [key, key],
  );
  for (const row of rows) {
    const status = Number(row['status']);
    statuses.set(status, (statuses.get(status) ?? 0) + Number(row['requests']));
  }
  return {
    stored: Number(totals['stored']) + ownIds.stored,
    bytes: Number(totals['bytes']) + ownIds.bytes,
    hosts: Number(totals['hosts']) + ownIds.subjects.size,
    // Keys like numbers: an object has them in ascending order by itself.
    statuses: Object.fromEntries(statuses),
    lateEvents: Number(late['events']) + ownIds.lateEvents,
  };
}

/** What the warehouse keeps by source. */
function sourceFigures({ warehouse, key }: IngestFigures) {
  const source = sourceOf(key);
  const reasons = warehouse.query(
    `SELECT reason, count(*) AS events FROM bad_row WHERE source = ?
     GROUP BY reason ORDER BY reason`,
    [source],
  );
  const [dropped = {}] = warehouse.query(
    `SELECT coalesce(sum(events), 0) AS events FROM stage_count
     WHERE source = ? AND stage = 'dedupe' AND outcome = 'dropped'`,
    [source],
  );
  const [panes = {}] = warehouse.query('SELECT count(*) AS panes FROM pane WHERE source = ?', [
    source,
  ]);
  return {
    badRowReasons: Object.fromEntries(
      reasons.map((row) => [String(row['reason']), Number(row['events'])]),
    ),
    duplicates: Number(dropped['events']),
    panes: Number(panes['panes']),
  };
}
