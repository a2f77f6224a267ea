/** `backlot advise`: what it prints and keeps, where it ends, and what it refuses. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/cli/exit-codes.ts';
import type { AdviceDocument } from '../../../src/experiment/advise/advice-document.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { TINY_SCENARIO } from '../command-line.ts';
import { inProcess } from '../in-process.ts';

const folder = temporaryFolder();
const tiny = TINY_SCENARIO.replace('viewers: 24', 'viewers: 6').replace('minutes(6)', 'minutes(2)');
const promised = (objectives: string) =>
  tiny.replace('seed:', `objectives: [${objectives}],\n  seed:`);
folder.write('tiny.ts', tiny);
folder.write('promised.ts', promised(`'p50(page.load) < 60s'`));
const cwd = folder.path('.');
const MONOLITH = ['--architecture', 'monolith', '--replications', '2', '--threads', '1'];

describe('advise', () => {
  it('M198, M199: prints the advice, keeps it, and goes on from a journal', async () => {
    const ask = ['advise', 'promised.ts', ...MONOLITH, '--out', 'out', '--progress', 'none'];
    const ended = await inProcess([...ask, '--budget', '4', '--no-report'], { cwd });
    expect(ended.code).toBe(EXIT.budget);
    expect(ended.stdout).toMatch(/The budget of runs was used up/);
    const { code, stdout } = await inProcess(
      [...ask, '--resume', 'out', '--actions', '1', '--json', '--report', 'advice.html'],
      { cwd },
    );
    expect(code).toBe(EXIT.ok);
    const document = JSON.parse(stdout) as AdviceDocument;
    expect(document).toMatchObject({
      schema: 'backlot.advice/1',
      verdict: 'needs nothing',
      hasDefaultPrices: true,
      subject: { name: 'monolith' },
    });
    expect(document.runs.found).toBe(4);
    expect(document.replayCommand).toContain('--architecture monolith --actions 1');
    expect(readdirSync(folder.path('out'))).toEqual(
      expect.arrayContaining(['advice.json', 'journal.ndjson', 'report.html']),
    );
    expect(readFileSync(folder.path('advice.html'), 'utf8')).toContain('what should be done');
    const again = await inProcess(['report', 'out', '--summary'], { cwd });
    expect(again.stdout).toMatch(/What should be done/);
  });

  it.each([
    [['tiny.ts', ...MONOLITH], EXIT.scenario, /SCENARIO_UNPLANNABLE.*objectives: found none/],
    [['promised.ts'], EXIT.usage, /name it with --architecture; there are monolith, direct/],
    [['promised.ts', '--architecture', 'monlith'], EXIT.usage, /did you mean "monolith"/],
    [['promised.ts', ...MONOLITH, '--shard', '0/2'], EXIT.usage, /--shard: each step/],
    [
      ['promised.ts', ...MONOLITH, '--try', 'services.movie=1'],
      EXIT.usage,
      /--try: services.movie/,
    ],
  ])('M180: %j ends with %i', async (args, wanted, message) => {
    const { code, stderr } = await inProcess(['advise', ...args, '--out', 'refused'], { cwd });
    expect(stderr).toMatch(message);
    expect(code).toBe(wanted);
    expect(readdirSync(cwd)).not.toContain('refused');
  });
});
