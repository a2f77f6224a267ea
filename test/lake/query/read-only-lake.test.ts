/** A lake that is asked: its views and nothing else. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLake } from '../../../src/lake/lake.ts';
import { CURATED_EVENTS } from '../../../src/lake/lake-family.ts';
import { openReadOnlyLake } from '../../../src/lake/query/read-only-lake.ts';
import { fact } from '../../storage/warehouse-builder.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const folder = temporaryFolder();
const LIMITS = { rowsMax: 100, bytesMax: 10_000 };

async function written(): Promise<string> {
  const directory = folder.fresh();
  const lake = await openLake({ directory, job: 'test' });
  const writer = await lake.writer(CURATED_EVENTS);
  for (const id of ['a', 'b', 'c']) writer.append(fact({ id }));
  await lake.commit({ checkpoint: 1, offsets: [] });
  await lake.close();
  return directory;
}

describe('a read-only lake', () => {
  it('S128 answers one question, and opens, writes, loads and sets nothing', async () => {
    const directory = await written();
    const outside = join(folder.fresh(), 'secret.csv');
    writeFileSync(outside, 'word\nsecret\n');
    const target = join(folder.fresh(), 'out.csv');
    const parquet = readdirSync(directory, { recursive: true, encoding: 'utf8' }).find((name) =>
      name.endsWith('.parquet'),
    );
    const own = join(directory, parquet ?? '');
    const before = readFileSync(own);
    const lake = await openReadOnlyLake(directory, []);
    expect(await lake.ask('SELECT count(*) AS n FROM curated_events', LIMITS)).toEqual({
      columns: ['n'],
      rows: [[3]],
    });
    for (const sql of [
      `COPY (SELECT 1) TO '${target}'`,
      `COPY (SELECT 1) TO '${own}' (FORMAT parquet)`,
      `EXPLAIN ANALYZE COPY (SELECT 1) TO '${own}' (FORMAT parquet)`,
      `EXPLAIN (ANALYZE) COPY (SELECT 1) TO '${own}' (FORMAT parquet)`,
      `ATTACH '${target}' AS other`,
      'INSTALL httpfs',
      'LOAD httpfs',
      'SET enable_external_access = true',
      'PRAGMA enable_external_access = true',
      'CREATE TABLE t (a INT)',
      'DELETE FROM title',
      'WITH x AS (SELECT 1) INSERT INTO title SELECT NULL, 1, NULL, 1 FROM x',
      'SELECT 1; SELECT 2',
      `EXPORT DATABASE '${target}'`,
      `SELECT * FROM read_csv('${outside}')`,
      `FROM '${outside}'`,
      `SELECT * FROM read_text('${outside}')`,
      `SELECT * FROM glob('${folder.fresh()}/*')`,
      '',
    ]) {
      expect(await lake.ask(sql, LIMITS), sql).toMatchObject({ kind: 'refused' });
    }
    const through = `SELECT * FROM query('COPY (SELECT 1) TO ''${target}''')`;
    expect(await lake.ask(through, LIMITS)).toHaveProperty('reason');
    lake.close();
    expect(existsSync(target)).toBe(false);
    expect(readFileSync(own).equals(before)).toBe(true);
  });

  it('S128 an error has its place; S130 values are honest; S131 rows end', async () => {
    const lake = await openReadOnlyLake(await written(), []);
    expect(await lake.ask('SELECT 1,\n  nope FROM curated_events', LIMITS)).toMatchObject({
      kind: 'failed',
      line: 2,
      column: 3,
    });
    const long = `SELECT ${"'x', ".repeat(60)} nope FROM curated_events`;
    expect(await lake.ask(long, LIMITS)).toMatchObject({
      line: 1,
      column: long.indexOf('nope') + 1,
    });
    const values = `SELECT 9007199254740993, 170141183460469231731687303715884105727::HUGEINT,
      'NaN'::DOUBLE, DATE '2026-11-20', 1.25::DECIMAL(9, 4), '\\x0a'::BLOB, [1, 2], true`;
    const answer = await lake.ask(values, LIMITS);
    expect('rows' in answer ? answer.rows[0] : answer).toEqual([
      9_007_199_254_740_993n,
      170_141_183_460_469_231_731_687_303_715_884_105_727n,
      Number.NaN,
      '2026-11-20',
      1.25,
      new Uint8Array([10]),
      '[1, 2]',
      true,
    ]);
    const cut = await lake.ask('FROM range(1000000000)', { rowsMax: 2, bytesMax: 1_000 });
    expect(cut).toMatchObject({ rows: [[0], [1]], cutBy: 'rows' });
    lake.close();
  });

  it('has the titles that it is told', async () => {
    const titles = [{ titleId: 't1', runtimeSeconds: 60, kind: 'film', releaseUs: null }];
    const lake = await openReadOnlyLake(await written(), titles);
    expect(await lake.ask('FROM title_runtime', LIMITS)).toMatchObject({
      rows: [['t1', 60, 'film']],
    });
    expect(await lake.ask('FROM title_release', LIMITS)).toMatchObject({ rows: [] });
    expect((await lake.tables()).map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'curated_events view',
      'title table',
      'title_release view',
      'title_runtime view',
    ]);
    lake.close();
    await expect(openReadOnlyLake(folder.fresh(), [])).rejects.toThrow('there is no lake');
  });
});
