/** Rows of historical files as raw records: what an SDK would have sent, or a record that
 * validation turns into a bad row with its reason. Nobody's host, user or address is in them. */
import type { TrackedEvent } from '../../domain/tracked-event.ts';
import { hashText } from '../../kernel/hash.ts';
import type { UnparsedLine } from '../../streams/enrichment/bad-rows.ts';
import { createTextTreatment, STRICT_POLICY } from '../../streams/privacy/field-policy.ts';
import { maskRecord, maskText } from '../../streams/privacy/mask.ts';
import { redactAddresses } from '../../streams/redact.ts';
import { timeOfField } from '../inputs/field-time.ts';
import { type AccessLogEntry, withoutHost } from './access-log.ts';
import type { Fields } from './formats/foreign-event.ts';
import type { ForeignRow } from './formats/foreign-rows.ts';
import { fromSegment } from './formats/segment.ts';
import { fromSnowplow } from './formats/snowplow.ts';
import { withoutPersons } from './formats/without-persons.ts';
import {
  isPersonalField,
  SUBJECT_COLUMNS,
  tellsOfPerson,
  withoutPersonalFields,
  withoutPersonalParameters,
} from './personal-fields.ts';
import { type IngestFormat, type ReadRow, type RowOptions, readRows } from './rows.ts';

/** One record, ready for the log. */
export interface RawRecord {
  readonly raw: TrackedEvent | UnparsedLine | unknown;
  /** Undefined where the record tells none. */
  readonly timeUs: number | undefined;
  readonly partitionKey: string;
  readonly userAgent: string;
  /** Device clock at sending, where the record tells it and its time is to be corrected. */
  readonly sentTimeUs?: number;
  /** When another collector took it in. */
  readonly receivedTimeUs?: number;
}

/** What turns rows into records. */
export interface RecordReaderOptions extends RowOptions {
  /** Event ids begin with it. */
  readonly key: string;
  readonly pseudonym: (identity: string) => string;
}

/** Longest text that validation lets through. */
const MAX_TEXT = 2_048;
const MAX_TARGET = 200;
const TIME_COLUMNS = ['timestamp', 'time', 'ts', 'event_time', 'eventtime', 'date', 'datetime'];
const TARGET_COLUMNS = ['event_type', 'eventtype', 'event', 'type', 'name'];
/** Reads a file's records in order. A record's event id is the file's key, its number and a hash of
 * its text, so that two equal lines are two events and a line read again is the same event.
 * @throws EngineError `INPUT_UNREADABLE`. */
export async function* readRawRecords(options: RecordReaderOptions): AsyncGenerator<RawRecord> {
  const { key, format, pseudonym } = options;
  let number = 0;
  for await (const row of readRows(options)) {
    number += 1;
    const id = `${key}-${number}-${(hashText(row.text, 0) >>> 0).toString(16)}`;
    yield recordOf(row, { id, sequence: number, pseudonym, format });
  }
}

interface RecordContext {
  readonly id: string;
  readonly sequence: number;
  readonly pseudonym: (identity: string) => string;
  readonly format: IngestFormat;
}

function recordOf({ row, text }: ReadRow, context: RecordContext): RawRecord {
  if (typeof row === 'string') return badRecord(text, row, context);
  switch (row.kind) {
    case 'request':
      return requestRecord(row.entry, context);
    case 'fields':
      return fieldsRecord(row.fields, context);
    default:
      return foreignRecord(text, row, context);
  }
}

/** A record that becomes a bad row: as much of its text as may be kept. */
function badRecord(text: string, reason: string, context: RecordContext): RawRecord {
  const { id, pseudonym } = context;
  const raw = { unparsed: keptOf(text, context.format, pseudonym), reason };
  return { raw, timeUs: undefined, partitionKey: id, userAgent: '' };
}

/** What may be kept of a line that cannot be parsed. Of a CSV's row that does not fit its header,
 * nobody can say which cell tells whom: its shape is kept. */
function keptOf(
  text: string,
  format: IngestFormat,
  pseudonym: (identity: string) => string,
): string {
  switch (format) {
    case 'access-log':
      return withoutPersonalParameters(withoutHost(text, pseudonym));
    case 'segment':
    case 'snowplow':
      return withoutPersons(text, pseudonym);
    case 'ndjson':
    case 'parquet':
      return withoutPersonalFields(text, pseudonym);
    case 'csv':
      return maskText(text);
  }
}

/** An event with an id of its own. */
function foreignRecord(text: string, row: ForeignRow, context: RecordContext): RawRecord {
  const { kind, fields, envelope } = row;
  const read =
    kind === 'segment' ? fromSegment(fields, envelope, context) : fromSnowplow(fields, context);
  if (typeof read === 'string') {
    // A row of columns has no text that tells which of them hold people; its fields do.
    const kept = kind === 'snowplow' ? JSON.stringify(fields) : text;
    return badRecord(kept, read, context);
  }
  const { event, userAgent, ...times } = read;
  return {
    raw: event,
    timeUs: event.eventTimeUs,
    partitionKey: event.subject,
    userAgent,
    ...times,
  };
}

function requestRecord(
  entry: AccessLogEntry,
  { id, sequence, pseudonym }: RecordContext,
): RawRecord {
  const subject = pseudonym(entry.host);
  const raw: TrackedEvent = {
    id,
    type: 'http.request',
    subject,
    sessionId: subject,
    sequence,
    eventTimeUs: entry.timeUs,
    data: {
      status: entry.status,
      method: redactAddresses(entry.method).slice(0, MAX_TEXT),
      path: redactAddresses(withoutPersonalParameters(entry.path)).slice(0, MAX_TEXT),
      ...(entry.responseBytes === undefined ? {} : { responseBytes: entry.responseBytes }),
    },
  };
  return { raw, timeUs: entry.timeUs, partitionKey: subject, userAgent: entry.userAgent };
}

/** A tracked event goes in as the strict policy keeps it; any other row as `record.ingested`, its
 * subjects replaced: the first of the known columns says whose row it is. */
function fieldsRecord(fields: Fields, context: RecordContext): RawRecord {
  if ('eventTimeUs' in fields && 'type' in fields && 'id' in fields) {
    return trackedRecord(fields, context);
  }
  const { id, sequence, pseudonym } = context;
  const timeUs = timeOfField(cellOf(fields, TIME_COLUMNS));
  const subjectColumn = columnOf(fields, SUBJECT_COLUMNS);
  const subject = pseudonym(
    subjectColumn === undefined ? 'unknown' : identityOf(fields[subjectColumn]),
  );
  const targetColumn = targetColumnOf(fields);
  const isEventName = (name: string) => name === targetColumn;
  const kept = JSON.stringify(fields, (name, value: unknown) =>
    hasValue(value) && isPersonalField(name, isEventName) ? pseudonym(identityOf(value)) : value,
  );
  if (timeUs === undefined) {
    const raw = { unparsed: kept, reason: 'no column with a time' };
    return { raw, timeUs, partitionKey: id, userAgent: '' };
  }
  const raw: TrackedEvent = {
    id,
    type: 'record.ingested',
    subject,
    sessionId: subject,
    sequence,
    eventTimeUs: timeUs,
    data: {
      target: redactAddresses(
        String(targetColumn === undefined ? 'record' : fields[targetColumn]),
      ).slice(0, MAX_TARGET),
      path: redactAddresses(kept).slice(0, MAX_TEXT),
    },
  };
  return { raw, timeUs, partitionKey: subject, userAgent: '' };
}

function trackedRecord(fields: Fields, { id, pseudonym }: RecordContext): RawRecord {
  const timeUs = Number(fields['eventTimeUs']);
  const { kept } = maskRecord(fields, STRICT_POLICY, createTextTreatment({ pseudonym }));
  const subject = (kept as Fields | null)?.['subject'];
  return {
    raw: kept,
    timeUs: Number.isSafeInteger(timeUs) && timeUs >= 0 ? timeUs : undefined,
    partitionKey: String(subject ?? id),
    userAgent: '',
  };
}

function cellOf(fields: Fields, names: readonly string[]): unknown {
  const column = columnOf(fields, names);
  return column === undefined ? undefined : fields[column];
}

/** The column that says what happened: not one that may hold a person's name. */
function targetColumnOf(fields: Fields): string | undefined {
  const column = columnOf(fields, TARGET_COLUMNS);
  if (column?.toLowerCase() !== 'name') return column;
  return tellsOfPerson(Object.keys(fields)) ? undefined : column;
}

/** The first of the named columns that a row has with a value, whatever the case of its name. */
function columnOf(fields: Fields, names: readonly string[]): string | undefined {
  const columns = Object.keys(fields);
  for (const name of names) {
    const column = columns.find((candidate) => candidate.toLowerCase() === name);
    if (column !== undefined && hasValue(fields[column])) return column;
  }
  return undefined;
}

function hasValue(value: unknown): boolean {
  return value !== '' && value !== null && value !== undefined;
}

/** A subject may be an object, like `{"id": 7}`: two of them are two. */
function identityOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
