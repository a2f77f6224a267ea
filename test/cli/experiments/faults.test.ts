/** `backlot faults`: the seed first, one document, and exit codes that say what was found. */
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/cli/exit-codes.ts';
import { bisectText } from '../../../src/cli/faults/bisect-text.ts';
import { campaignSeed } from '../../../src/cli/faults/campaign-seed.ts';
import { faultsText } from '../../../src/cli/faults/faults-text.ts';
import { addToCorpus } from '../../../src/cli/faults/trial-corpus.ts';
import { tokenOf } from '../../../src/testing/story/replay-token.ts';
import type { FaultsDocument } from '../../../src/testing/swarm/campaign/faults-document.ts';
import { drawTrial } from '../../../src/testing/swarm/campaign/swarm-source.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { inProcess } from '../in-process.ts';

const folder = temporaryFolder();
const COMMIT = '0123456789abcdef0123456789abcdef01234567';

describe('backlot faults', () => {
  it('T56, T59: prints the seed first, and one document with --json', async () => {
    const args = ['faults', '--swarm', '--seed', '7', '--runs', '4', '--threads', '1', '--json'];
    const { code, stdout, stderr } = await inProcess(args);
    expect(code).toBe(EXIT.ok);
    expect(stderr.split('\n')[0]).toBe('seed 7');
    const document = JSON.parse(stdout) as FaultsDocument;
    expect(document).toMatchObject({
      schema: 'backlot.faults/1',
      scenario: null,
      seed: 7,
      commit: null,
      runs: 4,
      failures: [],
      replay: 'npx backlot faults --swarm --seed 7 --runs 4',
    });
    expect((await inProcess(args)).stdout).toBe(stdout);
  });

  it('T54, T59: takes a scenario, kinds and architectures; four trials miss marks', async () => {
    const options = ['--runs', '2', '--kinds', 'network,process.crash', '--arch', 'direct'];
    const { code, stdout } = await inProcess([
      ...['faults', 'scenarios/home-page-cold.ts', '--span', '20s', '--viewers', '2'],
      ...[...options, '--threads', '1', '--demand-marks', '--out', folder.path('out')],
    ]);
    expect(code).toBe(EXIT.inconclusive);
    expect(stdout).toContain('Faults on home-page-cold: 2 trials from seed 1');
    expect(stdout).toContain('process.crash');
    expect(stdout).not.toContain('storage.full');
    expect(stdout).toContain('--span 20000ms --viewers 2');
  });

  it('T59: runs one trial again', async () => {
    const file = folder.path('trial.json');
    writeFileSync(file, JSON.stringify(drawTrial({ kind: 'swarm' }, 3)));
    const { code, stdout } = await inProcess(['faults', '--replay', file]);
    expect(code).toBe(EXIT.ok);
    expect(stdout).toMatch(/\d+ events, 0 broken, digest [0-9a-f]+/);
    writeFileSync(file, '{}');
    expect((await inProcess(['faults', '--replay', file])).code).toBe(EXIT.usage);
  });

  it('T59: says what a token or a file that names no trial is instead', async () => {
    const file = folder.path('other.json');
    writeFileSync(file, '{"schema":"backlot.run/1"}');
    const { code, stderr } = await inProcess(['faults', '--replay', file]);
    expect(code).toBe(EXIT.usage);
    expect(stderr).toContain('it is of another kind');
    const missing = await inProcess(['faults', '--replay', folder.path('none.json')]);
    expect(missing.stderr).toContain('there is no file');
    const machine = tokenOf({ kind: 'machine', name: 'm', property: 'p', input: {} });
    expect((await inProcess(['faults', '--replay', machine])).code).toBe(EXIT.usage);
  });

  it('T62: runs the corpus first, and adds what broke', async () => {
    const trial = drawTrial({ kind: 'swarm' }, 3);
    const violation = { invariant: 'pages-are-conserved', message: 'it broke', atUs: 5, event: 9 };
    const smallest = {
      ...{ trial, violation, token: '', tries: 1, isMinimal: true },
      size: { commands: 1, faults: 0 },
    };
    const failures = [
      { invariant: violation.invariant, trials: 1, first: { ...violation, seed: 3 }, smallest },
    ];
    const corpus = folder.path('corpus');
    const [added] = addToCorpus(corpus, { failures, known: [] });
    expect(added).toMatchObject({ verdict: 'added', violation });
    const campaign = ['faults', '--swarm', '--runs', '1', '--threads', '1', '--json'];
    const { stdout, code } = await inProcess([...campaign, '--corpus', corpus]);
    const document = JSON.parse(stdout) as FaultsDocument;
    expect(document.corpus).toEqual([
      { file: added?.file, invariant: 'pages-are-conserved', verdict: 'holds', violation: null },
    ]);
    expect(code).toBe(EXIT.ok);
    expect(addToCorpus(corpus, { failures, known: document.corpus })).toEqual([]);
    const replayed = await inProcess(['faults', '--replay', added?.file ?? '', '--bisect']);
    expect(replayed.stdout).toContain('pages-are-conserved: is not broken here any more');
    expect(replayed.stdout).toContain('pages-are-conserved: holds, so there is nothing to bisect');
  });

  it('T61: the first interruption ends a campaign, and its document is printed', async () => {
    const before = process.listeners('SIGINT');
    const running = inProcess([
      'faults',
      '--swarm',
      '--runs',
      '100000',
      '--threads',
      '1',
      '--json',
    ]);
    const interrupt = async (): Promise<void> => {
      const added = process.listeners('SIGINT').find((one) => !before.includes(one));
      if (added !== undefined) return added('SIGINT');
      await new Promise((resolve) => setImmediate(resolve));
      return interrupt();
    };
    await interrupt();
    const { code, stdout, stderr } = await running;
    expect(code).toBe(EXIT.interrupted);
    expect(stderr).toContain('Stopping: what there is will be written');
    expect(JSON.parse(stdout)).toMatchObject({ stoppedBy: 'interruption', runsAsked: 100_000 });
    expect(process.listeners('SIGINT')).toEqual(before);
  });

  it('T59: where --out cannot be written it is told, and nothing is left', async () => {
    const file = folder.path('a-file');
    writeFileSync(file, 'x');
    const options = ['--runs', '1', '--threads', '1', '--out', file];
    const { code, stderr } = await inProcess(['faults', '--swarm', ...options]);
    expect(code).toBe(EXIT.usage);
    expect(stderr).toContain('OUTPUT_UNWRITABLE: --out');
  });

  it('T63: bisections are told in words', () => {
    const finding = { message: 'it broke' };
    expect(bisectText('x', { verdict: 'not-by-faults', finding, runs: 2 })).toContain(
      'breaks with every fault of the catalogue taken out, too (2 runs)\n  it broke',
    );
    const text = bisectText('x', {
      ...{ verdict: 'found', event: 12, atUs: 1_500_000, finding, shownAfter: 40, runs: 8 },
      records: [
        { simTimeUs: 1_500_000, actor: 'server/movie', event: 'call.arrived', drawCount: 1 },
      ],
      activeFaults: ['process.slow@movie'],
    });
    for (const part of [
      'after event 12, at 1.500000 s, nothing helps any more (8 runs)',
      'server/movie call.arrived',
      'active: process.slow@movie',
      'event 40 shows',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('T59: is told what is wrong with its arguments', async () => {
    for (const args of [
      ['faults'],
      ['faults', 'scenarios/home-page-cold.ts', '--swarm'],
      ['faults', '--swarm', '--seed', 'so'],
      ['faults', '--swarm', '--kinds', 'network.los'],
      ['faults', '--swarm', '--time', 'soon'],
      ['faults', '--swarm', '--bisect'],
      ['faults', '--replay', 'bl1.x', '--runs', '3'],
      ['faults', 'scenarios/home-page-cold.ts', '--replay', 'bl1.x'],
    ]) {
      const { code, stderr } = await inProcess(args);
      expect([args, code]).toEqual([args, EXIT.usage]);
      expect(stderr).toContain('CLI_USAGE');
    }
  });

  it('T59: the seed is a number, a commit, or the commit that CI builds', async () => {
    const none = {};
    expect(await campaignSeed(undefined, none)).toEqual({ seed: 1, commit: null });
    expect(await campaignSeed('42', { GITHUB_SHA: COMMIT })).toEqual({ seed: 42, commit: null });
    const built = await campaignSeed(undefined, { GITHUB_SHA: COMMIT });
    expect(built).toEqual({ seed: built.seed, commit: COMMIT });
    expect(await campaignSeed(undefined, { CI_COMMIT_SHA: COMMIT })).toEqual(built);
    expect(await campaignSeed('commit', { GITHUB_SHA: COMMIT })).toEqual(built);
    expect(await campaignSeed(COMMIT.toUpperCase(), none)).toEqual(built);
    await expect(campaignSeed('abc', none)).rejects.toThrow('CLI_USAGE');
  });

  it('T56: tells failures with the seed, the size and a token', () => {
    const violation = { invariant: 'x', message: 'it broke', atUs: 5, event: 9 };
    const text = faultsText({
      ...{ schema: 'backlot.faults/1', version: '0', scenario: 's', seed: 1, commit: COMMIT },
      ...{ runs: 2, runsAsked: 9, stoppedBy: 'time', digest: '', replay: 'npx backlot faults' },
      events: { total: 10, median: 5, max: 5 },
      kinds: [],
      corpus: [],
      invariants: [
        { name: 'a', modality: 'sometimes', claim: '', exercised: 0, verdict: 'missed' },
        { name: 'b', modality: 'always', claim: '', exercised: 0, verdict: 'vacuous' },
      ],
      failures: [
        {
          invariant: 'x',
          trials: 2,
          first: { ...violation, seed: 8 },
          smallest: {
            trial: drawTrial({ kind: 'swarm' }, 1),
            violation,
            size: { commands: 2, faults: 1 },
            token: 'bl1.token',
            tries: 30,
            isMinimal: true,
          },
        },
      ],
    });
    for (const part of [
      `(commit ${COMMIT})`,
      'The time was up',
      'nothing to check: b',
      'missed: a',
      'x: broken in 2 trials, first by seed 8',
      '2 commands, 1 fault,',
      '--replay bl1.token',
    ]) {
      expect(text).toContain(part);
    }
  });
});
