/** Golden digests: every scenario, with a tenth of its viewers, on every architecture. A change
 * here is a change of results: it is a commit of its own (`golden:`) with the reason. Digests hold
 * for one major version of Node, because ECMAScript leaves logarithms to the engine. */
import { describe, expect, it } from 'vitest';
import { scenario as eveningPeak } from '../../scenarios/evening-peak.ts';
import { scenario as homePageCold } from '../../scenarios/home-page-cold.ts';
import { scenario as lateMobileEvents } from '../../scenarios/late-mobile-events.ts';
import { scenario as talentOutage } from '../../scenarios/talent-outage.ts';
import { readRunInputs } from '../../src/experiment/run-inputs.ts';
import { performRuns } from '../../src/experiment/run-pool.ts';
import type { Scenario } from '../../src/experiment/scenario/schema.ts';
import { ARCHITECTURE_NAMES } from '../../src/gateway/architecture.ts';

const NODE_MAJOR = 24;
const isPinned = process.versions.node.startsWith(`${NODE_MAJOR}.`);
if (!isPinned) console.info(`skipped: golden digests are pinned on Node ${NODE_MAJOR}`);

const SCENARIOS = [eveningPeak, homePageCold, lateMobileEvents, talentOutage];

async function figuresOf(scenario: Scenario) {
  const small = {
    ...scenario,
    audience: { ...scenario.audience, viewers: scenario.audience.viewers / 10 },
  };
  const { catalogue, arrivals } = await readRunInputs(small, {});
  const tasks = ARCHITECTURE_NAMES.map((architecture) => ({
    scenario: small,
    architecture,
    replication: 0,
    catalogue,
    arrivals,
    directory: undefined,
    trace: false,
  }));
  return (await performRuns(tasks, { threads: 1 })).map(({ result }) => result);
}

describe.skipIf(!isPinned)('golden digests', () => {
  for (const scenario of SCENARIOS) {
    it(`${scenario.name} has its digests, and its ledgers close`, async () => {
      const results = await figuresOf(scenario);
      for (const { ledger } of results) {
        expect(ledger.requests.residual).toBe(0);
        expect(ledger.events.residual).toBe(0);
        expect(ledger.events.out).toBeGreaterThan(50);
      }
      const digests = Object.fromEntries(results.map(({ name, digest }) => [name, digest]));
      expect(digests).toEqual(GOLDEN[scenario.name]);
    });
  }
});

const GOLDEN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'evening-peak': {
    monolith: '913adc9d3dd95b53099553e74279753d',
    direct: 'f70c6c91521bc1c3e7a6dbceda878762',
    aggregation: 'dc845136fedbb21d77b884659f368fce',
    federated: '9f83b2850c9276dc1de7f67a51f4c67f',
  },
  'home-page-cold': {
    monolith: 'edc457dead7c1cec8a2f506965f02430',
    direct: '5fd2382991a760a64d090a86fafa0477',
    aggregation: '3b6a4d8b25dd78abb13d143edd873a15',
    federated: '8df624f5e7c70bfae792e730ace6185f',
  },
  'late-mobile-events': {
    monolith: '81555a6ecd44e095999253691b3f2734',
    direct: 'aed623b5f4a120fc185b943d3f546ed2',
    aggregation: '39dddc05e045a2c2b91a6ee48eed881d',
    federated: 'e32e04cbf723b3281925bb614c2ccd25',
  },
  'talent-outage': {
    monolith: 'ac8f4e35af7082b0ccd51f512903cbad',
    direct: 'c24a8b953733ad4accaa0d13f650fec2',
    aggregation: 'a8e9bd1f9a3169eb110ce26886372239',
    federated: '604aa9ceb627d480a5d0546ff83f7955',
  },
};
