/** Historical files as rows: a request of an access log, or named fields of NDJSON and CSV; and of
 * what cannot be read the text and the reason, in the place where it stood. */
import { Readable } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import { readLines, readText, unreadable } from '../inputs/input-file.ts';
import { type AccessLogEntry, parseAccessLogLine } from './access-log.ts';

/** Formats of historical files. */
export const INGEST_FORMATS = ['access-log', 'ndjson', 'csv'] as const;
/** One of {@link INGEST_FORMATS}. */
export type IngestFormat = (typeof INGEST_FORMATS)[number];

/** Fields by their column's name. */
export type Fields = Readonly<Record<string, unknown>>;

/** What a row says. */
export type Row =
  | { readonly kind: 'request'; readonly entry: AccessLogEntry }
  | { readonly kind: 'fields'; readonly fields: Fields };

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

/** Lines that tell a format: the first few may be damaged. */
const SNIFFED_LINES = 20;
/** Longest record of a CSV: beyond it somebody forgot to close a quote. */
const CSV_RECORD_SIZE_MAX = 65_536;

/** Reads a file's rows in order; blank lines are none. Memory stays flat.
 * @throws EngineError `INPUT_UNREADABLE`. */
export function readRows(options: RowOptions): AsyncGenerator<ReadRow> {
  return options.format === 'csv' ? csvRows(options) : lineRows(options);
}

/** Tells the format of a file by its name, or by its first lines.
 * @throws EngineError `INPUT_UNREADABLE` where neither tells. */
export async function detectFormat(path: string): Promise<IngestFormat> {
  const name = path.replace(/\.gz$/, '').toLowerCase();
  if (/\.(ndjson|jsonl)$/.test(name)) return 'ndjson';
  if (name.endsWith('.csv')) return 'csv';
  const lines = await firstLines(path);
  const [first] = lines;
  if (first === undefined) throw unreadable(path, 'it is empty; name a file with data');
  if (lines.some((line) => typeof parseAccessLogLine(line) !== 'string')) return 'access-log';
  if (lines.some((line) => typeof jsonRow(line) !== 'string')) return 'ndjson';
  if (name.endsWith('.log')) return 'access-log';
  if (first.includes(',') && !first.startsWith('[')) return 'csv';
  throw unreadable(path, `its format cannot be told; say --format ${INGEST_FORMATS.join('|')}`);
}

async function firstLines(path: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of readLines(path)) {
    if (line.trim() !== '') lines.push(line);
    if (lines.length === SNIFFED_LINES) break;
  }
  return lines;
}

async function* lineRows(options: RowOptions): AsyncGenerator<ReadRow> {
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
