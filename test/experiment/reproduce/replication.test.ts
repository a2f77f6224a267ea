/** A single run with the draws of one replication of a comparison: recorded, verified, compared. */
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { compareArchitectures } from '../../../src/experiment/compare/compare.ts';
import {
  openBundle,
  readDigestParts,
  writeScenario,
} from '../../../src/experiment/reproduce/bundle.ts';
import { diffBundles } from '../../../src/experiment/reproduce/diff.ts';
import { replayBundle } from '../../../src/experiment/reproduce/replay/replay.ts';
import { verifyBundle } from '../../../src/experiment/reproduce/verify/verify.ts';
import type { RunDocument } from '../../../src/experiment/result.ts';
import { runScenario } from '../../../src/experiment/run.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { recordComparison, recordRun, shortScenario, writeDocument } from './recorded.ts';

const folder = temporaryFolder();
const directory = folder.fresh();
const scenario = shortScenario();
let second: RunDocument;

beforeAll(async () => {
  writeScenario(directory, scenario);
  const options = { architectures: ['monolith'] as const, threads: 1, directory };
  second = await runScenario(scenario, { ...options, replication: 1 });
  writeDocument(directory, second);
});

it('E359: runs a replication of a comparison by itself, and says which', async () => {
  const compared = folder.fresh();
  const { architectures } = await recordComparison(compared, scenario, 2);
  expect(second.replication).toBe(1);
  expect(second.architectures[0]?.digest).toBe(architectures[0]?.digests?.[1]);
  // Of the two replications over there, it is the second that this one is held to.
  const found = await diffBundles(await openBundle(compared), await openBundle(directory));
  expect(found).toMatchObject({
    isEqual: true,
    pairs: [{ replication: 1, replicationOfB: 1, divergence: null }],
  });
  const first = folder.fresh();
  await recordRun(first, scenario, ['monolith']);
  const parted = await diffBundles(await openBundle(first), await openBundle(directory));
  expect(parted).toMatchObject({
    isEqual: false,
    provenance: [{ path: 'replication', a: 0, b: 1 }],
    pairs: [{ replication: 0, replicationOfB: 1, divergence: { draw: { number: 1 } } }],
  });
});

it('E359: verifies and replays the replication that was run', async () => {
  const bundle = await openBundle(join(directory, 'run.json'));
  const one = { name: 'monolith', replication: 1 };
  expect(readDigestParts(bundle, one)).toBeDefined();
  expect(readDigestParts(bundle, { ...one, replication: 0 })).toBeUndefined();
  const replayed = await replayBundle(bundle, { at: '60s' });
  expect(replayed).toMatchObject({ replication: 1, slices: { isExact: true } });
  const verified = await verifyBundle(bundle, { threads: 1 });
  expect(verified).toMatchObject({ verdict: 'reproduced', digests: [one] });
});

it('E359: names the run that shows the worst replication of a verdict', async () => {
  const objectives = ['p95(page.load) < 1ms'];
  const strict = shortScenario({ objectives });
  const options = { architectures: ['monolith', 'direct'] as const, replications: 2, threads: 1 };
  const runCommand = 'npx backlot run short.ts --seed 1';
  const { verdicts } = await compareArchitectures(strict, { ...options, runCommand });
  expect(verdicts.map(({ replayCommand }) => replayCommand.replace(/\d+$/, 'n'))).toEqual([
    'npx backlot run short.ts --seed 1 --arch monolith --replication n',
    'npx backlot run short.ts --seed 1 --arch direct --replication n',
  ]);
});

it('E9: runs the variants that are named, and no others', async () => {
  const options = { architectures: ['monolith', 'direct'] as const, threads: 1 };
  const { architectures } = await runScenario(scenario, { ...options, variants: ['monolith'] });
  expect(architectures.map(({ name }) => name)).toEqual(['monolith']);
  await expect(runScenario(scenario, { ...options, variants: ['monolit'] })).rejects.toThrow(
    'did you mean "monolith"',
  );
});
