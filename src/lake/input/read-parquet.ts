/** Rows of anybody's Parquet file, as plain values, in the order of the file: read through DuckDB,
 * chunk by chunk, so that memory stays flat. */
import { type DuckDBConnection, DuckDBInstance, type JS } from '@duckdb/node-api';
import { EngineError } from '../../kernel/errors.ts';

/** Fields by their column's name: text, finite numbers, booleans, and lists and objects of them.
 * Times are ISO text in UTC with microseconds, bytes are base64, whole numbers beyond 2⁵³ are text.
 * What is null is left out. */
export type ParquetRow = Readonly<Record<string, unknown>>;

/** Characters that DuckDB would take for a pattern over several files. */
const PATTERN = /[*?[]/g;
const TIME_FORMAT = '%Y-%m-%dT%H:%M:%S.%fZ';
const IDENTIFIER_QUOTE = /"/g;

/** Reads a file's rows.
 * @throws EngineError `INPUT_UNREADABLE` for what is no Parquet or is damaged. */
export async function* readParquetRows(path: string): AsyncGenerator<ParquetRow> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    yield* rowsOf(connection, path);
  } catch (cause) {
    throw new EngineError(
      'INPUT_UNREADABLE',
      `${path}: it is no Parquet file, or damaged; name a whole one`,
      { path },
      { cause },
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function* rowsOf(connection: DuckDBConnection, path: string): AsyncGenerator<ParquetRow> {
  const source = `read_parquet('${path.replace(PATTERN, '[$&]').replaceAll("'", "''")}')`;
  const columns = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`);
  const selected = columns
    .getRowObjects()
    .map((row) => selectionOf(String(row['column_name']), String(row['column_type'])));
  const result = await connection.stream(`SELECT ${selected.join(', ')} FROM ${source}`);
  for await (const rows of result.yieldRowObjectJs()) {
    for (const row of rows) yield plainFields(row);
  }
}

/** Times become text inside DuckDB: as JavaScript dates they would lose their microseconds. */
function selectionOf(name: string, type: string): string {
  const column = `"${name.replace(IDENTIFIER_QUOTE, '""')}"`;
  if (!/^TIMESTAMP[A-Z_ ]*$/.test(type)) return column;
  return `strftime(make_timestamp(epoch_us(${column})), '${TIME_FORMAT}') AS ${column}`;
}

function plainFields(row: Readonly<Record<string, JS>>): ParquetRow {
  const fields: [string, unknown][] = [];
  for (const [name, value] of Object.entries(row)) {
    const plain = plainValue(value);
    if (plain !== undefined) fields.push([name, plain]);
  }
  return Object.fromEntries(fields);
}

function plainValue(value: JS): unknown {
  switch (typeof value) {
    case 'bigint': {
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : String(value);
    }
    case 'number':
      return Number.isFinite(value) ? value : undefined;
    case 'object':
      return value === null ? undefined : plainObject(value);
    default:
      return value;
  }
}

function plainObject(value: Exclude<Extract<JS, object>, null>): unknown {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map((one) => plainValue(one) ?? null);
  return plainFields(value);
}
