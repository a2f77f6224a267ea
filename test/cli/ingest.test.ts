/** `backlot ingest` as a process. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { IngestDocument } from '../../src/experiment/result.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { backlot } from './command-line.ts';

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
  it('E8: prints the figures, as a document and in words, twice the same', () => {
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
    const again = backlot(['ingest', 'access.log', '--json'], { cwd });
    expect(JSON.parse(again.stdout)).toEqual(document);
    const words = backlot(['ingest', 'access.log', '--warehouse', 'w.sqlite'], { cwd }).stdout;
    expect(words).toContain('Stored      2 rows, 1 subjects');
    expect(words).toContain('Warehouse: w.sqlite');
  });
});
