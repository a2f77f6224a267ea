/** The scenario beside a result: loaded back, it is the scenario that was run. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadScenario } from '../../../src/experiment/io/load-scenario.ts';
import { writeScenario } from '../../../src/experiment/reproduce/bundle.ts';
import {
  canonicalScenario,
  hashInputs,
  proofOf,
  sha256,
} from '../../../src/experiment/reproduce/proof.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { shortScenario } from './recorded.ts';

const folder = temporaryFolder();

it('E350: every scenario of the project comes back from scenario.json as it was', async () => {
  const names = readdirSync('scenarios', { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.ts'));
  expect(names.filter((name) => name.startsWith('planning/')).length).toBeGreaterThan(2);
  expect(names.length).toBeGreaterThan(14);
  for (const name of names) {
    const scenario = { ...(await loadScenario(join('scenarios', name))), seed: 77 };
    const directory = folder.fresh();
    writeScenario(directory, scenario);
    const again = await loadScenario(join(directory, 'scenario.json'));
    expect(again).toEqual(scenario);
    expect(canonicalScenario(again)).toBe(canonicalScenario(scenario));
    const written = readFileSync(join(directory, 'scenario.json'), 'utf8');
    expect(proofOf(scenario, []).scenarioSha256).toBe(sha256(written));
  }
});

it('E350: the hash is of what counts: not of defaults, but of the order of weights', () => {
  const plain = shortScenario();
  const { behaviour } = plain.audience;
  const spelt = shortScenario({ audience: { behaviour } });
  expect(canonicalScenario(spelt)).toBe(canonicalScenario(plain));
  const ahead = shortScenario({ audience: { countries: { DE: 1, US: 2 } } });
  const behind = shortScenario({ audience: { countries: { US: 2, DE: 1 } } });
  // Who stands first takes the first part of a uniform: these are two scenarios.
  expect(canonicalScenario(ahead)).not.toBe(canonicalScenario(behind));
});

it('E351: input files are named and hashed by content', async () => {
  const path = folder.write('arrivals.csv', 'abc');
  const known = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect(await hashInputs({ arrivals: path })).toEqual([{ role: 'arrivals', path, sha256: known }]);
  await expect(hashInputs({ catalogue: folder.path('none.csv') })).rejects.toThrow(
    'INPUT_UNREADABLE',
  );
});
