/** Scenarios on both interpreters: the digest of a run does not tell which one ran it. */
import { describe, expect, it } from 'vitest';
import { scenario as eveningPeak } from '../../scenarios/evening-peak.ts';
import { scenario as homePageCold } from '../../scenarios/home-page-cold.ts';
import { scenario as lateMobileEvents } from '../../scenarios/late-mobile-events.ts';
import { scenario as talentOutage } from '../../scenarios/talent-outage.ts';
import type { InterpreterName } from '../../src/actors/runtime/interpreters.ts';
import { readRunInputs } from '../../src/experiment/run-inputs.ts';
import { performRuns } from '../../src/experiment/run-pool.ts';
import type { Scenario } from '../../src/experiment/scenario/schema.ts';
import { ARCHITECTURE_NAMES } from '../../src/gateway/architecture.ts';

const SCENARIOS = [eveningPeak, homePageCold, lateMobileEvents, talentOutage];
const SHARE_OF_VIEWERS = process.env['BACKLOT_LONG'] === '1' ? 0.1 : 0.01;

async function digestsOf(scenario: Scenario, interpreter: InterpreterName) {
  const viewers = Math.max(1, Math.round(scenario.audience.viewers * SHARE_OF_VIEWERS));
  const small = { ...scenario, audience: { ...scenario.audience, viewers } };
  const { catalogue, arrivals } = await readRunInputs(small, {});
  const tasks = ARCHITECTURE_NAMES.map((architecture) => ({
    scenario: small,
    architecture,
    replication: 0,
    catalogue,
    arrivals,
    directory: undefined,
    trace: false,
    interpreter,
  }));
  const performed = await performRuns(tasks, { threads: 1 });
  return performed.map(({ result }) => [result.name, result.digest, result.ledger.events.in]);
}

describe('interpreters', () => {
  for (const scenario of SCENARIOS) {
    it(`A19: ${scenario.name} has the same digests on both`, async () => {
      const compiled = await digestsOf(scenario, 'compiled');
      expect(compiled).toEqual(await digestsOf(scenario, 'xstate'));
      expect(compiled.length).toBe(ARCHITECTURE_NAMES.length);
    });
  }
});
