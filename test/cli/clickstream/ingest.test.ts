/** `backlot ingest`: once as a process, else in this one. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/cli/exit-codes.ts';
import type { IngestDocument } from '../../../src/experiment/result.ts';
import { openWarehouse } from '../../../src/storage/warehouse.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { backlot } from '../command-line.ts';
import { inProcess } from '../in-process.ts';

const folder = temporaryFolder();
const cwd = folder.path('.');

const LOG = [
  '192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 200 500 "-" "Mozilla/5.0"',
  '192.0.2.7 - - [17/May/2015:10:05:04 +0000] "GET /b HTTP/1.1" 404 - "-" "Mozilla/5.0"',
  '192.0.2.8 - - [17/May/2015:10:05:05 +0000] "GET /c HTTP/1.1" 200 20 "-" "Mozilla/5.0',
].join('\n');

beforeAll(() => {
  folder.write('access.log', LOG);
});

describe('backlot ingest', () => {
  it('E8: prints the figures, as a document and in words, twice the same', async () => {
    const { code, stdout, stderr } = backlot(['ingest', 'access.log', '--json'], { cwd });
    expect([code, stderr]).toEqual([0, '']);
    const document = JSON.parse(stdout) as IngestDocument;
    expect(document).toMatchObject({
      schema: 'backlot.ingest/1',
      read: 3,
      stored: 2,
      badRows: 1,
      statuses: { '200': 1, '404': 1 },
      bytes: 500,
      hosts: 1,
    });
    expect(stdout).not.toContain('192.0.2');
    const again = await inProcess(['ingest', 'access.log', '--json'], { cwd });
    expect(JSON.parse(again.stdout)).toEqual(document);
    const { stdout: words } = await inProcess(['ingest', 'access.log', '--warehouse', 'w.sqlite'], {
      cwd,
    });
    expect(words).toContain('Stored      2 rows, 1 subjects');
    expect(words).toContain('Warehouse: w.sqlite');
  });

  it('W148: runs plans of files, with their functions, and says what they told', async () => {
    folder.write(
      'sections.ts',
      `import { count, defineFunction, enrichedEvents, minutes, pipeline, tumbling } from
        'backlot/streams';
      const section = defineFunction({ name: 'section', version: 1, args: ['string'],
        returns: 'string', body: (path) => {
          if (path === '/b') throw new Error('secret');
          return path.slice(0, 2);
        } });
      export const functions = [section];
      export const plan = pipeline('sections').from(enrichedEvents({ boundUs: minutes(60) }))
        .map((f) => ({ section: section.of(f.path), status: f.status }))
        .window(tumbling(minutes(1)))
        .groupBy((f) => ({ section: f.section }))
        .aggregate({ requests: count() })
        .sink('sections', { mode: 'upsert', key: ['section', 'window_start'] });`,
    );
    const ingest = (plan: string, ...more: string[]) =>
      inProcess(['ingest', 'access.log', '--warehouse', 'p.sqlite', '--pipeline', plan, ...more], {
        cwd,
      });
    const { code, stdout, stderr } = await ingest('sections.ts');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Pipeline {4}sections: 1 results, 1 rows aside$/m);
    const warehouse = openWarehouse({ path: folder.path('p.sqlite') });
    const [row] = warehouse.query('SELECT row, event_time_us FROM pipeline_result');
    expect(JSON.parse(String(row?.['row']))).toMatchObject({ section: '/a', requests: 1 });
    expect(warehouse.query('SELECT output, reason FROM pipeline_side_output')).toEqual([
      { output: '(rejected)', reason: 'function section failed' },
    ]);
    warehouse.close();
    expect(JSON.parse((await ingest('sections.ts', '--json')).stdout).pipelines).toHaveLength(1);

    const top = join(import.meta.dirname, '../../../pipelines/top-titles.ts');
    const refused = await ingest(top);
    expect([refused.code, refused.stdout]).toEqual([EXIT.usage, '']);
    expect(refused.stderr).toMatch(
      /^PLAN_INVALID: plan "top-titles": source.name: "playback": must be enriched_event\n$/,
    );
  });
});
