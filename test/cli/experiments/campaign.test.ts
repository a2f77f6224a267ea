/** Campaigns on the command line: shards and their merge, budgets, interruptions, and going
 * on. All in this process but what a signal ends. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/cli/exit-codes.ts';
import type { CompareDocument } from '../../../src/experiment/result.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { LAUNCHER, type Outcome, TINY_SCENARIO } from '../command-line.ts';
import { inProcess } from '../in-process.ts';

const folder = temporaryFolder();
const cwd = folder.path('.');
const COMPARE = [
  'compare',
  'tiny.ts',
  '--threads',
  '1',
  '--arch',
  'monolith,federated',
  '--replications',
  '3',
];

const SHORT = TINY_SCENARIO.replace('minutes(6)', 'minutes(2)').replace(
  'viewers: 24',
  'viewers: 8',
);

beforeAll(() => {
  folder.write('tiny.ts', SHORT);
});

function bytes(path: string): string {
  return readFileSync(folder.path(path), 'utf8');
}

describe('shards', () => {
  it('E156: merged are the whole, to the bit, and gaps are refused with their list', async () => {
    const shards: Outcome[] = [];
    for (const index of [0, 1]) {
      const shard = ['--shard', `${index}/2`, '--out', `shard-${index}`];
      shards.push(await inProcess([...COMPARE, ...shard], { cwd }));
    }
    expect(shards.map(({ code }) => code)).toEqual([0, 0]);
    expect(shards[0]?.stderr).toMatch(/3 samples in shard-0.*backlot merge/);
    expect(readdirSync(folder.path('shard-0'))).toEqual(['journal.ndjson', 'scenario.json']);

    const gaps = await inProcess(['merge', 'shard-1', '--out', 'merged'], { cwd });
    expect(gaps.code).toBe(EXIT.usage);
    expect(gaps.stderr).toMatch(/^JOURNAL_MERGE: missing: monolith, replication 0 .*replication 2/);
    expect(readdirSync(cwd)).not.toContain('merged');

    const merged = await inProcess(['merge', 'shard-1', 'shard-0', '--out', 'merged', '--json'], {
      cwd,
    });
    expect([merged.code, merged.stderr]).toEqual([0, '']);
    const whole = await inProcess([...COMPARE, '--out', 'whole', '--threads', '1', '--json'], {
      cwd,
    });
    expect(merged.stdout).toBe(whole.stdout);
    for (const name of ['compare.json', 'journal.ndjson', 'report.html', 'scenario.json']) {
      expect(bytes(`merged/${name}`)).toBe(bytes(`whole/${name}`));
    }
  });

  it('E156: take a list that is known beforehand', async () => {
    const shard = ['--shard', '0/2', '--precision', '2%'];
    const { code, stderr } = await inProcess(['compare', 'tiny.ts', ...shard], { cwd });
    expect([code, stderr]).toEqual([
      EXIT.usage,
      expect.stringMatching(/^CLI_USAGE: a shard takes/),
    ]);
  });
});

describe('a budget', () => {
  it('E155: ends with 7 and a document of what there is; the next time goes on', async () => {
    const short = ['--no-report', '--max-runs', '5', '--out', 'short', '--json'];
    const first = await inProcess([...COMPARE, ...short], { cwd });
    expect(first.code).toBe(EXIT.budget);
    const document = JSON.parse(first.stdout) as CompareDocument;
    expect(document.stopping).toMatchObject({ stopped: 'budget', replications: [0, 1] });
    expect(first.stderr).toMatch(/5 samples are kept.*--resume short/);
    const resumed = await inProcess(
      [...COMPARE, '--resume', 'short', '--max-runs', '1', '--json'],
      {
        cwd,
      },
    );
    expect(resumed.code).toBe(0);
    expect(resumed.stderr).toContain('5 samples are in the journal of before');
    expect((JSON.parse(resumed.stdout) as CompareDocument).replications).toBe(3);
  });
});

describe('what outweighs a budget', () => {
  it('E155: a missed objective, told by the samples that there are, is 4 and not 7', async () => {
    const objectives = "objectives: ['max(page.load) < 1ms'],";
    const named = `name: 'missed', ${objectives}`;
    folder.write('missed.ts', SHORT.replace("name: 'tiny',", named));
    const budget = ['--max-runs', '2', '--no-report', '--threads', '1', '--out', 'missed'];
    const args = ['compare', 'missed.ts', '--arch', 'monolith', '--replications', '3'];
    const { code, stderr } = await inProcess([...args, ...budget], { cwd });
    expect(stderr).toContain('The budget is used up: 2 samples are kept');
    expect(code).toBe(EXIT.objective);
  });
});

describe('a journal of another scenario', () => {
  it('E155: is not gone on with: its results would be replaced', async () => {
    const before = bytes('missed/journal.ndjson');
    const { code, stderr } = await inProcess([...COMPARE, '--resume', 'missed'], { cwd });
    expect(code).toBe(EXIT.usage);
    expect(stderr).toMatch(/^JOURNAL_UNREADABLE: .*scenario "missed", not of "tiny"/);
    expect(bytes('missed/journal.ndjson')).toBe(before);
    expect(readdirSync(cwd).filter((name) => name.startsWith('missed'))).toEqual([
      'missed',
      'missed.ts',
    ]);
  });
});

describe('an interruption', () => {
  it('E155: ends with 130 and a valid partial result, and nothing half-written', {
    timeout: 180_000,
  }, async () => {
    const what = ['compare', 'tiny.ts', '--arch', 'monolith,direct', '--threads', '2'];
    const args = [...what, '--replications', '500', '--out', 'stopped', '--json'];
    const child = spawn(process.execPath, [LAUNCHER, ...args], { cwd });
    const output = { stdout: '', stderr: '' };
    child.stderr.on('data', (data: Buffer) => {
      output.stderr += data.toString();
    });
    let isAsked = false;
    const journal = folder.path('stopped.journal.ndjson');
    const code = await new Promise<number | null>((resolve) => {
      child.stdout.on('data', (data: Buffer) => {
        output.stdout += data.toString();
      });
      const poll = setInterval(() => {
        if (isAsked || linesOf(journal) < 9) return;
        isAsked = true;
        child.kill('SIGINT');
      }, 20);
      child.on('close', (exit) => {
        clearInterval(poll);
        resolve(exit);
      });
    });
    expect(code).toBe(EXIT.interrupted);
    expect(output.stderr).toMatch(/Stopping.*Interrupted: \d+ samples are kept/s);
    const document = JSON.parse(output.stdout) as CompareDocument;
    expect(document.stopping).toMatchObject({ decision: 'stopped', stopped: 'interrupted' });
    expect(document.replications).toBeGreaterThanOrEqual(2);
    expect(document.replications).toBeLessThan(500);
    expect(readdirSync(cwd).filter((name) => name.startsWith('stopped'))).toEqual(['stopped']);
    expect(readdirSync(folder.path('stopped')).sort()).toEqual([
      'compare.json',
      'journal.ndjson',
      'report.html',
      'scenario.json',
    ]);
    expect(JSON.parse(bytes('stopped/compare.json'))).toEqual(document);
  });
});

function linesOf(path: string): number {
  try {
    return readFileSync(path, 'utf8').split('\n').length;
  } catch {
    return 0;
  }
}
