/** `backlot explain`: once run as users run it, then in this process. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/cli/exit-codes.ts';
import { backlot } from '../command-line.ts';
import { inProcess } from '../in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'backlot-explain-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('backlot explain', () => {
  it('prints a pipeline of the project in words', () => {
    const { code, stdout, stderr } = backlot(['explain', 'pipelines/top-titles.ts']);
    expect([code, stderr]).toEqual([EXIT.ok, '']);
    expect(stdout).toContain('3. windows, tumbling 1 min, by title_id');
    expect(stdout).toMatch(/^feature +rx +duckdb +sqlite +flink-sql +kafka-streams$/m);
  });

  it('knows the plans that the pipeline runs by itself by their names', async () => {
    const { code, stdout, stderr } = await inProcess(['explain', 'plays_1m']);
    expect([code, stderr]).toEqual([EXIT.ok, '']);
    expect(stdout).toMatch(/^pipeline plays_1m/);
    expect(stdout).toContain('windows, tumbling 1 min, by key');
    const hourly = await inProcess(['explain', 'records_1h', '--target', 'sqlite']);
    expect(hourly.stdout).toContain("'record.ingested'");
  });

  it('prints JSON that it reads again', async () => {
    const first = await inProcess([
      'explain',
      'pipelines/hot-items.ts',
      '--json',
      '--target',
      'rx',
    ]);
    const document = JSON.parse(first.stdout);
    expect(document.schema).toBe('backlot.explain/1');
    expect(document.capabilities[0]).toEqual({
      feature: 'watermark-bounded',
      paths: ['source'],
      targets: { rx: { support: 'yes' } },
    });
    const path = file('plan.json', JSON.stringify(document.plan));
    const second = await inProcess(['explain', path, '--json', '--target', 'rx']);
    expect(second.stdout).toBe(first.stdout);
  });

  it('prints SQL that says above itself what it does', async () => {
    const flink = await inProcess(['explain', 'pipelines/top-titles.ts', '--target', 'flink-sql']);
    expect([flink.code, flink.stderr]).toEqual([EXIT.ok, '']);
    expect(flink.stdout).toMatch(/^-- pipeline top-titles\n--\n-- source playback: id string/);
    expect(flink.stdout).toMatch(/^INSERT INTO `title_top`$/m);
    const update = ['explain', 'pipelines/top-titles.ts', '--target', 'flink-sql', '--variant'];
    expect((await inProcess([...update, 'update'])).stdout).toContain(
      'table.exec.emit.allow-lateness',
    );
    const json = await inProcess([
      'explain',
      'pipelines/hot-items.ts',
      '--target',
      'duckdb',
      '--json',
    ]);
    const document = JSON.parse(json.stdout);
    expect(document.sql).toMatch(/^WITH|^-- hot_items$/m);
    expect(document.warnings.join()).toContain('watermark-bounded');
    const sqlite = await inProcess(['explain', 'pipelines/start-up.ts', '--target', 'sqlite']);
    expect(sqlite.stdout).toMatch(/^-- slow_starts$/m);
  });

  it('tells about each target of the table, also of those without SQL', async () => {
    const kafka = await inProcess([
      'explain',
      'pipelines/hot-items.ts',
      '--target',
      'kafka-streams',
    ]);
    expect([kafka.code, kafka.stderr]).toEqual([EXIT.ok, '']);
    expect(kafka.stdout).toContain('~ top-n: a processor with a sorted store');
  });

  it('refuses a target that cannot take the plan, in one line', async () => {
    const { code, stderr } = await inProcess([
      'explain',
      'pipelines/start-up.ts',
      '--target',
      'flink-sql',
    ]);
    expect(code).toBe(EXIT.usage);
    expect(stderr).toMatch(
      /^PLAN_UNSUPPORTED: plan "start-up" cannot go to flink-sql: [^\n]*quantile[^\n]*\n$/,
    );
  });

  it('refuses what is no plan, in one line', async () => {
    const wrong = file('wrong.json', '{"schema": "backlot.pipeline/1", "name": "x"}');
    const cases: readonly (readonly [string, RegExp])[] = [
      ['none.ts', /^PLAN_UNREADABLE: none\.ts: no such file; name an existing one[^\n]*\n$/],
      ['pipelines', /^PLAN_UNREADABLE: pipelines: a folder; name one file in it\n$/],
      [file('broken.json', '{'), /^PLAN_UNREADABLE: [^\n]*not valid JSON[^\n]*\n$/],
      [
        file('empty.mjs', 'export const a = 1;'),
        /^PLAN_UNREADABLE: [^\n]*exports no plan[^\n]*\n$/,
      ],
      [
        file('bad.mjs', 'import "none-such";'),
        /^PLAN_UNREADABLE: [^\n]*cannot be imported[^\n]*\n$/,
      ],
      [wrong, /^PLAN_INVALID: plan "x": [^\n]*source[^\n]*steps[^\n]*\n$/],
    ];
    for (const [path, message] of cases) {
      const { code, stderr, stdout } = await inProcess(['explain', path]);
      expect(stderr).toMatch(message);
      expect([code, stdout]).toEqual([EXIT.usage, '']);
    }
    const spark = await inProcess(['explain', 'pipelines/hot-items.ts', '--target', 'spark']);
    expect(spark.stderr).toMatch(/^CLI_USAGE: [^\n]*spark[^\n]*\n$/);
  });
});
