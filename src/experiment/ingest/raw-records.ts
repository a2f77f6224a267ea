/** Rows of historical files as raw records: what an SDK would have sent, or a record that
 * validation turns into a bad row with its reason. Nobody's host, user or address is in them. */
import type { TrackedEvent } from '../../domain/tracked-event.ts';
import { hashText } from '../../kernel/hash.ts';
import { redactAddresses } from '../../streams/redact.ts';
import type { UnparsedLine } from '../../streams/validate.ts';
import { timeOfField } from '../inputs/field-time.ts';
import { type AccessLogEntry, withoutHost } from './access-log.ts';
import { type Fields, type ReadRow, type RowOptions, readRows } from './rows.ts';

/** One record, ready for the log. */
export interface RawRecord {
  readonly raw: TrackedEvent | UnparsedLine | unknown;
  /** Undefined where the record tells none. */
  readonly timeUs: number | undefined;
  readonly partitionKey: string;
  readonly userAgent: string;
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
const SUBJECT_COLUMNS = [
  'user_id',
  'userid',
  'driver_id',
  'visitor_id',
  'session_id',
  'user',
  'id',
];
const TARGET_COLUMNS = ['event_type', 'eventtype', 'event', 'type', 'name'];
/** A subject in a line of JSON that cannot be parsed; its value may be cut short. */
const SUBJECT_IN_TEXT = new RegExp(
  `("(?:${SUBJECT_COLUMNS.join('|')})"\\s*:\\s*)("(?:[^"\\\\]|\\\\.)*["\\\\]?|[^",}\\s][^,}\\s]*)`,
  'gi',
);

/** Reads a file's records in order. A record's event id is the file's key, its number and a hash of
 * its text, so that two equal lines are two events and a line read again is the same event.
 * @throws EngineError `INPUT_UNREADABLE`. */
export async function* readRawRecords(options: RecordReaderOptions): AsyncGenerator<RawRecord> {
  const { key, format, pseudonym } = options;
  let number = 0;
  for await (const row of readRows(options)) {
    number += 1;
    const id = `${key}-${number}-${(hashText(row.text, 0) >>> 0).toString(16)}`;
    yield recordOf(row, { id, sequence: number, pseudonym, isAccessLog: format === 'access-log' });
  }
}

interface RecordContext {
  readonly id: string;
  readonly sequence: number;
  readonly pseudonym: (identity: string) => string;
  readonly isAccessLog: boolean;
}

function recordOf({ row, text }: ReadRow, context: RecordContext): RawRecord {
  if (typeof row !== 'string') {
    return row.kind === 'request'
      ? requestRecord(row.entry, context)
      : fieldsRecord(row.fields, context);
  }
  const { id, pseudonym, isAccessLog } = context;
  const unparsed = isAccessLog ? withoutHost(text, pseudonym) : withoutSubjects(text, pseudonym);
  return { raw: { unparsed, reason: row }, timeUs: undefined, partitionKey: id, userAgent: '' };
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
      path: redactAddresses(entry.path).slice(0, MAX_TEXT),
      ...(entry.responseBytes === undefined ? {} : { responseBytes: entry.responseBytes }),
    },
  };
  return { raw, timeUs: entry.timeUs, partitionKey: subject, userAgent: entry.userAgent };
}

/** The text of a line with its subjects replaced. */
function withoutSubjects(text: string, pseudonym: (identity: string) => string): string {
  return text.replace(
    SUBJECT_IN_TEXT,
    (_, name: string, value: string) => `${name}"${pseudonym(value.replaceAll(/^"|"$/g, ''))}"`,
  );
}

/** A tracked event goes in as it is; any other row as `record.ingested`, its subjects replaced: the
 * first of the known columns says whose row it is. */
function fieldsRecord(fields: Fields, context: RecordContext): RawRecord {
  if ('eventTimeUs' in fields && 'type' in fields && 'id' in fields) {
    return trackedRecord(fields, context.id);
  }
  const { id, sequence, pseudonym } = context;
  const timeUs = timeOfField(cellOf(fields, TIME_COLUMNS));
  const subjectColumn = columnOf(fields, SUBJECT_COLUMNS);
  const subject = pseudonym(
    subjectColumn === undefined ? 'unknown' : identityOf(fields[subjectColumn]),
  );
  const kept = JSON.stringify(fields, (name, value: unknown) =>
    isSubject(name) && hasValue(value) ? pseudonym(identityOf(value)) : value,
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
      target: redactAddresses(String(cellOf(fields, TARGET_COLUMNS) ?? 'record')).slice(
        0,
        MAX_TARGET,
      ),
      path: redactAddresses(kept).slice(0, MAX_TEXT),
    },
  };
  return { raw, timeUs, partitionKey: subject, userAgent: '' };
}

function trackedRecord(fields: Fields, fallbackKey: string): RawRecord {
  const timeUs = Number(fields['eventTimeUs']);
  return {
    raw: fields,
    timeUs: Number.isSafeInteger(timeUs) && timeUs >= 0 ? timeUs : undefined,
    partitionKey: String(fields['subject'] ?? fallbackKey),
    userAgent: '',
  };
}

function cellOf(fields: Fields, names: readonly string[]): unknown {
  const column = columnOf(fields, names);
  return column === undefined ? undefined : fields[column];
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

function isSubject(column: string): boolean {
  return SUBJECT_COLUMNS.includes(column.toLowerCase());
}

function hasValue(value: unknown): boolean {
  return value !== '' && value !== null && value !== undefined;
}

/** A subject may be an object, like `{"id": 7}`: two of them are two. */
function identityOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
