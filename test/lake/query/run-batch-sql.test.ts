/** A query in a DuckDB of its own: it reads what it is given and nothing else. */
import { existsSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, test } from 'vitest';
import { runBatchSql } from '../../../src/lake/query/run-batch-sql.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const COLUMNS = {
  name: 'string',
  n: 'integer',
  x: 'double',
  ok: 'boolean',
  at: 'timestamp',
} as const;
const ROWS = [
  { name: "it's 😀", n: 2 ** 53 - 1, x: 0.1, ok: true, at: 1_700_000_000_000_001 },
  { name: null, n: -1, x: null, ok: false, at: 0 },
  { name: '', at: -5 },
];

const folder = temporaryFolder();

describe('W64: runBatchSql', () => {
  test('gives rows back as they were, in their order', async () => {
    const rows = await runBatchSql({
      sql: 'SELECT * FROM "the rows"',
      relations: { 'the rows': { columns: COLUMNS, rows: ROWS } },
    });
    expect(rows).toEqual([ROWS[0], ROWS[1], { name: '', n: null, x: null, ok: null, at: -5 }]);
  });

  test('equal inputs give equal rows, also without an order and with doubles', async () => {
    const rows = Array.from({ length: 5_000 }, (_, i) => ({ n: i % 7, x: 1 / (i + 1) }));
    const run = () =>
      runBatchSql({
        sql: 'SELECT n, sum(x) AS s, count(*) AS c FROM t GROUP BY n',
        relations: { t: { columns: { n: 'integer', x: 'double' }, rows } },
      });
    const [once, again] = [await run(), await run()];
    expect(once).toHaveLength(7);
    expect(JSON.stringify(again)).toBe(JSON.stringify(once));
  });

  test('reads Parquet files in the order given, joined by name', async () => {
    const [a, b] = [folder.path("it's a.parquet"), folder.path('b.parquet')];
    await writeParquet(a, 'SELECT 1::BIGINT AS n UNION ALL SELECT 2');
    await writeParquet(b, "SELECT 'x' AS name, 3::BIGINT AS n");
    const rows = await runBatchSql({
      sql: 'SELECT n, name FROM t',
      relations: { t: { parquetFiles: [b, a] } },
    });
    expect(rows).toEqual([
      { n: 3, name: 'x' },
      { n: 1, name: null },
      { n: 2, name: null },
    ]);
  });

  test('a query reaches no other file and no setting', async () => {
    const secret = folder.write('secret.csv', 'a\n1\n');
    const target = folder.path('out.csv');
    const relations = { t: { columns: { n: 'integer' }, rows: [{ n: 1 }] } } as const;
    for (const sql of [
      `SELECT * FROM read_csv('${secret}')`,
      `COPY t TO '${target}'`,
      'SET enable_external_access = true',
      'INSTALL httpfs',
      `ATTACH '${folder.path('x.db')}'`,
    ]) {
      await expect(runBatchSql({ sql, relations })).rejects.toMatchObject({ code: 'BATCH_FAILED' });
    }
    expect(existsSync(target)).toBe(false);
  });

  test.each([
    ['a wrong query', 'SELEKT 1', 'syntax'],
    ['an unsafe integer', 'SELECT 9007199254740993::BIGINT AS n', 'no safe integer'],
    ['no plain value', "SELECT DATE '2026-01-01' AS d", 'no plain value'],
  ])('%s is refused with its reason', async (_name, sql, reason) => {
    await expect(runBatchSql({ sql, relations: {} })).rejects.toThrow(reason);
  });
});

async function writeParquet(file: string, query: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (${query}) TO '${file.replaceAll("'", "''")}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
}
