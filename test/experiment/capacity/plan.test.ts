/** `plan` through whole scenarios: against theory, and where nothing can be planned. */
import { describe, expect, it } from 'vitest';
import { createCampaign } from '../../../src/experiment/campaign/campaign.ts';
import { type PlanOptions, planCapacity } from '../../../src/experiment/capacity/plan.ts';
import type { Scenario } from '../../../src/experiment/scenario/schema.ts';
import { createChance } from '../../../src/kernel/chance.ts';
import { EngineError } from '../../../src/kernel/errors.ts';
import { smallScenario } from '../small-world.ts';
import { queueScenario, SERVERS, serversByTheory } from './queue-scenario.ts';

const IS_LONG = process.env['BACKLOT_LONG'] === '1';

async function planned(
  scenario: Scenario,
  options: Partial<PlanOptions> & { readonly runs?: number } = {},
) {
  const campaign = createCampaign({ threads: 1, maxRuns: options.runs });
  try {
    return await planCapacity(scenario, {
      architectures: ['monolith'],
      headroom: false,
      ...options,
      campaign,
    });
  } finally {
    await campaign.close();
  }
}

/** A case by its number: 1 to 12 erlangs, a limit that lets some wait: without waiting, 95 of 100
 * pages take less than 3 times the mean. */
function randomCase(n: number) {
  const draws = createChance({ seed: 20_261_127, replication: 0 }).draws('case');
  return {
    seed: n + 1,
    offeredErlangs: 12 ** draws.uniform(n, 0),
    meanServiceMs: 20 + 80 * draws.uniform(n, 1),
    limitMs: 0,
    stretch: 3.6 + 1.2 * draws.uniform(n, 2),
  };
}

async function differenceFromTheory(n: number, pages: number): Promise<number> {
  const { stretch, ...drawn } = randomCase(n);
  const of = { ...drawn, pages, limitMs: Math.round(stretch * drawn.meanServiceMs) };
  const document = await planned(queueScenario(of));
  expect(document.verdict).toBe('met');
  return (document.plans[0]?.fleet?.[SERVERS] ?? 0) - serversByTheory(of);
}

describe('a plan of one M/M/c station', () => {
  it('E210: has as many servers as Erlang C, ± 1, in two cases through scenarios', async () => {
    for (const n of [0, 1]) {
      expect(Math.abs(await differenceFromTheory(n, 300))).toBeLessThanOrEqual(1);
    }
  });

  it.runIf(IS_LONG)(
    'E210: has as many servers as Erlang C, ± 1, in a hundred',
    async () => {
      const off: unknown[] = [];
      for (let n = 0; n < 100; n += 1) {
        const difference = await differenceFromTheory(n, 1_500);
        if (Math.abs(difference) > 1) off.push({ n, difference });
      }
      expect(off).toEqual([]);
    },
    1_800_000,
  );
  if (!IS_LONG) console.log('plan: 2 of 100 cases through scenarios; BACKLOT_LONG=1 runs all');

  it('E218: says what it costs, what binds, why less does not do, and theory', async () => {
    const scenario = queueScenario({
      offeredErlangs: 3,
      meanServiceMs: 50,
      limitMs: 200,
      overrides: { prices: { coreHour: 1, memoryGibPerCore: 0, partitionHour: 0 } },
    });
    const demand = [
      { factor: 1, probability: 1 },
      { factor: 1.5, probability: 1 },
    ];
    const document = await planned(scenario, {
      planning: { demand, replications: 4 },
      headroom: true,
    });
    const [plan] = document.plans;
    const servers = plan?.fleet?.[SERVERS] ?? 0;
    expect(document.recommended).toBe('monolith');
    expect(plan?.usdPerHour).toBeCloseTo(servers, 9);
    expect(plan).toMatchObject({ isMinimumVerified: true, confirmedReplications: 4 });
    expect(plan?.binding).toMatchObject({ situation: 'all zones', station: 'monolith' });
    expect(plan?.verdicts.map(({ verdict }) => verdict)).toEqual(['pass']);
    const neighbour = plan?.excuses.find(({ isNeighbour }) => isNeighbour);
    expect(neighbour?.fleet[SERVERS]).toBe(servers - 1);
    expect(plan?.staffing[0]?.offeredErlangs).toBeCloseTo(3, 0);
    const [low, high] = plan?.regret?.rows ?? [];
    expect(low?.fleet[SERVERS]).toBe(servers);
    expect(high?.fleet[SERVERS]).toBeGreaterThan(servers);
    expect(plan?.headroom?.factor.value).toBeGreaterThan(1);
    expect(document.simulated.some(({ isOnFront }) => isOnFront)).toBe(true);
    expect(document.simulated.filter(({ meetsObjectives }) => meetsObjectives)[0]?.fleet).toEqual(
      plan?.fleet,
    );
    expect(document.simulated.every(({ usdPerHour }) => usdPerHour > 0)).toBe(true);
  });
});

describe('a plan that cannot be', () => {
  const of = { offeredErlangs: 3, meanServiceMs: 50, limitMs: 200, pages: 100 };

  it('E203: is refused before it runs, with every problem at once', async () => {
    const nobody = smallScenario({
      audience: { viewers: 0 },
      traffic: { kind: 'open', rate: [{ at: 0, perSecond: 0 }], pages: { home: 1 } },
      planning: { survive: 'zone', vary: {} },
    });
    const error = await planned(nobody).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EngineError);
    const { code, details } = error as EngineError<'SCENARIO_UNPLANNABLE'>;
    expect(code).toBe('SCENARIO_UNPLANNABLE');
    const paths = details.problems.map(({ path }) => path);
    expect(paths).toEqual(['traffic', 'objectives', 'planning.survive']);
  });

  it('E202: names ranges that contradict the scenario', async () => {
    const refused = async (vary: Record<string, { min: number; max: number; step: number }>) => {
      const error = await planned(queueScenario(of), { planning: { vary } }).catch(String);
      return String(error);
    };
    const range = { min: 1, max: 3, step: 1 };
    expect(await refused({ 'services.tallent.replicas': range })).toMatch(/mean "talent"/);
    expect(await refused({ [SERVERS]: { ...range, min: 5 } })).toMatch(/min 5, max 3/);
    expect(await refused({ 'audience.viewers': range })).toMatch(/who asks/);
    expect(await refused({ 'clickstream.workers.count': range })).toMatch(/clickstream.workers/);
    expect(await refused({ 'architectures.federated.replicas': range })).toMatch(/nothing that/);
    const autoscaler = { hpa: { maxReplicas: 9 } };
    const scaled = queueScenario({
      ...of,
      overrides: {
        architectures: { monolith: { replicas: 1, workersPerReplica: 4, autoscaler } },
      },
    });
    await expect(planned(scaled)).rejects.toThrow(/a server with an autoscaler/);
  });

  it('E208: is impossible where the largest fleet misses, with the best found', async () => {
    const document = await planned(queueScenario({ ...of, limitMs: 60 }));
    expect(document).toMatchObject({ verdict: 'impossible', recommended: null });
    const [plan] = document.plans;
    expect(plan?.fleet).toBeNull();
    expect(plan?.bestFound?.[SERVERS]).toBeGreaterThan(0);
    expect(plan?.reason).toMatch(/largest fleet .* p95\(page.load\) < 60ms/);
    expect(plan?.excuses.length).toBeGreaterThan(0);
  });

  it('E208: saturated at the largest fleet is impossible too', async () => {
    const vary = { [SERVERS]: { min: 1, max: 2, step: 1 } };
    const document = await planned(queueScenario(of), { planning: { vary } });
    expect(document.verdict).toBe('impossible');
    expect(document.plans[0]?.excuses[0]?.missed.stationUtilization).toBeGreaterThan(0.9);
  });

  it('E208: keeps the best so far when the budget is used up', async () => {
    const document = await planned(queueScenario(of), { runs: 12, maxRuns: 12 });
    expect(document).toMatchObject({ verdict: 'budget', runs: { made: 12, max: 12 } });
    expect(document.plans[0]?.bestFound?.[SERVERS]).toBeGreaterThan(0);
  });
});
