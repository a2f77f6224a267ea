/** What runs cost: bills that add up, machines by the moment, fleets without running them. */
import { afterAll, describe, expect, it } from 'vitest';
import { COST_KINDS, totalUsd, usdByKind } from '../../../src/experiment/costs/bill.ts';
import { fleetCostPerHour } from '../../../src/experiment/costs/fleet-cost.ts';
import { machinesOf } from '../../../src/experiment/costs/machines.ts';
import {
  type RunCost,
  runCost,
  usdPerMillionRequestsAtSlo,
} from '../../../src/experiment/costs/run-cost.ts';
import { trafficResult } from '../../../src/experiment/results/traffic.ts';
import { priceBookSchema } from '../../../src/experiment/scenario/goals/price-schema.ts';
import type { Scenario } from '../../../src/experiment/scenario/schema.ts';
import { fixed, lognormal } from '../../../src/experiment/scenario/values.ts';
import { ARCHITECTURE_NAMES } from '../../../src/gateway/architecture.ts';
import { minutes, ms, seconds, us } from '../../../src/kernel/time.ts';
import { runWorld, type SmallOverrides, smallScenario } from '../small-world.ts';

const warehouses: { close(): void }[] = [];
afterAll(() => {
  for (const warehouse of warehouses) warehouse.close();
});

const PRICES = priceBookSchema.parse({});
const FREE = {
  coreHour: 0,
  memoryGibHour: 0,
  millionRequests: 0,
  partitionHour: 0,
  storageGibMonth: 0,
  warehouseGibMonth: 0,
};

function priced(overrides: SmallOverrides = {}): Scenario {
  return smallScenario({ prices: {}, ...overrides });
}

const made = new Map<string, ReturnType<typeof run>>();

/** Runs it, or remembers that it has. */
function costOf(
  scenario: Scenario,
  architecture: 'federated' | 'direct' = 'federated',
): ReturnType<typeof run> {
  const key = `${architecture} ${JSON.stringify(scenario)}`;
  const found = made.get(key) ?? run(scenario, architecture);
  made.set(key, found);
  return found;
}

async function run(scenario: Scenario, architecture: 'federated' | 'direct') {
  const { world, warehouse } = await runWorld(scenario, { architecture });
  warehouses.push(warehouse);
  const cost = runCost(world);
  expect(cost).not.toBeNull();
  return { world, cost: cost as RunCost };
}

function service(replicas: number) {
  return {
    replicas,
    workersPerReplica: 2,
    baseTime: lognormal(ms(5), 0.5),
    timePerEntity: us(100),
  };
}

function servicesWith(replicas: number) {
  return { movie: service(replicas), production: service(1), talent: service(1) };
}

describe('the bill of a run', () => {
  it('E300: usd = Σ usdBy, and each is quantity × price', async () => {
    const { world, cost } = await costOf(priced());
    const { usdBy, quantities: used } = cost;
    expect(Object.keys(usdBy).sort()).toEqual([...COST_KINDS].sort());
    const sum = Object.values(usdBy).reduce((total, usd) => total + usd, 0);
    expect(cost.usd).toBeCloseTo(sum, 15);
    expect(usdBy).toEqual(usdByKind(used, PRICES, usdBy.traffic));
    for (const usd of Object.values(usdBy)) expect(usd).toBeGreaterThan(0);
    // Eight minutes of 4 + 2 + 2 workers of services and 4 of the router, nothing scaled.
    expect(used.coreHours).toBeCloseTo((12 * 8) / 60, 12);
    expect(used.memoryGibHours).toBeCloseTo(used.coreHours * 2, 12);
    expect(used.partitionHours).toBeCloseTo((4 * 8) / 60, 12);
    const truth = world.clickstream.truth();
    expect(used.requests).toBe(world.recorder.wan.calls + truth.requests);
    expect(truth.requests).toBeGreaterThan(20);
    expect(used.lakeGibMonths).toBeCloseTo((truth.accepted * 55 * 12) / 2 ** 30, 12);
  });

  it('E300: rates are the same dollars over hours, plays and pages that worked', async () => {
    const { world, cost } = await costOf(priced());
    expect(cost.usdPerHour).toBeCloseTo((cost.usd * 60) / 8, 12);
    const { plays } = world.clickstream.truth();
    expect(plays).toBeGreaterThan(5);
    expect(((cost.usdPerThousandPlays ?? 0) * plays) / 1e3).toBeCloseTo(cost.usd, 12);
    const pages = world.recorder.loads.filter(({ outcome }) => outcome === 'ok').length;
    expect(((cost.usdPerMillionPages ?? 0) * pages) / 1e6).toBeCloseTo(cost.usd, 12);
  });

  it('E300: a run without a price book costs nothing that could be told', async () => {
    const { world } = await costOf(priced());
    expect(runCost({ ...world, scenario: smallScenario() })).toBeNull();
  });

  it('E303: traffic has its prices in `network.prices` alone', async () => {
    const network = { prices: { internet: 1_000, sameZone: 0, otherZone: 0, otherRegion: 0 } };
    const { world, cost } = await costOf(priced({ prices: FREE, network }));
    const traffic = trafficResult(world);
    const answers = world.clickstream.truth().requests * 300;
    expect(cost.usd).toBeCloseTo(((traffic.wan.down + answers) / 1e9) * 1_000, 9);
    expect(cost.usdBy.cores).toBe(0);
  });

  it('E300: direct access asks more often, and requests say so', async () => {
    const federated = await costOf(priced());
    const direct = await costOf(priced(), 'direct');
    expect(direct.cost.usdBy.requests).toBeGreaterThan(federated.cost.usdBy.requests);
    expect(direct.cost.usdBy.storage).toBeGreaterThan(0);
  });
});

describe('machines', () => {
  it('E301: are paid for by the moment: what an autoscaler adds, when it adds it', async () => {
    const autoscaler = {
      hpa: {
        minReplicas: 1,
        maxReplicas: 6,
        metrics: [{ kind: 'resource-utilization' as const, targetPercent: 20 }],
      },
    };
    const busy = {
      ...service(1),
      workersPerReplica: 1,
      baseTime: fixed(ms(250)),
      startupTime: fixed(seconds(20)),
      autoscaler,
    };
    const scenario = priced({
      services: { movie: busy, production: service(1), talent: service(1) },
      audience: { viewers: 120 },
    });
    const { world, cost } = await costOf(scenario);
    const movie = world.wired.servers.findIndex(({ name }) => name === 'movie');
    const { memberUs, coresPerReplica } = world.machineTime[movie] ?? raise();
    const sampled = world.sampler.servers[movie]?.replicas ?? [];
    expect(Math.max(...sampled)).toBeGreaterThan(1);
    expect(coresPerReplica).toBe(1);
    // Starting replicas are paid for and not ready: at least the time that they were ready.
    const { bucketUs } = world;
    const buckets = sampled.slice(0, world.durationUs / bucketUs);
    const readyUs = buckets.reduce((sum, count) => sum + count * bucketUs, 0);
    expect(memberUs).toBeGreaterThan(readyUs - 6 * bucketUs);
    expect(memberUs).toBeLessThan(6 * world.durationUs);
    const others = world.machineTime.reduce(
      (sum, one, n) => sum + (n === movie ? 0 : one.memberUs * one.coresPerReplica),
      0,
    );
    expect(cost.quantities.coreHours).toBeCloseTo((memberUs + others) / 3.6e9, 9);
  });

  it('E301: a lost zone is paid for', async () => {
    const network = { zones: 2 };
    const lost = await costOf(
      priced({
        network,
        services: servicesWith(2),
        faults: [{ kind: 'zone.loss', zone: 1, at: minutes(2), for: minutes(3) }],
      }),
    );
    const cores = machinesOf(lost.world.scenario, 'federated').servers.reduce(
      (sum, { replicas, coresPerReplica }) => sum + replicas * coresPerReplica,
      0,
    );
    expect(lost.cost.quantities.coreHours).toBeCloseTo((cores * 8) / 60, 12);
  });

  it('E301: the cores of a database that is described are paid for', () => {
    const database = { workers: 16 };
    const with16 = priced({
      services: { ...servicesWith(1), movie: { ...service(1), database } },
    });
    const without = priced({ services: servicesWith(1) });
    expect(machinesOf(with16, 'federated').databases).toEqual([
      { name: 'movie database', replicas: 1, coresPerReplica: 16 },
    ]);
    const perCore = PRICES.coreHour + 2 * PRICES.memoryGibHour;
    const more = fleetCostPerHour(with16, 'direct') - fleetCostPerHour(without, 'direct');
    expect(more).toBeCloseTo(16 * perCore, 12);
  });
});

describe('the cost of a fleet', () => {
  it('E302: is that of a run without autoscalers, but for what traffic costs', async () => {
    const workers = { count: 3, coresPerWorker: 2, memoryGibPerWorker: 8 };
    const scenario = priced({ clickstream: { workers } });
    for (const architecture of ['federated', 'direct'] as const) {
      const { usdBy } = (await costOf(scenario, architecture)).cost;
      const fixedUsd = usdBy.cores + usdBy.memory + usdBy.pipeline;
      expect(fleetCostPerHour(scenario, architecture)).toBeCloseTo((fixedUsd * 60) / 8, 12);
    }
  });

  it('E302: grows with replicas, workers and partitions on every architecture', () => {
    for (const architecture of ARCHITECTURE_NAMES) {
      const costs = [1, 2, 5, 9].map((n) =>
        fleetCostPerHour(
          priced({
            services: servicesWith(n),
            architectures: { monolith: { replicas: n, workersPerReplica: 2 } },
            clickstream: { partitions: n, workers: { count: n } },
          }),
          architecture,
        ),
      );
      expect(costs).toEqual([...costs].sort((a, b) => a - b));
      expect(new Set(costs).size).toBe(costs.length);
    }
  });

  it('E302: without a price book it is that of the default one', () => {
    expect(fleetCostPerHour(smallScenario(), 'monolith')).toBe(
      fleetCostPerHour(priced(), 'monolith'),
    );
  });

  it('E304: a million requests have a price where objectives hold, and only there', () => {
    const measured = { usdPerHour: 7.2, requestsPerSec: 20 };
    const usd = usdPerMillionRequestsAtSlo({ ...measured, meetsObjectives: true });
    expect(usd).toBeCloseTo(100, 12);
    expect(usdPerMillionRequestsAtSlo({ ...measured, meetsObjectives: false })).toBeNull();
    const idle = { ...measured, requestsPerSec: 0, meetsObjectives: true };
    expect(usdPerMillionRequestsAtSlo(idle)).toBeNull();
  });

  it('E300: Σ closes for any quantities', () => {
    const used = {
      coreHours: 1,
      memoryGibHours: 2,
      requests: 3e6,
      lakeGibMonths: 4,
      warehouseGibMonths: 5,
      partitionHours: 6,
      pipelineCoreHours: 7,
      pipelineMemoryGibHours: 8,
    };
    const flat = priceBookSchema.parse({
      ...Object.fromEntries(Object.keys(FREE).map((name) => [name, 1])),
    });
    expect(totalUsd(usdByKind(used, flat, 9))).toBe(1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9);
  });
});

function raise(): never {
  throw new Error('no such server');
}
