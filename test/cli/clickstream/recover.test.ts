/** `backlot recover`: once as a process, else in this one. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { RecoverDocument } from '../../../src/experiment/recover/recover.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { backlot, type Outcome } from '../command-line.ts';
import { inProcess } from '../in-process.ts';

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

beforeAll(async () => {
  const spoilt = { ...EVENT, id: 'e2', sequence: '7' };
  folder.write('events.ndjson', [EVENT, spoilt].map((one) => JSON.stringify(one)).join('\n'));
  const steps = [{ op: 'cast', field: 'sequence', to: 'integer' }];
  folder.write('patch.json', JSON.stringify({ schema: 'backlot.patch/1', steps }));
  await inProcess(['ingest', 'events.ndjson', '--warehouse', 'w.sqlite'], { cwd });
});

describe('backlot recover', () => {
  it('W100–W102: dry, then for good, then nothing is left to do', async () => {
    const args = ['recover', 'w.sqlite', '--patch', 'patch.json'];
    const documentOf = ({ code, stdout, stderr }: Outcome) => {
      expect([code, stderr]).toEqual([0, '']);
      return JSON.parse(stdout) as RecoverDocument;
    };
    const run = async (...more: string[]) =>
      documentOf(await inProcess([...args, ...more, '--json'], { cwd }));
    expect(await run('--dry-run')).toMatchObject({ recovered: 1, ledger: { badRowsAfter: 1 } });
    expect(documentOf(backlot([...args, '--json'], { cwd }))).toMatchObject({
      schema: 'backlot.recover/1',
      selected: 1,
      recovered: 1,
      ledger: { badRowsBefore: 1, factsGained: 1, badRowsAfter: 0, residual: 0 },
    });
    expect(await run()).toMatchObject({ selected: 0, recovered: 0 });
    const { stdout: words } = await inProcess(args, { cwd });
    expect(words).toContain('Ledger      bad 0 = facts 0 + duplicates 0 + bad 0 + residual 0');
  });

  it('tells a missing warehouse and a bad patch in one line each', async () => {
    folder.write('bad.json', '{"schema":"backlot.patch/9"}');
    for (const [args, message] of [
      [['recover', 'gone.sqlite'], /^INPUT_UNREADABLE: gone\.sqlite: no such file/],
      [['recover', 'w.sqlite', '--patch', 'bad.json'], /^RECOVERY_BAD_PATCH: schema: /],
    ] as const) {
      const { code, stderr } = await inProcess([...args], { cwd });
      expect(code).toBe(2);
      expect(stderr).toMatch(message);
      expect(stderr.trim()).not.toContain('\n');
    }
  });
});
