/** What a lake holds: families of rows in two zones. Raw rows lie by the hour they came in, so that
 * late data opens no old partition; curated rows by the hour they happened. Spec: S46, S47. */

import type { EnrichedEvent, LogRecord } from '../domain/pipeline-ports.ts';
import { detailOf } from '../domain/stored/event-detail.ts';
import type { ColumnKind, RowSchema } from '../domain/stored/row-schema.ts';

/** Part of a lake. */
export type LakeZone = 'raw' | 'curated';

/** A kind of row and where it lies. */
export interface LakeFamily<Row> extends RowSchema<Row> {
  readonly zone: LakeZone;
}

/** What the manifest says of a family, so that a lake is read without the code that wrote it. */
export interface FamilyDescription {
  readonly zone: LakeZone;
  readonly family: string;
  readonly version: number;
  readonly columns: readonly { readonly name: string; readonly kind: ColumnKind }[];
  readonly timeColumn: string;
  readonly orderBy: readonly string[];
}

/** How records of the log are kept. */
export interface RawEventsOptions {
  /** Names the log: several sources share a lake. */
  readonly source: string;
  /** The network of an address: all that is kept of it. */
  readonly networkOf: (clientAddress: string) => string;
  /** Takes personal data out of a record's JSON. */
  readonly redact: (json: string) => string;
}

/** Records of the log as they came in, before anything was understood of them. */
export function rawEvents(options: RawEventsOptions): LakeFamily<LogRecord> {
  const { source, networkOf, redact } = options;
  const textOf = (value: unknown) => {
    const json = JSON.stringify(value);
    return json === undefined ? null : redact(json);
  };
  return {
    zone: 'raw',
    family: 'events',
    version: 1,
    timeColumn: 'ingest_time_us',
    orderBy: ['ingest_time_us', 'source', 'log_partition', 'log_offset'],
    columns: [
      { name: 'source', kind: 'word', of: () => source },
      { name: 'log_partition', kind: 'integer', of: (r) => r.partition },
      { name: 'log_offset', kind: 'integer', of: (r) => r.offset },
      { name: 'ingest_time_us', kind: 'integer', of: (r) => r.ingestTimeUs },
      { name: 'sent_time_us', kind: 'integer', of: (r) => r.sentTimeUs },
      { name: 'sent_uptime_us', kind: 'integer', of: (r) => r.sentUptimeUs ?? null },
      { name: 'user_agent', kind: 'word', of: (r) => redact(r.userAgent) },
      { name: 'client_network', kind: 'word', of: (r) => networkOf(r.clientAddress) },
      { name: 'client_hints', kind: 'word', of: (r) => textOf(r.clientHints) },
      { name: 'raw', kind: 'text', of: (r) => textOf(r.raw) },
    ],
  };
}

/** Events as the pipeline understood them: the columns of `fact_event`, words instead of keys. */
export const CURATED_EVENTS: LakeFamily<EnrichedEvent> = {
  zone: 'curated',
  family: 'events',
  version: 1,
  timeColumn: 'event_time_us',
  orderBy: ['event_time_us', 'event_id'],
  columns: [
    { name: 'event_id', kind: 'text', of: (f) => f.event.id },
    { name: 'event_type', kind: 'word', of: (f) => f.event.type },
    { name: 'subject', kind: 'word', of: (f) => f.event.subject },
    { name: 'session_id', kind: 'word', of: (f) => f.event.sessionId },
    { name: 'sequence', kind: 'integer', of: (f) => f.event.sequence },
    { name: 'event_time_us', kind: 'integer', of: (f) => f.event.eventTimeUs },
    { name: 'ingest_time_us', kind: 'integer', of: (f) => f.ingestTimeUs },
    { name: 'process_time_us', kind: 'integer', of: (f) => f.processTimeUs },
    { name: 'device_kind', kind: 'word', of: (f) => f.deviceKind },
    { name: 'country', kind: 'word', of: (f) => f.country },
    { name: 'local_hour', kind: 'integer', of: (f) => f.localHour },
    { name: 'title_id', kind: 'word', of: (f) => f.event.data.titleId ?? null },
    { name: 'title_name', kind: 'word', of: (f) => f.titleName },
    { name: 'genre', kind: 'word', of: (f) => f.genre },
    { name: 'playback_id', kind: 'word', of: (f) => f.event.data.playbackId ?? null },
    { name: 'position_s', kind: 'integer', of: (f) => f.event.data.positionSeconds ?? null },
    { name: 'completed', kind: 'boolean', of: (f) => f.event.data.completed ?? null },
    { name: 'status', kind: 'integer', of: (f) => f.event.data.status ?? null },
    { name: 'response_bytes', kind: 'integer', of: (f) => f.event.data.responseBytes ?? null },
    { name: 'detail', kind: 'word', of: (f) => detailOf(f.event.data) },
    { name: 'annotations', kind: 'text', of: (f) => jsonOf(f.annotations) },
  ],
};

function jsonOf(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

/** A family as the manifest describes it. */
export function describeFamily<Row>(family: LakeFamily<Row>): FamilyDescription {
  const { zone, family: name, version, columns, timeColumn, orderBy } = family;
  return {
    zone,
    family: name,
    version,
    columns: columns.map((column) => ({ name: column.name, kind: column.kind })),
    timeColumn,
    orderBy,
  };
}

/** Where the files of an hour lie, relative to the lake. @param hour - Whole hours since the Unix
 * epoch; µs that are safe integers lie in years of four digits. */
export function partitionFolder(
  { zone, family, version }: Pick<FamilyDescription, 'zone' | 'family' | 'version'>,
  hour: number,
): string {
  const iso = new Date(hour * MS_PER_HOUR).toISOString();
  return `${zone}/${family}/v=${version}/dt=${iso.slice(0, 10)}/hour=${iso.slice(11, 13)}`;
}

const MS_PER_HOUR = 3_600_000;
