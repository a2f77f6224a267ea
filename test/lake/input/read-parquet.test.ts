/** Anybody's Parquet file as plain rows. */
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { readParquetRows } from '../../../src/lake/input/read-parquet.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const folder = temporaryFolder();

async function writeParquet(name: string, select: string): Promise<string> {
  const path = folder.path(name);
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  await connection.run(`COPY (${select}) TO '${path.replaceAll("'", "''")}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  return path;
}

async function rowsOf(path: string): Promise<readonly unknown[]> {
  const rows: unknown[] = [];
  for await (const row of readParquetRows(path)) rows.push(row);
  return rows;
}

describe('readParquetRows', () => {
  it('E40 gives text, numbers, times with microseconds, bytes, lists and objects', async () => {
    const path = await writeParquet(
      'all.parquet',
      `SELECT 'a' AS "odd ""name""", 9007199254740991::BIGINT AS safe,
       9007199254740993::BIGINT AS beyond, 1.5::DOUBLE AS real, 'nan'::DOUBLE AS nan,
       TIMESTAMP '2026-11-20 20:00:00.123456' AS at, DATE '2026-11-20' AS day,
       TIMESTAMPTZ '2026-11-20 20:00:00.000001+00' AS zoned, true AS yes, NULL::INTEGER AS nothing,
       '\\xFF\\x00'::BLOB AS bytes, [1, NULL, 3] AS list, {'x': 1, 'y': NULL::INTEGER} AS inner`,
    );
    expect(await rowsOf(path)).toEqual([
      {
        'odd "name"': 'a',
        safe: 9_007_199_254_740_991,
        beyond: '9007199254740993',
        real: 1.5,
        at: '2026-11-20T20:00:00.123456Z',
        day: '2026-11-20T00:00:00.000Z',
        zoned: '2026-11-20T20:00:00.000001Z',
        yes: true,
        bytes: '/wA=',
        list: [1, null, 3],
        inner: { x: 1 },
      },
    ]);
  });

  it('E40 keeps the order of many rows', async () => {
    const path = await writeParquet('many.parquet', 'SELECT range AS i FROM range(300000)');
    let next = 0;
    for await (const { i } of readParquetRows(path)) {
      if (i !== next) expect(i).toBe(next);
      next += 1;
    }
    expect(next).toBe(300_000);
  });

  it('reads one file, whatever its name looks like', async () => {
    await writeParquet('ab.parquet', 'SELECT 1 AS i');
    const path = await writeParquet("a*'[b]?.parquet", 'SELECT 2 AS i');
    expect(await rowsOf(path)).toEqual([{ i: 2 }]);
  });

  it('says so of what is no Parquet', async () => {
    const path = folder.write('none.parquet', 'PAR1 rubbish PAR1');
    await expect(rowsOf(path)).rejects.toThrow(/^INPUT_UNREADABLE: .*it is no Parquet file/);
  });
});
