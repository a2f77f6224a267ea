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
    monolith: 'ad760f16acc508fa41aef46abec263f1',
    direct: 'b8e146d79c2410beb5505460718612f4',
    aggregation: '6fc7a84f92dcbda2263fa7f1b5d13b38',
    federated: '5d7653b947d89ddf8ce9bac07ec3892f',
  },
  'home-page-cold': {
    monolith: '88bff1603f56a296c19edd074aedc7db',
    direct: '39f6b4fc0a42e82d2ce4d3944b87cd56',
    aggregation: 'ed9e9a84217757903617e29ca31fe263',
    federated: '36fa24e78dcf0c148740697185b3efeb',
  },
  'late-mobile-events': {
    monolith: '18fddf8695502e0536429b4b02db61cb',
    direct: '75eef8fb55fae253b660e013e443601a',
    aggregation: '9724ea3bb760ded89383e2fd11e4a3a9',
    federated: 'e2cf5a6aea6990888dff09a12c21bee9',
  },
  'talent-outage': {
    monolith: '55311167bbb8c6914db67f7861907628',
    direct: '22881715a5c19bfaf4410807d8aa56c8',
    aggregation: '81869b5decaa051ed37c378f7838e1cf',
    federated: 'c54e47d5b92ae6bdfe70eeda6f78ea8b',
  },
};
