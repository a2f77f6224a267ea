/** Opening a result: it is held to its hashes, and what is missing or changed is named. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openBundle, readDigestParts } from '../../../src/experiment/reproduce/bundle.ts';
import type { RunDocument } from '../../../src/experiment/result.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { recordRun, shortScenario, writeDocument } from './recorded.ts';

const folder = temporaryFolder();
const directory = folder.fresh();
let document: RunDocument;

beforeAll(async () => {
  document = await recordRun(directory, shortScenario({ seed: 3 }), ['monolith', 'direct']);
});

/** Another directory with the same scenario, and a document of its own. */
function besides(changed: RunDocument): string {
  const other = folder.fresh();
  writeFileSync(join(other, 'scenario.json'), readFileSync(join(directory, 'scenario.json')));
  writeDocument(other, changed);
  return other;
}

describe('openBundle', () => {
  it('E350: gives back the scenario and what was run', async () => {
    const bundle = await openBundle(directory);
    expect(bundle.scenario).toEqual(shortScenario({ seed: 3 }));
    expect(bundle.variants.map(({ name }) => name)).toEqual(['monolith', 'direct']);
    expect(bundle.document.proof?.inputs).toEqual([]);
    expect((await openBundle(join(directory, 'run.json'))).scenario.seed).toBe(3);
  });

  it('E352: keeps the digest in parts', async () => {
    const parts = readDigestParts(await openBundle(directory), {
      name: 'direct',
      replication: 0,
    });
    expect(parts?.slices.map(([startUs]) => startUs / 60e6)).toEqual([0, 1, 2]);
    expect(parts?.actors?.map(([name]) => name)).toContain('server/talent');
  });

  it('E353: refuses another scenario than the one that was run', async () => {
    const other = besides(document);
    const path = join(other, 'scenario.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"viewers": 12', '"viewers": 13'));
    await expect(openBundle(other)).rejects.toMatchObject({ code: 'RESULT_INPUT_CHANGED' });
    rmSync(path);
    await expect(openBundle(other)).rejects.toMatchObject({ code: 'RESULT_UNREADABLE' });
  });

  it('E353: refuses inputs that are missing or changed, and takes those that moved', async () => {
    const proof = document.proof ?? { scenarioSha256: '', inputs: [], nodeMajor: 24 };
    const known = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    const inputs = [
      { role: 'arrivals' as const, path: folder.path('moved-away.csv'), sha256: known },
    ];
    const other = besides({ ...document, proof: { ...proof, inputs } });
    await expect(openBundle(other)).rejects.toMatchObject({ code: 'INPUT_UNREADABLE' });
    const arrivals = folder.write('here.csv', 'abc');
    expect((await openBundle(other, { arrivals })).files).toEqual({ arrivals });
    await expect(
      openBundle(other, { arrivals: folder.write('changed.csv', 'abd') }),
    ).rejects.toThrow('give that one with --arrivals');
  });

  it('refuses what is no result', async () => {
    for (const path of [
      folder.path('nowhere'),
      folder.fresh(),
      folder.write('text.json', 'text'),
      folder.write('other.json', '{"schema":"backlot.ingest/1"}'),
    ]) {
      await expect(openBundle(path)).rejects.toMatchObject({ code: 'RESULT_UNREADABLE' });
    }
  });
});
