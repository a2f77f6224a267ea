/** Historical files as rows: a request of an access log, or named fields of NDJSON and CSV; and of
 * what cannot be read the text and the reason, in the place where it stood. */
import { Readable } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import { checkInputFile, LINE_LENGTH_MAX, readLines, readText } from '../inputs/input-file.ts';
import { isNestedTooDeeply } from '../inputs/json-depth.ts';
import { type AccessLogEntry, parseAccessLogLine } from './access-log.ts';
import { isOneValueALine } from './file-head.ts';
import type { Fields } from './formats/foreign-event.ts';
import { type ForeignRow, foreignRows } from './formats/foreign-rows.ts';

/** Formats of historical files. */
export const INGEST_FORMATS = [
  'access-log',
  'ndjson',
  'csv',
  'parquet',
  'segment',
  'snowplow',
] as const;
/** One of {@link INGEST_FORMATS}. */
export type IngestFormat = (typeof INGEST_FORMATS)[number];

/** What a row says. */
export type Row =
  | { readonly kind: 'request'; readonly entry: AccessLogEntry }
  | { readonly kind: 'fields'; readonly fields: Fields }
  | ForeignRow;

/** A row, or what is wrong with it in words; and the text that it was read from. */
export interface ReadRow {
  readonly text: string;
  readonly row: Row | string;
}

/** Which file, and whom to tell how many of its bytes have been read. */
export interface RowOptions {
  readonly path: string;
  readonly format: IngestFormat;
  readonly onBytes: (read: number) => void;
}

/** Longest record of a CSV: beyond it somebody forgot to close a quote. */
const CSV_RECORD_SIZE_MAX = 65_536;

/** Kept of a line that is longer than any record, in UTF-16 units. */
const KEPT_OF_LONG_LINE = 32_768;

/** Reads a file's rows in order; blank lines are none. Memory stays flat.
 * @throws EngineError `INPUT_UNREADABLE`. */
export function readRows(options: RowOptions): AsyncGenerator<ReadRow> {
  switch (options.format) {
    case 'csv':
      return csvRows(options);
    case 'parquet':
      return parquetRows(options);
    case 'segment':
    case 'snowplow':
      return payloadRows(options, options.format);
    default:
      return lineRows(options);
  }
}

async function* lineRows(options: RowOptions): AsyncGenerator<ReadRow> {
  const read = options.format === 'access-log' ? requestRow : jsonRow;
  for await (const text of readLines(options.path, options.onBytes)) {
    if (text.length > LINE_LENGTH_MAX) {
      yield { text: text.slice(0, KEPT_OF_LONG_LINE), row: 'a line of more than 1 MiB' };
    } else if (text.trim() !== '') {
      yield { text, row: read(text) };
    }
  }
}

/** DuckDB is loaded for those who read Parquet. */
async function* parquetRows({ path, onBytes }: RowOptions): AsyncGenerator<ReadRow> {
  const totalBytes = checkInputFile(path);
  const { readParquetRows } = await import('../../lake/input/read-parquet.ts');
  for await (const fields of readParquetRows(path)) {
    yield { text: JSON.stringify(fields), row: { kind: 'fields', fields } };
  }
  onBytes(totalBytes);
}

async function* payloadRows(
  { path, onBytes }: RowOptions,
  format: 'segment' | 'snowplow',
): AsyncGenerator<ReadRow> {
  const isByLine = await isOneValueALine(path);
  yield* foreignRows({ path, format, isByLine, onBytes });
}

function requestRow(text: string): Row | string {
  const entry = parseAccessLogLine(text);
  return typeof entry === 'string' ? entry : { kind: 'request', entry };
}

function jsonRow(text: string): Row | string {
  if (isNestedTooDeeply(text)) return 'nested too deeply';
  try {
    const fields: unknown = JSON.parse(text);
    if (typeof fields === 'object' && fields !== null && !Array.isArray(fields)) {
      return { kind: 'fields', fields: fields as Fields };
    }
    return 'not a JSON object';
  } catch {
    return 'not valid JSON';
  }
}

/** The parser runs ahead of who reads it. So it hands on each record together with the bad ones
 * before it: their order, and with it every event id, does not hang on how fast anybody reads. */
async function* csvRows(options: RowOptions): AsyncGenerator<ReadRow> {
  const bad: ReadRow[] = [];
  const parser = parse({
    columns: true,
    bom: true,
    raw: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: CSV_RECORD_SIZE_MAX,
    on_skip: (error: CsvError | undefined, raw: string | undefined) => {
      bad.push({ text: (raw ?? '').trimEnd(), row: csvReason(error) });
      return undefined;
    },
    on_record: (record) => ({ record, before: bad.splice(0) }),
  });
  const source = Readable.from(readText(options.path, options.onBytes));
  source.on('error', (error) => parser.destroy(error));
  for await (const parsed of source.pipe(parser)) {
    const { record, before } = parsed as ParsedRecord;
    yield* before;
    yield { text: JSON.stringify(record.record), row: { kind: 'fields', fields: record.record } };
  }
  yield* bad;
}

interface ParsedRecord {
  readonly record: { readonly record: Fields; readonly raw: string };
  readonly before: readonly ReadRow[];
}

/** Only the kind of the trouble: reasons are counted by text. */
function csvReason(error: CsvError | undefined): string {
  const code = (error?.code ?? 'CSV_UNKNOWN').replace(/^CSV_/, '');
  return `not a row of this CSV: ${code.toLowerCase().replaceAll('_', ' ')}`;
}
