/** Which format a file has: by its first bytes and lines, and by its name. */
import { closeSync, openSync, readSync } from 'node:fs';
import { checkInputFile, unreadable } from '../inputs/input-file.ts';
import { parseAccessLogLine } from './access-log.ts';
import { linesOfHead, readHead } from './file-head.ts';
import { type Fields, fieldsOf } from './formats/foreign-event.ts';
import { SNOWPLOW_PAYLOAD } from './formats/foreign-rows.ts';
import { JsonSplitter } from './formats/json-values.ts';
import { SEGMENT_TYPES } from './formats/segment.ts';
import { SNOWPLOW_COLUMNS } from './formats/snowplow-tsv.ts';
import { INGEST_FORMATS, type IngestFormat } from './rows.ts';

/** Lines that tell a format: the first few may be damaged. */
const SNIFFED_LINES = 20;
const PARQUET_MAGIC = 'PAR1';

/** Tells the format of a file.
 * @throws EngineError `INPUT_UNREADABLE` where nothing tells. */
export async function detectFormat(path: string): Promise<IngestFormat> {
  checkInputFile(path);
  if (isParquet(path)) return 'parquet';
  const name = path.replace(/\.gz$/, '').toLowerCase();
  if (name.endsWith('.csv')) return 'csv';
  const head = await readHead(path);
  const lines = linesOfHead(head, Number.MAX_SAFE_INTEGER)
    .filter((line) => line.trim() !== '')
    .slice(0, SNIFFED_LINES);
  const foreign = foreignFormat(head, lines);
  if (foreign !== undefined) return foreign;
  if (/\.(ndjson|jsonl)$/.test(name)) return 'ndjson';
  const [first] = lines;
  if (first === undefined) throw unreadable(path, 'it is empty; name a file with data');
  if (lines.some((line) => typeof parseAccessLogLine(line) !== 'string')) return 'access-log';
  if (lines.some((line) => fieldsOf(parsed(line)) !== undefined)) return 'ndjson';
  if (name.endsWith('.log')) return 'access-log';
  if (first.includes(',') && !first.startsWith('[')) return 'csv';
  throw unreadable(path, `its format cannot be told; say --format ${INGEST_FORMATS.join('|')}`);
}

function isParquet(path: string): boolean {
  const bytes = Buffer.alloc(PARQUET_MAGIC.length);
  const file = openSync(path, 'r');
  try {
    readSync(file, bytes, 0, bytes.length, 0);
  } finally {
    closeSync(file);
  }
  return bytes.toString('latin1') === PARQUET_MAGIC;
}

/** Segment's calls have a type of theirs and a `messageId`, bodies a `batch` of them; Snowplow's
 * bodies name their schema, and rows of the enriched format have 131 columns. */
function foreignFormat(head: string, lines: readonly string[]): IngestFormat | undefined {
  if (lines.some((line) => line.split('\t').length === SNOWPLOW_COLUMNS)) return 'snowplow';
  const byLine = lines.map(parsed);
  const bySplitting = new JsonSplitter().push(head).slice(0, SNIFFED_LINES).map(parsed);
  for (const value of [...byLine, ...bySplitting]) {
    const fields = fieldsOf(value);
    if (fields === undefined) continue;
    if (SNOWPLOW_PAYLOAD.test(String(fields['schema']))) return 'snowplow';
    const batch: unknown = fields['batch'];
    const call = Array.isArray(batch) ? fieldsOf(batch[0]) : fields;
    if (call !== undefined && isSegmentCall(call)) return 'segment';
  }
  return undefined;
}

function isSegmentCall(call: Fields): boolean {
  return SEGMENT_TYPES.has(call['type']) && typeof call['messageId'] === 'string';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
