/** Historical files as raw records: each line or row becomes what an SDK would have sent, or a
 * record that validation turns into a bad row with its reason. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import type { TrackedEvent } from '../../domain/tracked-event.ts';
import { hashText } from '../../kernel/hash.ts';
import { redactAddresses } from '../../streams/redact.ts';
import type { UnparsedLine } from '../../streams/validate.ts';
import { readLines, readText, unreadable } from '../inputs/input-file.ts';
import { parseAccessLogLine } from './access-log.ts';

/** Formats of historical files. */
export const INGEST_FORMATS = ['access-log', 'ndjson', 'csv'] as const;
/** One of {@link INGEST_FORMATS}. */
export type IngestFormat = (typeof INGEST_FORMATS)[number];

/** One record, ready for the log. */
export interface RawRecord {
  readonly raw: TrackedEvent | UnparsedLine | unknown;
  /** Undefined where the record tells none. */
  readonly timeUs: number | undefined;
  readonly partitionKey: string;
  readonly userAgent: string;
}

/** What turns rows into records. */
export interface RecordReaderOptions {
  readonly path: string;
  readonly format: IngestFormat;
  readonly pseudonym: (identity: string) => string;
  readonly onBytes: (read: number) => void;
}

const MAX_TEXT = 2_048;
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

/** Names the file in event ids, so that files share a warehouse. */
export function fileKey(path: string): string {
  return createHash('sha256').update(basename(path)).digest('hex').slice(0, 10);
}

/** Reads a file's records in order. Memory stays flat.
 * @throws EngineError `INPUT_UNREADABLE`. */
export async function* readRawRecords(options: RecordReaderOptions): AsyncGenerator<RawRecord> {
  const key = fileKey(options.path);
  const rows = options.format === 'csv' ? csvRows(options) : lineRows(options);
  let number = 0;
  for await (const { text, row } of rows) {
    number += 1;
    const id = `${key}-${number}-${(hashText(text, 0) >>> 0).toString(16)}`;
    yield typeof row === 'string'
      ? { raw: { unparsed: text, reason: row }, timeUs: undefined, partitionKey: id, userAgent: '' }
      : recordOf(row, { id, sequence: number, pseudonym: options.pseudonym });
  }
}

/** Tells the format of a file by its name, or by its first line.
 * @throws EngineError `INPUT_UNREADABLE` where neither tells. */
export async function detectFormat(path: string): Promise<IngestFormat> {
  const name = path.replace(/\.gz$/, '').toLowerCase();
  if (/\.(ndjson|jsonl)$/.test(name)) return 'ndjson';
  if (name.endsWith('.csv')) return 'csv';
  for await (const line of readLines(path)) {
    if (line.startsWith('{')) return 'ndjson';
    if (typeof parseAccessLogLine(line) !== 'string') return 'access-log';
    if (line.includes(',')) return 'csv';
    if (name.endsWith('.log')) return 'access-log';
    break;
  }
  throw unreadable(path, `its format cannot be told; say --format ${INGEST_FORMATS.join('|')}`);
}

/** A row, or what is wrong with it in words; and the text that it was read from. */
interface ReadRow {
  readonly text: string;
  readonly row: Row | string;
}

type Row =
  | {
      readonly kind: 'request';
      readonly entry: Exclude<ReturnType<typeof parseAccessLogLine>, string>;
    }
  | { readonly kind: 'fields'; readonly fields: Readonly<Record<string, unknown>> };

async function* lineRows(options: RecordReaderOptions): AsyncGenerator<ReadRow> {
  const read = options.format === 'access-log' ? requestRow : jsonRow;
  for await (const text of readLines(options.path, options.onBytes)) {
    if (text.trim() !== '') yield { text, row: read(text) };
  }
}

function requestRow(text: string): Row | string {
  const entry = parseAccessLogLine(text);
  return typeof entry === 'string' ? entry : { kind: 'request', entry };
}

function jsonRow(text: string): Row | string {
  try {
    const fields: unknown = JSON.parse(text);
    if (typeof fields === 'object' && fields !== null && !Array.isArray(fields)) {
      return { kind: 'fields', fields: fields as Record<string, unknown> };
    }
    return 'not a JSON object';
  } catch {
    return 'not valid JSON';
  }
}

async function* csvRows(options: RecordReaderOptions): AsyncGenerator<ReadRow> {
  const bad: ReadRow[] = [];
  const parser = parse({
    columns: true,
    bom: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: (error) => {
      bad.push({ text: error?.message ?? '', row: 'not a row of the file’s CSV' });
    },
  });
  const source = Readable.from(readText(options.path, options.onBytes));
  source.on('error', (error) => parser.destroy(error));
  for await (const fields of source.pipe(parser)) {
    yield* bad.splice(0);
    yield { text: JSON.stringify(fields), row: { kind: 'fields', fields } };
  }
  yield* bad.splice(0);
}

interface RecordContext {
  readonly id: string;
  readonly sequence: number;
  readonly pseudonym: (identity: string) => string;
}

function recordOf(row: Row, context: RecordContext): RawRecord {
  return row.kind === 'request'
    ? requestRecord(row.entry, context)
    : fieldsRecord(row.fields, context);
}

function requestRecord(
  entry: Extract<Row, { kind: 'request' }>['entry'],
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
      method: entry.method.slice(0, MAX_TEXT),
      path: redactAddresses(entry.path).slice(0, MAX_TEXT),
      ...(entry.responseBytes === undefined ? {} : { responseBytes: entry.responseBytes }),
    },
  };
  return { raw, timeUs: entry.timeUs, partitionKey: subject, userAgent: entry.userAgent };
}

/** A tracked event goes in as it is; any other row as `record.ingested`. */
function fieldsRecord(
  fields: Readonly<Record<string, unknown>>,
  { id, sequence, pseudonym }: RecordContext,
): RawRecord {
  if ('eventTimeUs' in fields && 'type' in fields && 'id' in fields) {
    const timeUs = Number(fields['eventTimeUs']);
    return {
      raw: fields,
      timeUs: Number.isFinite(timeUs) ? timeUs : undefined,
      partitionKey: String(fields['subject'] ?? id),
      userAgent: '',
    };
  }
  const timeUs = timeOf(column(fields, TIME_COLUMNS));
  if (timeUs === undefined) {
    const raw = { unparsed: JSON.stringify(fields), reason: 'no column with a time' };
    return { raw, timeUs, partitionKey: id, userAgent: '' };
  }
  const subject = pseudonym(String(column(fields, SUBJECT_COLUMNS) ?? 'unknown'));
  const raw: TrackedEvent = {
    id,
    type: 'record.ingested',
    subject,
    sessionId: subject,
    sequence,
    eventTimeUs: timeUs,
    data: {
      target: redactAddresses(String(column(fields, TARGET_COLUMNS) ?? 'record')).slice(0, 200),
      path: redactAddresses(JSON.stringify(fields)).slice(0, MAX_TEXT),
    },
  };
  return { raw, timeUs, partitionKey: subject, userAgent: '' };
}

/** The first of the named columns that a row has, whatever the case of its name. */
function column(fields: Readonly<Record<string, unknown>>, names: readonly string[]): unknown {
  for (const name of names) {
    const key = Object.keys(fields).find((candidate) => candidate.toLowerCase() === name);
    if (key !== undefined && fields[key] !== '' && fields[key] !== null) return fields[key];
  }
  return undefined;
}

/** Times as ISO text (without a zone: UTC), or as seconds or milliseconds since the Unix epoch. */
function timeOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Math.round(value * (value > 1e11 ? 1_000 : 1_000_000));
  if (typeof value !== 'string') return undefined;
  const text = value.trim().replace(' ', 'T');
  const hasZone = /(?:Z|[+-]\d{2}:?\d{2})$/.test(text);
  const timeMs = Date.parse(hasZone || !text.includes('T') ? text : `${text}Z`);
  return Number.isFinite(timeMs) ? timeMs * 1_000 : undefined;
}
