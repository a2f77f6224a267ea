/** Bad rows as the warehouse keeps them, ready to be replayed; and what else a replay needs to know
 * of a warehouse: titles, and where and on what its subjects were. */
import type { BadRowEnvelope, ReferenceData } from '../../domain/pipeline-ports.ts';
import type { Warehouse } from '../../storage/warehouse.ts';
import { canonicalUserAgent } from '../../streams/enrichment/lookups/device-kind.ts';
import { utcOffsetMinutes } from '../tracking/reference-data.ts';
import type { RowFilter } from './patch.ts';

/** A stored bad row. */
export interface StoredBadRow {
  readonly source: string;
  readonly partition: number;
  readonly offset: number;
  readonly ingestTimeUs: number;
  readonly reason: string;
  readonly payload: string;
  readonly failureType: string;
  readonly stage: string;
  readonly field: string;
  readonly attempt: number;
  readonly isRecoverable: boolean;
  readonly envelope: Partial<BadRowEnvelope>;
}

/** Reads the rows that the filter is about, in the order of their logs. */
export function readBadRows(warehouse: Warehouse, filter: RowFilter): readonly StoredBadRow[] {
  return warehouse
    .query('SELECT * FROM bad_row ORDER BY source, log_partition, log_offset')
    .map(storedRow)
    .filter(
      (row) =>
        (filter.stage ?? row.stage) === row.stage &&
        (filter.reason ?? row.reason) === row.reason &&
        (filter.failureType ?? row.failureType) === row.failureType &&
        (filter.field ?? row.field) === row.field &&
        (filter.source ?? row.source) === row.source,
    );
}

/** Takes rows out of the table. @returns how many were there. */
export function removeBadRows(warehouse: Warehouse, rows: readonly StoredBadRow[]): number {
  const keys = rows.map(({ source, partition, offset }) => [source, partition, offset]);
  const removed = warehouse.query(
    `DELETE FROM bad_row WHERE (source, log_partition, log_offset) IN (
       SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?))
     RETURNING log_offset`,
    [JSON.stringify(keys)],
  );
  return removed.length;
}

/** What events of the warehouse say of titles; countries and devices come from {@link subjectsOf},
 * for a bad row keeps no address. */
export function referenceOf(
  warehouse: Warehouse,
  countryOf: (clientAddress: string) => string,
): ReferenceData {
  const titles = new Map(
    warehouse
      .query('SELECT title_id, name, genre FROM dim_title WHERE name IS NOT NULL')
      .map((row) => [
        String(row['title_id']),
        { name: String(row['name']), genre: String(row['genre']) },
      ]),
  );
  return { title: (titleId) => titles.get(titleId), country: countryOf, utcOffsetMinutes };
}

/** Country and user agent of subjects, by their other events: the latest one says. */
export function subjectsOf(
  warehouse: Warehouse,
  subjects: readonly string[],
): ReadonlyMap<string, { readonly country: string; readonly userAgent: string }> {
  const rows = warehouse.query(
    `SELECT f.subject, c.code, d.kind, max(f.event_time_us) FROM fact_event f
     JOIN dim_country c USING (country_sk) JOIN dim_device d USING (device_sk)
     WHERE f.subject IN (SELECT value FROM json_each(?)) GROUP BY f.subject`,
    [JSON.stringify(subjects)],
  );
  return new Map(
    rows.map((row) => [
      String(row['subject']),
      { country: String(row['code']), userAgent: canonicalUserAgent(String(row['kind'])) },
    ]),
  );
}

/** Columns that a warehouse of an older version does not have are told by the reason. */
function storedRow(row: Readonly<Record<string, unknown>>): StoredBadRow {
  const reason = String(row['reason']);
  return {
    source: String(row['source']),
    partition: Number(row['log_partition']),
    offset: Number(row['log_offset']),
    ingestTimeUs: Number(row['ingest_time_us']),
    reason,
    payload: String(row['payload']),
    failureType: String(row['failure_type'] ?? failureTypeOf(reason)),
    stage: String(row['processor'] ?? 'schema'),
    field: String(row['field'] ?? /^([\w.]+): /.exec(reason)?.[1] ?? 'event'),
    attempt: Number(row['attempt'] ?? 1),
    isRecoverable: Number(row['recoverable'] ?? 1) === 1,
    envelope: envelopeOf(row['envelope']),
  };
}

function failureTypeOf(reason: string): string {
  return reason.startsWith('duplicate id') ? 'identity_violation' : 'schema_violation';
}

function envelopeOf(text: unknown): Partial<BadRowEnvelope> {
  try {
    const parsed: unknown = typeof text === 'string' ? JSON.parse(text) : {};
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}
