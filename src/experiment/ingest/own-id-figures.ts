/** Figures of the tracked events that a file brings with ids of their own: no key of the file tells
 * their rows from others', so they are counted in the warehouse batch by batch. */
import type { CommitBatch } from '../../domain/pipeline-ports.ts';
import type { Warehouse } from '../../storage/warehouse.ts';

/** Counts of rows whose ids do not begin with the file's key. */
export interface OwnIdFigures {
  stored: number;
  bytes: number;
  lateEvents: number;
  readonly statuses: Map<number, number>;
  readonly subjects: Set<string>;
}

/** Counts what batches brought, after they are committed. */
export interface OwnIdCount {
  readonly figures: OwnIdFigures;
  add(batch: CommitBatch): void;
}

const OF_BATCH = 'event_id IN (SELECT value FROM json_each(?))';

/** Makes a count that begins at zero. Memory grows with the subjects, not with the events. */
export function createOwnIdCount(warehouse: Warehouse, key: string): OwnIdCount {
  const figures: OwnIdFigures = {
    stored: 0,
    bytes: 0,
    lateEvents: 0,
    statuses: new Map(),
    subjects: new Set(),
  };
  const isOwn = (id: string) => !id.startsWith(`${key}-`);
  return {
    figures,
    add({ facts, late }) {
      const ids = facts.map((fact) => fact.event.id).filter(isOwn);
      figures.lateEvents += new Set(late.map((one) => one.eventId).filter(isOwn)).size;
      if (ids.length === 0) return;
      const rows = warehouse.query(
        `SELECT status, subject, count(*) AS events, coalesce(sum(response_bytes), 0) AS bytes
         FROM fact_event WHERE ${OF_BATCH} GROUP BY status, subject`,
        [JSON.stringify(ids)],
      );
      for (const row of rows) addRow(figures, row);
    },
  };
}

function addRow(figures: OwnIdFigures, row: Readonly<Record<string, unknown>>): void {
  const events = Number(row['events']);
  figures.stored += events;
  figures.bytes += Number(row['bytes']);
  figures.subjects.add(String(row['subject']));
  if (row['status'] === null) return;
  const status = Number(row['status']);
  figures.statuses.set(status, (figures.statuses.get(status) ?? 0) + events);
}
