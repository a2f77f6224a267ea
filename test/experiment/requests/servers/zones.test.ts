/** Zones on the request path: links between them, and an autoscaler while one is away. */
import { describe, expect, it } from 'vitest';
import { requestLedger } from '../../../../src/experiment/results/ledger.ts';
import { fixed } from '../../../../src/experiment/scenario/values.ts';
import { ms, seconds, us } from '../../../../src/kernel/time.ts';
import { runWorld, smallScenario } from '../../small-world.ts';

function scenarioWith(overrides: Parameters<typeof smallScenario>[0]) {
  const service = { replicas: 3, workersPerReplica: 50, baseTime: fixed(ms(2)), timePerEntity: 0 };
  return smallScenario({
    clock: { start: '2026-11-20T20:00:00Z', duration: seconds(100), drain: seconds(20) },
    audience: { viewers: 0 },
    traffic: {
      kind: 'open',
      rate: [{ at: 0, perSecond: 20 }],
      via: 'datacentre',
      operations: [{ name: 'name', query: 'query Name($id: ID!) { title(id: $id) { name } }' }],
    },
    services: { movie: service, production: service, talent: service },
    ...overrides,
  });
}

async function meanMsOf(balancing: object | undefined): Promise<number> {
  const { services } = scenarioWith({});
  const { world, warehouse } = await runWorld(
    scenarioWith({
      network: {
        zones: 3,
        datacentre: { sameZone: fixed(us(500)), otherZone: fixed(ms(20)) },
      },
      services: { ...services, movie: { ...services['movie'], ...balancing } } as never,
      architectures: {
        federated: {
          replicas: 3,
          workersPerReplica: 50,
          planTime: 0,
          mergeTimePerFetch: 0,
          mergeTimePerKib: 0,
          balancing: 'round-robin',
        },
      },
    }),
  );
  warehouse.close();
  const { loads } = world.recorder;
  expect(loads.length).toBeGreaterThan(1_800);
  return loads.reduce((sum, load) => sum + load.pageLoadTimeUs, 0) / loads.length / 1_000;
}

describe('calls between zones', () => {
  it('E28: take the link between zones, unless balancers keep them in theirs', async () => {
    const spread = await meanMsOf({ balancing: { policy: { kind: 'random' } } });
    const kept = await meanMsOf({ balancing: { policy: { kind: 'random' }, zones: {} } });
    // One call a page; two of three zones are another one: 2/3 · (20 ms − 0.5 ms).
    expect(spread - kept).toBeGreaterThan(12);
    expect(spread - kept).toBeLessThan(14);
  });
});

describe('an autoscaler while a zone is away', () => {
  it('E28: keeps what is left, and closes its books', async () => {
    const { services } = scenarioWith({});
    const movie = {
      ...services['movie'],
      replicas: 6,
      workersPerReplica: 1,
      baseTime: fixed(ms(180)),
      autoscaler: {
        hpa: {
          minReplicas: 1,
          maxReplicas: 9,
          scaleDown: { stabilizationUs: 0 },
          metrics: [{ kind: 'resource-utilization', targetPercent: 60 }],
        },
      },
    };
    // 20 pages a second at 180 ms: 3.6 workers, 60 % of six, 90 % of the four that are left.
    const { world, warehouse } = await runWorld(
      scenarioWith({
        seed: 3,
        clock: { start: '2026-11-20T20:00:00Z', duration: seconds(300), drain: seconds(60) },
        network: { zones: 3 },
        services: { ...services, movie } as never,
        faults: [{ kind: 'zone.loss', zone: 2, at: seconds(60), for: seconds(180) }],
      }),
    );
    warehouse.close();
    const bucketsPerSecond = 1 / (world.bucketUs / 1e6);
    const samples = world.sampler.servers.find(({ name }) => name === 'movie')?.replicas ?? [];
    const during = samples.slice(70 * bucketsPerSecond, 235 * bucketsPerSecond);
    expect(during.length).toBeGreaterThan(10);
    // A third of the pods is unknown, the others work half as much again: no reason for fewer.
    const before = samples[Math.floor(49 * bucketsPerSecond)] ?? 0;
    expect(before).toBeGreaterThanOrEqual(6);
    expect(Math.min(...during)).toBeGreaterThanOrEqual(before - Math.ceil(before / 3));
    expect(requestLedger(world)).toMatchObject({ residual: 0, inFlight: 0 });
  });
});
