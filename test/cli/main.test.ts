/** Everything a user can get wrong: one line with a code and a remedy, the right exit code, and
 * nothing half-written left behind. One case of each exit code is a process of its own. */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { backlot, LAUNCHER, TINY_SCENARIO } from './command-line.ts';
import { inProcess } from './in-process.ts';

const folder = temporaryFolder();
const cwd = folder.path('.');

const LOG_LINE = '1.2.3.4 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 5\n';

beforeAll(() => {
  folder.write('tiny.ts', TINY_SCENARIO);
  folder.write('empty', '');
  folder.write('syntax.ts', 'export const scenario = {');
  folder.write('nothing.ts', 'export const other = 1;');
  folder.write('unknown-key.ts', TINY_SCENARIO.replace('audience:', 'audiense: {}, audience:'));
  folder.write('negative.ts', TINY_SCENARIO.replace('viewers: 24', 'viewers: -24'));
  folder.write(
    'unreachable.ts',
    TINY_SCENARIO.replace('catalogue:', 'services: { reviews: {} as never }, catalogue:'),
  );
  folder.write(
    'endless.ts',
    TINY_SCENARIO.replace('catalogue:', 'limits: { maxEvents: 50 }, catalogue:'),
  );
  folder.write('no-counts.csv', 'a,b\n1,2\n');
  folder.write('negative-counts.csv', 'period,count\n2026-01-01,-3\n2026-01-02,3\n');
  folder.write('cut.log.gz', gzipSync(LOG_LINE.repeat(5_000)).subarray(0, 200));
  mkdirSync(folder.path('mine'));
  writeFileSync(folder.path('mine/thesis.txt'), 'years of work');
});

/** Those that a process of its own shows: Node says what is wrong, or a run was under way. */
const AS_PROCESS = new Set(['a syntax error', 'a model past its limits', 'a missing log']);

const CASES: readonly (readonly [string, readonly string[], number, RegExp])[] = [
  [
    'a missing scenario',
    ['run', 'missing.ts'],
    EXIT.scenario,
    /^SCENARIO_UNREADABLE: missing\.ts: no such file; /,
  ],
  ['a syntax error', ['run', 'syntax.ts'], EXIT.scenario, /^SCENARIO_UNREADABLE: syntax\.ts: /],
  [
    'a file without scenario',
    ['run', 'nothing.ts'],
    EXIT.scenario,
    /^SCENARIO_UNREADABLE: .*export const scenario/,
  ],
  [
    'an unknown key',
    ['run', 'unknown-key.ts'],
    EXIT.scenario,
    /audiense: .*did you mean "audience"\?/,
  ],
  ['a negative rate', ['run', 'negative.ts'], EXIT.scenario, /audience\.viewers: found -24; /],
  [
    'an unreachable service',
    ['run', 'unreachable.ts'],
    EXIT.scenario,
    /^SCENARIO_INVALID: .*services\./,
  ],
  [
    'a model past its limits',
    ['run', 'endless.ts'],
    EXIT.scenario,
    /^SIM_MAX_EVENTS: .*limits\.maxEvents/,
  ],
  [
    'an unknown architecture',
    ['run', 'tiny.ts', '--arch', 'federatd'],
    EXIT.usage,
    /did you mean "federated"\?/,
  ],
  ['a bad seed', ['run', 'tiny.ts', '--seed', 'x'], EXIT.usage, /^CLI_USAGE: .*no whole number/],
  [
    'an unknown option',
    ['run', 'tiny.ts', '--sed', '1'],
    EXIT.usage,
    /^CLI_USAGE: unknown option '--sed'/,
  ],
  ['an unknown command', ['frobnicate'], EXIT.usage, /^CLI_USAGE: unknown command 'frobnicate'/],
  ['a missing argument', ['run'], EXIT.usage, /^CLI_USAGE: missing required argument/],
  ['one replication', ['compare', 'tiny.ts', '--replications', '1'], EXIT.usage, /at least 2/],
  [
    'a missing catalogue',
    ['run', 'tiny.ts', '--catalogue', 'x.csv'],
    EXIT.usage,
    /^INPUT_UNREADABLE: x\.csv: /,
  ],
  [
    'an empty catalogue',
    ['run', 'tiny.ts', '--catalogue', 'empty'],
    EXIT.usage,
    /^INPUT_UNREADABLE: .*empty/,
  ],
  [
    'arrivals without times',
    ['run', 'tiny.ts', '--arrivals', 'no-counts.csv'],
    EXIT.usage,
    /no column period/,
  ],
  [
    'negative arrivals',
    ['run', 'tiny.ts', '--arrivals', 'negative-counts.csv'],
    EXIT.usage,
    /line 2: /,
  ],
  [
    'an unwritable output',
    ['run', 'tiny.ts', '--out', 'empty/run'],
    EXIT.usage,
    /^OUTPUT_UNWRITABLE: .*--out/,
  ],
  [
    "somebody else's directory",
    ['run', 'tiny.ts', '--out', 'mine'],
    EXIT.usage,
    /^OUTPUT_UNWRITABLE: mine: /,
  ],
  [
    'a missing log',
    ['ingest', 'missing.log'],
    EXIT.usage,
    /^INPUT_UNREADABLE: missing\.log: no such file/,
  ],
  ['an empty log', ['ingest', 'empty'], EXIT.usage, /^INPUT_UNREADABLE: empty: it is empty/],
  [
    'a truncated archive',
    ['ingest', 'cut.log.gz'],
    EXIT.usage,
    /^INPUT_UNREADABLE: cut\.log\.gz: .*cut short/,
  ],
  ['a directory', ['ingest', 'mine'], EXIT.usage, /^INPUT_UNREADABLE: mine: /],
  [
    'an unknown format',
    ['ingest', 'tiny.ts', '--format', 'xml'],
    EXIT.usage,
    /^CLI_USAGE: .*access-log/,
  ],
  [
    'an unwritable warehouse',
    ['ingest', 'cut.log.gz', '--warehouse', 'empty/w.sqlite'],
    EXIT.usage,
    /--warehouse/,
  ],
];

describe('bad input', () => {
  for (const [name, args, code, message] of CASES) {
    it(`E7: ${name} ends with ${code} and one line, and leaves nothing`, async () => {
      const before = readdirSync(cwd, { recursive: true }).map(String).sort();
      const outcome = AS_PROCESS.has(name)
        ? backlot(args, { cwd })
        : await inProcess(args, { cwd });
      expect(outcome.stdout).toBe('');
      expect(outcome.stderr).toMatch(/^[^\n]+\n$/);
      expect(outcome.stderr).toMatch(message);
      expect(outcome.code).toBe(code);
      const after = readdirSync(cwd, { recursive: true }).map(String).sort();
      const left = after.filter((path) => !before.includes(path) && path !== 'backlot-runs');
      expect(left.filter((path) => path !== 'backlot-runs/ingest')).toEqual([]);
    });
  }
});

describe('help', () => {
  it('E6: is given when it is asked for, with exit code 0', async () => {
    for (const args of [
      ['--help'],
      ['run', '--help'],
      ['compare', '--help'],
      ['ingest', '--help'],
    ]) {
      const { code, stdout, stderr } = await inProcess(args, { cwd });
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toContain('Usage: backlot');
    }
    expect(backlot(['--version'], { cwd }).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('E6: is shown, with exit code 2, where there is no command', () => {
    const { code, stderr } = backlot([], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('Usage: backlot');
  });
});

describe('standard output', () => {
  it.skipIf(!existsSync('/dev/full'))('that is full is one line, and exit code 2', () => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [LAUNCHER, '--help'], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(full);
    expect(stderr).toMatch(/^OUTPUT_UNWRITABLE: standard output: ENOSPC.*\n$/);
    expect(status).toBe(EXIT.usage);
  });

  it.skipIf(!existsSync('/bin/sh'))('whose reader goes away is no error', () => {
    const { stderr } = spawnSync(
      '/bin/sh',
      ['-c', '"$0" "$1" --help | true', process.execPath, LAUNCHER],
      { encoding: 'utf8' },
    );
    expect(stderr).toBe('');
  });
});

describe('usage', () => {
  it('is that of the command where a command was given', async () => {
    const told = async (command: string) => (await inProcess([command], { cwd })).stderr;
    expect(await told('compare')).toContain('see `backlot compare --help`');
    expect(await told('compote')).toContain('see `backlot --help`');
  });

  it('tells percentages as they are given, and leaves out what a search refuses', async () => {
    const help = async (command: string) => (await inProcess([command, '--help'], { cwd })).stdout;
    expect(await help('compare')).toMatch(/--tolerance .*\(default:\s+1%\)/s);
    expect(await help('plan')).not.toContain('--shard');
  });
});
