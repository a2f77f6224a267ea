/** A warehouse that is asked: what is a question, what is refused, and where an error lies. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openReadOnlyWarehouse } from '../../../src/storage/query/read-only-warehouse.ts';
import { SCHEMA_VERSION } from '../../../src/storage/warehouse/schema.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { fact, writeWarehouse } from '../warehouse-builder.ts';

const folder = temporaryFolder();
const LIMITS = { rowsMax: 100, bytesMax: 10_000 };

function written(): string {
  const path = join(folder.fresh(), 'w.sqlite');
  writeWarehouse(path, [fact({ id: 'a' }), fact({ id: 'b' })]);
  return path;
}

describe('a read-only warehouse', () => {
  it('S128 answers one question and refuses what writes, attaches or is two', () => {
    const path = written();
    const before = readFileSync(path);
    const elsewhere = join(folder.fresh(), 'other.sqlite');
    const warehouse = openReadOnlyWarehouse(path);
    expect(warehouse.ask('SELECT count(*) AS n FROM fact_event', LIMITS)).toEqual({
      columns: ['n'],
      rows: [[2]],
    });
    for (const sql of [
      'DELETE FROM fact_event',
      'WITH x AS (SELECT 1) DELETE FROM fact_event',
      `ATTACH '${elsewhere}' AS other`,
      `VACUUM INTO '${elsewhere}'`,
      'PRAGMA query_only = 0',
      'PRAGMA writable_schema = 1',
      'CREATE TEMP TABLE t (a)',
      'BEGIN',
      '',
      '-- SELECT 1',
    ]) {
      expect(warehouse.ask(sql, LIMITS), sql).toMatchObject({ kind: 'refused' });
    }
    for (const sql of [
      'SELECT 1; DELETE FROM fact_event',
      `SELECT readfile('/etc/hostname')`,
      `SELECT load_extension('x')`,
      'SELECT * FROM pragma_journal_mode(1)',
    ]) {
      expect(warehouse.ask(sql, LIMITS), sql).toMatchObject({ kind: 'failed' });
    }
    warehouse.close();
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(() => readFileSync(elsewhere)).toThrow();
  });

  it('S128 an error has its place', () => {
    const warehouse = openReadOnlyWarehouse(written());
    const at = (sql: string) => warehouse.ask(sql, LIMITS);
    expect(at('SELECT a a a FROM fact_event')).toMatchObject({ line: 1, column: 12 });
    expect(at("SELECT 'nope',\n  nope FROM fact_event")).toMatchObject({ line: 2, column: 3 });
    expect(at('SELECT 1 FROM nowhere')).toMatchObject({ line: 1, column: 15 });
    expect(at('SELECT (1')).toMatchObject({ kind: 'failed', line: 1, column: 10 });
    warehouse.close();
  });

  it('S130 integers are exact, blobs are bytes', () => {
    const warehouse = openReadOnlyWarehouse(written());
    const answer = warehouse.ask("SELECT 9007199254740993, 7, x'0aff', 1e999, NULL", LIMITS);
    expect(answer).toMatchObject({
      rows: [[9_007_199_254_740_993n, 7, Buffer.from([10, 255]), Number.POSITIVE_INFINITY, null]],
    });
    warehouse.close();
  });

  it('S131 rows end at the limit, however many there would be', () => {
    const warehouse = openReadOnlyWarehouse(written());
    const endless = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
      SELECT i FROM n`;
    expect(warehouse.ask(endless, { rowsMax: 3, bytesMax: 1_000 })).toMatchObject({
      rows: [[1], [2], [3]],
      cutBy: 'rows',
    });
    warehouse.close();
  });

  it('tells its tables, views and columns', () => {
    const warehouse = openReadOnlyWarehouse(written());
    const tables = warehouse.tables();
    expect(tables.find(({ name }) => name === 'dim_device')).toEqual({
      name: 'dim_device',
      kind: 'table',
      columns: [
        { name: 'device_sk', type: 'INTEGER' },
        { name: 'kind', type: 'TEXT' },
      ],
    });
    expect(tables.find(({ name }) => name === 'metric_funnel')?.kind).toBe('view');
    warehouse.close();
  });

  it('S127 refuses what is no warehouse of this version', () => {
    const directory = folder.fresh();
    const text = join(directory, 'text.sqlite');
    writeFileSync(text, 'no database at all');
    const empty = join(directory, 'empty.sqlite');
    new Database(empty).exec('CREATE TABLE t (a)').close();
    const old = join(directory, 'old.sqlite');
    new Database(old).exec('PRAGMA user_version = 1').close();
    for (const [path, told] of [
      [text, /name a warehouse/],
      [empty, /no warehouse of backlot/],
      [old, `schema version is 1, not ${SCHEMA_VERSION}`],
      [join(directory, 'none.sqlite'), /name a warehouse/],
    ] as const) {
      expect(() => openReadOnlyWarehouse(path), path).toThrow(told);
    }
  });
});
