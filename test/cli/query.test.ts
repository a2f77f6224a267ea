/** `backlot query`, end to end: a run's folder, metrics, SQL, formats, refusals. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { fact, writeWarehouse } from '../storage/warehouse-builder.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { backlot } from './command-line.ts';
import { inProcess } from './in-process.ts';

const folder = temporaryFolder();

/** A folder with one warehouse, of three events; one has a hostile name. */
function written(): string {
  const directory = folder.fresh();
  const hostile = { ...fact({ id: 'c', subject: '=1+1' }), deviceKind: '\u001b[31mred\u202e' };
  const events = [fact({ id: 'a' }), fact({ id: 'b', subject: 'v2' }), hostile];
  writeWarehouse(join(directory, 'warehouse-one.sqlite'), events);
  return directory;
}

const cwd = written();
const query = (...args: string[]) => inProcess(['query', ...args], { cwd });

describe('backlot query', () => {
  it('S129 finds the only warehouse of a folder, and names several', async () => {
    const { code, stdout, stderr } = backlot(['query', '.', '--metric', 'daily_users'], { cwd });
    expect([code, stderr]).toEqual([
      EXIT.ok,
      'note: .: the only warehouse there is warehouse-one.sqlite\n',
    ]);
    expect(stdout).toMatch(/^daily_users: Distinct subjects a UTC day\. \[users\]\nday +users\n/);
    const both = folder.fresh();
    for (const name of ['warehouse-a.sqlite', 'warehouse-b.sqlite']) {
      copyFileSync(join(cwd, 'warehouse-one.sqlite'), join(both, name));
    }
    const several = await inProcess(['query', both, '--list']);
    expect(several.code).toBe(EXIT.usage);
    expect(several.stderr).toContain(`${both}/warehouse-a.sqlite, ${both}/warehouse-b.sqlite`);
    const none = await inProcess(['query', folder.fresh(), '--list']);
    expect(none.stderr).toContain('neither a warehouse (*.sqlite) nor a lake');
    mkdirSync(join(both, 'lake'));
    expect((await inProcess(['query', join(both, 'nothing'), '--list'])).code).toBe(EXIT.usage);
  });

  it('S130 prints JSON, NDJSON and CSV that nothing obeys', async () => {
    const sql =
      'SELECT subject, device_kind AS kind, 0.1 + 0.2 AS sum FROM curated_events ORDER BY 1';
    const json = await query('.', '--sql', sql, '--json');
    for (const unseen of ['\u001b', '\u202e']) expect(json.stdout).not.toContain(unseen);
    const document = JSON.parse(json.stdout);
    expect(document).toMatchObject({ schema: 'backlot.query/1', source: 'warehouse-one.sqlite' });
    expect(document.answers[0].rows[0]).toEqual(['=1+1', '\u001b[31mred\u202e', 0.1 + 0.2]);
    const ndjson = await query('.', '--sql', sql, '--format', 'ndjson');
    expect(
      ndjson.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).subject),
    ).toEqual(['=1+1', 'v1', 'v2']);
    const csv = await query('.', '--sql', sql, '--format', 'csv');
    expect(csv.stdout.split('\r\n')[1]).toBe("'=1+1,\ufffd[31mred\u202e,0.30000000000000004");
    const table = await query('.', '--sql', sql);
    expect(table.stdout).toContain('\\x1b[31mred\\u202e');
    expect(table.stdout).not.toContain('\u001b');
  });

  it('S131 tells of limits without an order, of rows cut off, and of no data', async () => {
    const limited = await query('.', '--sql', 'SELECT subject FROM curated_events LIMIT 1');
    expect(limited.stderr).toContain('a limit without ORDER BY');
    const cut = await query(
      '.',
      '--sql',
      'SELECT 1 FROM curated_events ORDER BY 1',
      '--limit',
      '2',
    );
    expect(cut.stderr).toContain('cut after 2 rows');
    expect(cut.stderr).not.toContain('ORDER BY');
    const nothing = await query('.', '--metric', 'slot_rates', '--metric', 'daily_users');
    expect(nothing.code).toBe(EXIT.inconclusive);
    expect(nothing.stderr).toContain('no data: the metric "slot_rates"');
    expect(nothing.stdout).toContain('no rows');
  });

  it('S128 refuses, and says where an error lies', async () => {
    for (const [args, told] of [
      [['--sql', 'DROP TABLE fact_event'], 'QUERY_REFUSED: SQL: DROP is no question'],
      [['--sql', 'SELECT nope'], 'QUERY_FAILED: SQL at line 1, column 8: no such column: nope'],
      [['--metric', 'funel'], 'did you mean "funnel"?'],
      [[], 'ask something'],
      [['--list', '--metric', 'funnel'], 'leave the question out'],
      [['--metric', 'funnel', '--sql', 'SELECT 1', '--format', 'csv'], 'one table'],
      [['--sql', 'SELECT 1', '--where', 'true'], 'it is for metrics'],
      [['--sql', 'SELECT 1', '--file', 'q.sql'], 'give the question once'],
      [['--file', 'nope.sql'], 'cannot be read'],
    ] as const) {
      const { code, stdout, stderr } = await query('.', ...args);
      expect([code, stdout], told).toEqual([EXIT.usage, '']);
      expect(stderr).toContain(told);
      expect(
        stderr
          .trim()
          .split('\n')
          .filter((line) => !line.startsWith('note:')),
      ).toHaveLength(1);
    }
  });

  it('asks what is in a file, and lists what can be asked', async () => {
    writeFileSync(join(cwd, 'q.sql'), '-- how many\nSELECT count(*) AS n FROM curated_events;\n');
    expect((await query('.', '--file', 'q.sql')).stdout).toBe('n\n3\n');
    const list = await query('.', '--list');
    expect(list.stdout).toMatch(/funnel \[sessions, s\]\n {4}Sessions that saw the home page/);
    expect(list.stdout).toMatch(/dim_device\n {4}device_sk INTEGER, kind TEXT/);
    const document = JSON.parse((await query('.', '--list', '--json')).stdout);
    expect(document.schema).toBe('backlot.query-list/1');
  });
});
