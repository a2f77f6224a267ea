/** One SQLite and one DuckDB in memory for a test file, reused by all cases: tables are made once,
 * emptied and filled again. */
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import Database from 'better-sqlite3';
import { afterAll, beforeAll } from 'vitest';
import type { ColumnType, Scalar } from '../../../src/streams/plan/expression.ts';
import type { BatchSql } from '../../../src/streams/sql/to-batch-sql.ts';

type Columns = Readonly<Record<string, ColumnType>>;

/** Rows of a result by names of columns. */
export type ResultRow = Readonly<Record<string, Scalar>>;

/** A table's rows. */
export interface TableRows {
  readonly columns: Columns;
  readonly rows: readonly Readonly<Record<string, Scalar>>[];
}

/** The same tables in both. */
export interface Databases {
  readonly sqlite: (tables: Readonly<Record<string, TableRows>>, query: BatchSql) => ResultRow[];
  readonly duckdb: (
    tables: Readonly<Record<string, TableRows>>,
    query: BatchSql,
  ) => Promise<ResultRow[]>;
}

const TYPES: Readonly<Record<ColumnType, readonly [string, string]>> = {
  string: ['TEXT', 'VARCHAR'],
  integer: ['INTEGER', 'BIGINT'],
  double: ['REAL', 'DOUBLE'],
  boolean: ['INTEGER', 'BOOLEAN'],
  timestamp: ['INTEGER', 'BIGINT'],
};

/** Opens both; call it at the top of a test file. */
export function openDatabases(): Databases {
  const sqlite = new Database(':memory:');
  let instance: DuckDBInstance;
  let duckdb: DuckDBConnection;
  const made = new Set<string>();
  beforeAll(async () => {
    instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    duckdb = await instance.connect();
  });
  afterAll(() => {
    sqlite.close();
    duckdb.closeSync();
    instance.closeSync();
  });
  return {
    sqlite(tables, query) {
      for (const [name, { columns, rows }] of Object.entries(tables)) {
        if (!made.has(name)) sqlite.exec(tableText(name, columns, 0));
        made.add(name);
        sqlite.exec(`DELETE FROM ${quote(name)}`);
        const marks = Object.keys(columns).map(() => '?');
        const insert = sqlite.prepare(`INSERT INTO ${quote(name)} VALUES (${marks.join(', ')})`);
        sqlite.transaction(() => {
          for (const row of rows) {
            insert.run(...Object.keys(columns).map((column) => asNumber(row[column] ?? null)));
          }
        })();
      }
      const found = sqlite.prepare(query.sql).raw().all() as unknown[][];
      return found.map((values) => resultRow(query, values));
    },
    async duckdb(tables, query) {
      for (const [name, { columns, rows }] of Object.entries(tables)) {
        await duckdb.run(`CREATE OR REPLACE TABLE ${quote(name)} ${columnsText(columns, 1)}`);
        await append(duckdb, name, { columns, rows });
      }
      const reader = await duckdb.runAndReadAll(query.sql);
      return reader.getRows().map((values) => resultRow(query, values));
    },
  };
}

async function append(
  duckdb: DuckDBConnection,
  name: string,
  { columns, rows }: TableRows,
): Promise<void> {
  const appender = await duckdb.createAppender(name);
  for (const row of rows) {
    for (const [column, type] of Object.entries(columns)) {
      const value = row[column] ?? null;
      if (value === null) appender.appendNull();
      else if (type === 'integer' || type === 'timestamp') appender.appendBigInt(BigInt(value));
      else if (type === 'double') appender.appendDouble(Number(value));
      else appender.appendValue(value);
    }
    appender.endRow();
  }
  appender.closeSync();
}

function tableText(name: string, columns: Columns, dialect: 0 | 1): string {
  return `CREATE TABLE ${quote(name)} ${columnsText(columns, dialect)}`;
}

function columnsText(columns: Columns, dialect: 0 | 1): string {
  const list = Object.entries(columns).map(
    ([name, type]) => `${quote(name)} ${TYPES[type][dialect]}`,
  );
  return `(${list.join(', ')})`;
}

function asNumber(value: Scalar): string | number | null {
  return typeof value === 'boolean' ? Number(value) : value;
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Numbers as doubles, −0 as 0, SQLite's booleans as booleans. */
function resultRow({ columns }: BatchSql, values: readonly unknown[]): ResultRow {
  const entries = [...columns].map(([name, type], i) => {
    const value = values[i] as DuckDBValue;
    if (value === null) return [name, null];
    if (type === 'boolean') return [name, Boolean(value)];
    return [
      name,
      typeof value === 'bigint' || typeof value === 'number' ? Number(value) + 0 : value,
    ];
  });
  return Object.fromEntries(entries) as ResultRow;
}
