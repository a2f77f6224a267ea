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
    monolith: 'b28afdf29714858b4b5aaca22b545ab3',
    direct: '534b48b2cb7f45941b10159d53ca4fcc',
    aggregation: '703cdd097aafb3f8d5809b2b06bb2de7',
    federated: '09ea6c70406a7856574e09311b52e11a',
  },
  'home-page-cold': {
    monolith: '97933d017fb8e988ba5ba68e90857c06',
    direct: 'a0c0dbf90c93f6aa83d1da3662b4b826',
    aggregation: 'e897dcf4626534599242ef9c48a90090',
    federated: '936b29eea7b10df9eeda78f6320ed12e',
  },
  'late-mobile-events': {
    monolith: '001c6bc948a4a8b09980ae79146f292c',
    direct: '35b799cf546628c25ef3f0d2406b2a88',
    aggregation: 'c83e6ccc6007742780f51ccf8b0452bd',
    federated: '8abc37c7993f04fbd397b60cf263ea41',
  },
  'talent-outage': {
    monolith: '1ac40dd3368d706f32c0e328c7299c42',
    direct: '041ed4b567c7d8f9ec064d239e261c6b',
    aggregation: 'c4b8b50e6c02bc74c5550a3ed8492ee3',
    federated: '73ea17a0b6ac69d2e144c4e245a2ef0e',
  },
};
