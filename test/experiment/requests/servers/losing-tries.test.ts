/** What becomes of tries whose replica goes, or that never got to a worker. */
import { describe, expect, it } from 'vitest';
import { serverResults } from '../../../../src/experiment/results/calls-and-servers.ts';
import type { ScenarioInput } from '../../../../src/experiment/scenario/schema.ts';
import { fixed } from '../../../../src/experiment/scenario/values.ts';
import { ms, seconds, us } from '../../../../src/kernel/time.ts';
import { ampleServices, runWorld, smallScenario } from '../../small-world.ts';

type Service = NonNullable<ScenarioInput['services']>[string];

/** A load test of title pages from inside the datacentre. */
function titlePages(perSecond: number): ScenarioInput['traffic'] {
  return {
    kind: 'open',
    rate: [{ at: 0, perSecond }],
    via: 'datacentre',
    pages: { title: 1 },
  };
}

function scenarioWith(talent: Partial<Service>, overrides: Partial<ScenarioInput> = {}) {
  const ample = { replicas: 1, workersPerReplica: 500, baseTime: fixed(ms(5)), timePerEntity: 0 };
  return smallScenario({
    clock: { start: '2026-11-20T20:00:00Z', duration: seconds(60), drain: seconds(20) },
    audience: { viewers: 0 },
    traffic: titlePages(40),
    services: { ...ampleServices(), talent: { ...ample, ...talent } as Service },
    ...overrides,
  });
}

async function talentOf(scenario: ReturnType<typeof scenarioWith>) {
  const { world, warehouse } = await runWorld(scenario);
  warehouse.close();
  const talent = serverResults(world).find(({ name }) => name === 'talent');
  if (talent === undefined) throw new Error('no talent service');
  return talent;
}

describe('a cache with coalescing', () => {
  const cache = { ttl: ms(200), coalesce: true };

  it('E26: whoever waits for a fetch whose try was rejected is told', async () => {
    const talent = await talentOf(
      scenarioWith({ cache, workersPerReplica: 1, maxWaiting: 1, baseTime: fixed(ms(20)) }),
    );
    expect(talent.failures['rejected']).toBeGreaterThan(50);
    expect(talent.inFlight).toBe(0);
  });

  it('E26: whoever waits for a fetch whose replica crashed is told', async () => {
    const talent = await talentOf(
      scenarioWith(
        { cache, replicas: 3, workersPerReplica: 2, balancing: 'round-robin' },
        {
          network: { zones: 3 },
          faults: [{ kind: 'zone.loss', zone: 1, at: seconds(20), for: seconds(20) }],
        },
      ),
    );
    expect(talent.answered).toBeGreaterThan(2_000);
    expect(talent.inFlight).toBe(0);
  });

  it('E26: comes back empty after an outage', async () => {
    const load = (faults: ScenarioInput['faults']) =>
      talentOf(scenarioWith({ cache: { ttl: seconds(600), coalesce: true } }, { faults }));
    const calm = await load([]);
    const cold = await load([
      { kind: 'service.outage', target: 'talent', at: seconds(30), for: ms(1) },
    ]);
    expect(calm.offered).toBe(cold.offered);
    const missed = (one: typeof calm) => 1 - (one.cacheHitShare ?? 0);
    // Most of what is asked for was asked for before, and must be fetched again.
    expect(missed(cold)).toBeGreaterThan(1.4 * missed(calm));
  });
});

describe('a gateway that is scaled in', () => {
  it('E26: ends the pages that it has begun', async () => {
    const federated = {
      replicas: 6,
      workersPerReplica: 2,
      planTime: us(500),
      mergeTimePerFetch: us(100),
      mergeTimePerKib: us(10),
      autoscaler: { hpa: { minReplicas: 1, maxReplicas: 6, scaleDown: { stabilizationUs: 0 } } },
    };
    const scenario = scenarioWith(
      { baseTime: fixed(ms(900)) },
      { architectures: { federated }, requests: { callTimeout: seconds(5) } },
    );
    const { world, warehouse } = await runWorld(scenario);
    warehouse.close();
    const router = serverResults(world).find(({ name }) => name === 'router');
    expect(router?.replicas).toMatchObject({ max: 6, min: 1 });
    // Some 36 pages are under way at any time: without care five sixths of them would be lost.
    expect(router?.failures).toEqual({});
    expect(router?.answered).toBeGreaterThan(2_000);
    for (const { fleet } of world.wired.servers) {
      expect(fleet.replicas.some(({ state }) => state === 'draining')).toBe(false);
    }
  });
});
