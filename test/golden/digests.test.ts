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

const GOLDEN: Readonly<Record<string, Readonly<Record<string, string>>>> = {};
