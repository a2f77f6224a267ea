/** `backlot recover` as a process. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { RecoverDocument } from '../../../src/experiment/recover/recover.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { backlot } from '../command-line.ts';

const folder = temporaryFolder();
const cwd = folder.path('.');
const EVENT = {
  id: 'e1',
  type: 'media.play',
  subject: 'v1',
  sessionId: 's1',
  sequence: 0,
  eventTimeUs: 1_795_204_800_000_000,
  data: { titleId: 't1' },
};

beforeAll(() => {
  const spoilt = { ...EVENT, id: 'e2', sequence: '7' };
  folder.write('events.ndjson', [EVENT, spoilt].map((one) => JSON.stringify(one)).join('\n'));
  const steps = [{ op: 'cast', field: 'sequence', to: 'integer' }];
  folder.write('patch.json', JSON.stringify({ schema: 'backlot.patch/1', steps }));
  backlot(['ingest', 'events.ndjson', '--warehouse', 'w.sqlite'], { cwd });
});

describe('backlot recover', () => {
  it('W100–W102: dry, then for good, then nothing is left to do', () => {
    const args = ['recover', 'w.sqlite', '--patch', 'patch.json'];
    const run = (...more: string[]) => {
      const { code, stdout, stderr } = backlot([...args, ...more, '--json'], { cwd });
      expect([code, stderr]).toEqual([0, '']);
      return JSON.parse(stdout) as RecoverDocument;
    };
    expect(run('--dry-run')).toMatchObject({ recovered: 1, ledger: { badRowsAfter: 1 } });
    expect(run()).toMatchObject({
      schema: 'backlot.recover/1',
      selected: 1,
      recovered: 1,
      ledger: { badRowsBefore: 1, factsGained: 1, badRowsAfter: 0, residual: 0 },
    });
    expect(run()).toMatchObject({ selected: 0, recovered: 0 });
    const words = backlot(args, { cwd }).stdout;
    expect(words).toContain('Ledger      bad 0 = facts 0 + duplicates 0 + bad 0 + residual 0');
  });

  it('tells a missing warehouse and a bad patch in one line each', () => {
    folder.write('bad.json', '{"schema":"backlot.patch/9"}');
    for (const [args, message] of [
      [['recover', 'gone.sqlite'], /^INPUT_UNREADABLE: gone\.sqlite: no such file/],
      [['recover', 'w.sqlite', '--patch', 'bad.json'], /^RECOVERY_BAD_PATCH: schema: /],
    ] as const) {
      const { code, stderr } = backlot([...args], { cwd });
      expect(code).toBe(2);
      expect(stderr).toMatch(message);
      expect(stderr.trim()).not.toContain('\n');
    }
  });
});
