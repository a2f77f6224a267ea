/** Runs a batch query in a DuckDB of its own, in memory and on one thread, so that equal inputs
 * give equal rows. The query sees the relations that are given and nothing else: no other file, no
 * network, no setting that it could change. Spec: W64. */
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import { EngineError } from '../../kernel/errors.ts';

/** Types of columns of rows. `timestamp` is an integer: µs since the Unix epoch. */
export type BatchColumnType = 'string' | 'integer' | 'double' | 'boolean' | 'timestamp';

/** A value of a row. Integers are safe integers. */
export type BatchValue = string | number | boolean | null;

/** A row by names of columns. */
export type BatchRow = Readonly<Record<string, BatchValue>>;

/** What a query can read, under a name. */
export type BatchRelation =
  /** Rows in their order; a column that a row lacks is NULL. */
  | {
      readonly columns: Readonly<Record<string, BatchColumnType>>;
      readonly rows: Iterable<BatchRow>;
    }
  /** Parquet files, read in this order; columns are joined by name. */
  | { readonly parquetFiles: readonly string[] };

/** A query and what it reads. */
export interface BatchQuery {
  readonly sql: string;
  /** Relations by name. */
  readonly relations: Readonly<Record<string, BatchRelation>>;
  /** Memory that DuckDB may take before it gives up, in bytes; default 1 GiB. */
  readonly memoryLimitBytes?: number;
}

/** Runs one query. Integers of 64 bits come as numbers.
 * @returns its rows, in its order.
 * @throws EngineError `BATCH_FAILED` with DuckDB's words: a wrong query, an unreadable file, too
 * little memory, an integer that is not safe. */
export async function runBatchSql(query: BatchQuery): Promise<BatchRow[]> {
  const { sql, relations, memoryLimitBytes = DEFAULT_MEMORY_BYTES } = query;
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    memory_limit: `${memoryLimitBytes}B`,
    autoinstall_known_extensions: 'false',
  });
  const connection = await instance.connect();
  try {
    const files: string[] = [];
    for (const [name, relation] of Object.entries(relations)) {
      if ('parquetFiles' in relation) files.push(...relation.parquetFiles);
      await addRelation(connection, name, relation);
    }
    await confine(connection, files);
    const reader = await connection.runAndReadAll(sql);
    const names = reader.columnNames();
    return reader.getRows().map((values) => rowOf(names, values));
  } catch (error) {
    if (error instanceof EngineError) throw error;
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    const message = `DuckDB: ${reason}`;
    throw new EngineError('BATCH_FAILED', message, { reason }, { cause: error });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const DEFAULT_MEMORY_BYTES = 1_024 ** 3;

const SQL_TYPES: Readonly<Record<BatchColumnType, string>> = {
  string: 'VARCHAR',
  integer: 'BIGINT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  timestamp: 'BIGINT',
};

async function addRelation(
  connection: DuckDBConnection,
  name: string,
  relation: BatchRelation,
): Promise<void> {
  if ('parquetFiles' in relation) {
    const files = relation.parquetFiles.map((file) => quoted(file, "'")).join(', ');
    const rows = `read_parquet([${files}], union_by_name = true, hive_partitioning = false)`;
    await connection.run(`CREATE VIEW ${quoted(name, '"')} AS SELECT * FROM ${rows}`);
    return;
  }
  const columns = Object.entries(relation.columns);
  const list = columns.map(([column, type]) => `${quoted(column, '"')} ${SQL_TYPES[type]}`);
  await connection.run(`CREATE TABLE ${quoted(name, '"')} (${list.join(', ')})`);
  const appender = await connection.createAppender(name);
  for (const row of relation.rows) {
    for (const [column, type] of columns) {
      const value = row[column];
      if (value === null || value === undefined) appender.appendNull();
      else if (type === 'string') appender.appendVarchar(value as string);
      else if (type === 'boolean') appender.appendBoolean(value as boolean);
      else if (type === 'double') appender.appendDouble(value as number);
      else appender.appendBigInt(BigInt(value as number));
    }
    appender.endRow();
  }
  appender.closeSync();
}

/** From here on the query is alone with what it was given. */
async function confine(connection: DuckDBConnection, files: readonly string[]): Promise<void> {
  const paths = files.map((file) => quoted(file, "'")).join(', ');
  await connection.run(`SET allowed_paths = [${paths}]`);
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
}

function rowOf(names: readonly string[], values: readonly DuckDBValue[]): BatchRow {
  return Object.fromEntries(names.map((name, i) => [name, plainValue(name, values[i] ?? null)]));
}

function plainValue(column: string, value: DuckDBValue): BatchValue {
  if (typeof value === 'bigint') {
    if (Number.isSafeInteger(Number(value))) return Number(value);
    const reason = `column "${column}": ${value} is no safe integer`;
    throw new EngineError('BATCH_FAILED', reason, { reason });
  }
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) {
    return value as BatchValue;
  }
  const reason = `column "${column}": ${String(value)} is no plain value; cast it`;
  throw new EngineError('BATCH_FAILED', reason, { reason });
}

function quoted(text: string, quote: "'" | '"'): string {
  return quote + text.replaceAll(quote, quote + quote) + quote;
}
