/** `backlot verify`, `diff`, `replay` and `report` over recorded runs, by exit code and text. Most
 * call the command line in this process: a start costs more than what is looked at. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DiffDocument } from '../../src/experiment/reproduce/diff.ts';
import type { ReplayDocument } from '../../src/experiment/reproduce/replay/replay.ts';
import type { VerifyDocument } from '../../src/experiment/reproduce/verify/verify.ts';
import type { RunDocument } from '../../src/experiment/result.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { backlot, type Outcome, TINY_SCENARIO } from './command-line.ts';
import { inProcess } from './in-process.ts';

const folder = temporaryFolder();
const [tiny, other, proof] = [folder.path('tiny'), folder.path('other'), folder.path('proof')];

function documentOf<D>({ stdout }: Outcome): D {
  return JSON.parse(stdout) as D;
}

/** The run's document, changed. */
function rewrite(change: (document: RunDocument) => unknown): void {
  const path = join(proof, 'run.json');
  writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')))));
}

beforeAll(async () => {
  const scenario = folder.write('tiny.ts', TINY_SCENARIO.replace('minutes(6)', 'minutes(3)'));
  const run = async (out: string, arch: string, ...more: readonly string[]) => {
    const args = ['run', scenario, '--out', out, '--arch', arch, '--threads', '1', ...more];
    expect((await inProcess(args)).code).toBe(0);
  };
  await run(tiny, 'monolith,federated');
  await run(other, 'monolith', '--seed', '6', '--no-report');
  await run(proof, 'monolith', '--no-report');
});

describe('backlot report', () => {
  it('E380: gives the bytes of the first time, and the summary', async () => {
    const out = folder.path('again.html');
    expect((await inProcess(['report', tiny, '--out', out])).code).toBe(0);
    expect(readFileSync(out, 'utf8')).toBe(readFileSync(join(tiny, 'report.html'), 'utf8'));
    const summary = await inProcess(['report', join(tiny, 'run.json'), '--summary']);
    expect(summary.stdout).toContain('What this shows');
    expect(await inProcess(['report', folder.path('none')])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('RESULT_UNREADABLE'),
    });
  });
});

describe('backlot diff', () => {
  it('E365: exits with 6 only where equality was expected', async () => {
    const equal = await inProcess(['diff', tiny, tiny, '--expect-equal']);
    expect([equal.code, equal.stdout]).toEqual([0, expect.stringContaining('equal: the same')]);
    const args = ['diff', tiny, other, '--arch', 'monolith', '--context', '2'];
    const text = await inProcess(args);
    expect(text.code).toBe(0);
    expect(text.stdout).toContain('first draw that differs: number 1');
    expect(text.stdout).toContain('first event that differs, in the minute from 00:00:00 on');
    expect(text.stdout).toContain('page load p95, ms');
    const refused = await inProcess([...args, '--expect-equal', '--json']);
    expect(refused.code).toBe(6);
    const { provenance, pairs } = documentOf<DiffDocument>(refused);
    expect(provenance[0]).toEqual({ path: 'seed', a: 5, b: 6 });
    expect(pairs[0]?.divergence?.a.after.length).toBeLessThanOrEqual(2);
  });

  it('refuses one result without two names', async () => {
    for (const args of [[], ['--arch', 'monolith'], ['--arch', 'a,b,c']]) {
      const { code, stderr } = await inProcess(['diff', tiny, ...args]);
      expect([code, stderr]).toEqual([2, expect.stringContaining('CLI_USAGE')]);
    }
  });
});

describe('backlot replay', () => {
  const slowestOf = () => {
    const { architectures } = documentOf<RunDocument>({
      code: 0,
      stdout: readFileSync(join(tiny, 'run.json'), 'utf8'),
      stderr: '',
    });
    return architectures.find(({ name }) => name === 'federated')?.slowest[0];
  };

  it('E370, E371: shows the world at an instant, held to the recording', async () => {
    const args = ['replay', tiny, '--arch', 'federated', '--until', '20:02:30'];
    const text = await inProcess(args);
    expect(text.code).toBe(0);
    expect(text.stdout).toContain('at 00:02:30 since the start (2026-11-21T01:02:30.000Z)');
    expect(text.stdout).toContain('exact: 2 minutes have the digests that were recorded');
    const { state, lastEvents, nextEvents } = documentOf<ReplayDocument>(
      await inProcess([...args, '--last', '3', '--step', '2', '--json']),
    );
    expect(state.servers.map(({ name }) => name)).toEqual([
      'movie',
      'production',
      'talent',
      'router',
    ]);
    expect(state.viewers.present).toBeGreaterThan(0);
    expect(lastEvents.map(({ simTimeUs }) => simTimeUs <= 150e6)).toEqual([true, true, true]);
    expect(nextEvents.map(({ simTimeUs }) => simTimeUs > 150e6)).toEqual([true, true]);
  });

  it('E390, E392, E394: goes to an event, takes snapshots and forks', async () => {
    const slow = 'fault:process.slow@movie*20+2m';
    const args = ['replay', tiny, '--arch', 'federated', '--at', '#200', '--fork', slow];
    const { state, fork, snapshots } = documentOf<ReplayDocument>(
      await inProcess([...args, '--snapshots', '20s', '--json']),
    );
    expect(state.scheduledEvents).toBe(200);
    expect(snapshots.map(({ atUs }) => atUs / 20e6)).toEqual(snapshots.map((_, i) => i + 1));
    expect(fork?.event).toBe(200);
    expect(fork?.forked.digest).not.toBe(fork?.original.digest);
    const text = await inProcess([...args, '--snapshots', '20s']);
    expect(text.stdout).toContain('Forked after event #200');
    expect(text.stdout).toContain('process.slow at movie begins');
    const refused = await inProcess([...args, '--snapshots', '0s']);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('longer than 0') });
  });

  it('E372: explains a request that the document lists', async () => {
    const { request = '', pageLoadTimeMs } = slowestOf() ?? {};
    const args = ['replay', tiny, '--arch', 'federated', '--explain', request];
    const { explained } = documentOf<ReplayDocument>(await inProcess([...args, '--json']));
    expect((explained?.pageLoadTimeUs ?? 0) / 1_000).toBe(pageLoadTimeMs);
    const text = await inProcess(args);
    expect(text.stdout).toContain(`asked at`);
    expect(text.stdout).toContain('clients→router: answered');
    expect(text.stdout).toContain('What its end hung on');
    const unknown = await inProcess([
      'replay',
      tiny,
      '--arch',
      'federated',
      '--explain',
      'r-999-0',
    ]);
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining(request) });
    expect((await inProcess(['replay', tiny])).stderr).toContain('choose one with --arch');
  });
});

describe('backlot verify', () => {
  it('E354: exits with 0 where a fresh process gives the same, from anywhere', () => {
    const outcome = backlot(['verify', proof, '--threads', '1'], { cwd: folder.path('.') });
    expect([outcome.code, outcome.stderr]).toEqual([0, '']);
    expect(outcome.stdout).toContain('reproduced: digests, document and balances');
  });

  it('E358: exits with 5 where a ledger does not close, with 6 where digests differ', () => {
    rewrite((document) => {
      const { requests, events } = document.ledger;
      return { ...document, ledger: { requests: { ...requests, in: requests.in + 1 }, events } };
    });
    const unbalanced = backlot(['verify', proof, '--threads', '1']);
    expect(unbalanced.code).toBe(5);
    expect(unbalanced.stdout).toContain('all, requests ledger (recorded)');

    const path = join(proof, 'digest-monolith.json');
    const { slices } = JSON.parse(readFileSync(path, 'utf8')) as { slices: [number, string][] };
    const spoilt = slices.map(([startUs, hash], i) => [startUs, i === 1 ? 'x' : hash]);
    writeFileSync(path, JSON.stringify({ slices: spoilt, actors: null }));
    const digest = '0'.repeat(32);
    rewrite((document) => {
      const { requests, events } = document.ledger;
      return {
        ...document,
        ledger: { requests: { ...requests, in: requests.in - 1 }, events },
        architectures: document.architectures.map((one) => ({ ...one, digest })),
      };
    });
    const outcome = backlot(['verify', proof, '--threads', '1', '--json']);
    expect(outcome.code).toBe(6);
    const { verdict, divergence, differences } = documentOf<VerifyDocument>(outcome);
    expect(verdict).toBe('diverged');
    expect(divergence).toMatchObject({ name: 'monolith', kind: 'every-run', sliceUs: 60e6 });
    expect(differences).toEqual([expect.objectContaining({ path: 'architectures.0.digest' })]);
  });
});
