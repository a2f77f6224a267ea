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
    monolith: '64c8fa559bcdd19418d2798413fe3f0c',
    direct: '7d6a8a8a833a3206d0fba5b3f59e5f29',
    aggregation: 'e571bdb0597eae23a7334d631808e22d',
    federated: '7f1d4c944d73578dea9188d2b5fa7b80',
  },
  'home-page-cold': {
    monolith: 'a58f9b257ecba25a6051806cc8008228',
    direct: '3143b7bd887e0b049c8c8873033c0264',
    aggregation: 'a0e6cc62ce19882b0a094ba2c2bdec5d',
    federated: '5ffb583b75cc2d5c659e623ee6b38bdc',
  },
  'late-mobile-events': {
    monolith: '7379d3a590773c3c1c1add3f945b4ebe',
    direct: '5a9ad72ccedc93471200fe96f55b1acd',
    aggregation: '445a80d3f65c376ea3bc85738bf13d34',
    federated: '70ef5bdb1aab7961990340094ab49002',
  },
  'talent-outage': {
    monolith: 'ad1149e9dfc5e2da18c38233f1a6c3ba',
    direct: '6a522784d4fe8292e3c069414d651c62',
    aggregation: 'e2f5665e71fe46e9f1559a4ca7f77da5',
    federated: '7973eb14d30eba02d6bd8bcf547ff6bc',
  },
};
