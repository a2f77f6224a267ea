/** `backlot backfill`: once as a process, else in this one. */
import { describe, expect, it } from 'vitest';
import type { BackfillDocument } from '../../../src/experiment/result.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { backlot } from '../command-line.ts';
import { inProcess } from '../in-process.ts';

const folder = temporaryFolder();
const cwd = folder.path('.');

describe('backlot backfill', () => {
  it('E51: reprocesses the lake of an ingestion; the second time changes nothing', async () => {
    folder.write(
      'access.log',
      '192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 200 500 "-" "Mozilla/5.0"\n',
    );
    const ingested = await inProcess(['ingest', 'access.log', '--lake', 'lake'], { cwd });
    expect([ingested.code, ingested.stderr]).toEqual([0, '']);
    const args = ['backfill', 'lake', '--warehouse', 'w.sqlite'];
    const { code, stdout, stderr } = backlot([...args, '--json'], { cwd });
    expect([code, stderr]).toEqual([0, '']);
    const document = JSON.parse(stdout) as BackfillDocument;
    expect(document).toMatchObject({
      schema: 'backlot.backfill/1',
      read: 1,
      stored: 1,
      isUnchanged: false,
      ledger: { events: { residual: 0 } },
    });
    const { stdout: again } = await inProcess(args, { cwd });
    expect(again).toContain('Stored      1 facts');
    expect(again).toContain('w.sqlite: as it was, to the byte');
  });

  it('E7: what is wrong is one line with a code and a remedy', async () => {
    for (const [args, told] of [
      [['nowhere', '--warehouse', 'w2.sqlite'], 'LAKE_UNREADABLE: nowhere: there is no lake'],
      [['lake'], 'CLI_USAGE: required option'],
      [['lake', '--warehouse', 'w', '--from', 'noon'], '"noon" is no time; write it like'],
    ] as const) {
      const { code, stdout, stderr } = await inProcess(['backfill', ...args], { cwd });
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain(told);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    }
  });
});
