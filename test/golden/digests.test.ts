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
    monolith: 'e6d66b77b3cef9d6a0a22965386e7be4',
    direct: 'bc2f5df0306b51cf216744d6df5bb540',
    aggregation: 'd81665a94463097defd2e8d045100ab8',
    federated: '4d49b8e60671e6aaf76b618386682ecc',
  },
  'home-page-cold': {
    monolith: '695c45c84d5ce3484714e830650ef65c',
    direct: '948d6603b04b8020a5d80036a9345af3',
    aggregation: '9983c452ac2df82c303731d0a863ab96',
    federated: '55c265062cd1d4979fd5763cc5a01640',
  },
  'late-mobile-events': {
    monolith: '18fddf8695502e0536429b4b02db61cb',
    direct: '75eef8fb55fae253b660e013e443601a',
    aggregation: 'a1f8937fbc9167a9022ec8e4b6ebfd1e',
    federated: 'a18f659fb817b4ca0003584c81decf88',
  },
  'talent-outage': {
    monolith: 'bd7ec30c447233e5cbdd18a8310e7e9e',
    direct: '3dff2c7e9e88cf66ddf78a3323ae3699',
    aggregation: '45d1bd1bd7395264a83824918e5251b3',
    federated: '1b629681820e1d7d6bda82fc2f37c9c2',
  },
};
