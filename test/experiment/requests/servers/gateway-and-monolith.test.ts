/** Gateways and the monolith: crashes, drains and hang-ups with pages under way. */
import { describe, expect, it } from 'vitest';
import type { World } from '../../../../src/experiment/assemble.ts';
import { fixed } from '../../../../src/experiment/scenario/values.ts';
import type { ArchitectureName } from '../../../../src/gateway/architecture.ts';
import { ms, us } from '../../../../src/kernel/time.ts';
import { loadScenario } from '../../load/load-world.ts';
import { runWorld } from '../../small-world.ts';

type Over = NonNullable<Parameters<typeof loadScenario>[0]['over']>;

/** Eight users, a home page each, asked for at 100 ms: nothing waits, and services take 200 ms. */
async function pagesUnderWay(
  architecture: ArchitectureName,
  act: (world: World) => void,
  options: { readonly atUs: number; readonly requests?: Over['requests'] },
): Promise<World> {
  const slow = { replicas: 2, workersPerReplica: 50, baseTime: fixed(ms(200)), timePerEntity: 0 };
  const gateway = {
    replicas: 2,
    workersPerReplica: 8,
    planTime: us(1_000),
    mergeTimePerFetch: us(100),
    mergeTimePerKib: 0,
  };
  const scenario = loadScenario({
    traffic: {
      kind: 'closed',
      users: [{ at: 0, users: 8 }],
      thinkTime: fixed(ms(100)),
      pages: { home: 1 },
      via: 'datacentre',
    },
    seconds: 0.15,
    over: {
      services: { movie: slow, production: slow, talent: slow },
      architectures: { aggregation: gateway, federated: gateway },
      network: {
        zones: 2,
        datacentre: { roundTripTime: fixed(us(0)), bandwidthBitsPerSec: 1e15, lossProbability: 0 },
      },
      ...(options.requests === undefined ? {} : { requests: options.requests }),
    },
  });
  const { world, warehouse } = await runWorld(scenario, {
    architecture,
    look: (running) => {
      const handler = running.simulation.registerHandler('test.act', () => act(running));
      running.simulation.schedule(options.atUs, handler, 0);
    },
  });
  warehouse.close();
  expect(world.recorder.loads).toHaveLength(8);
  return world;
}

function outcomes({ recorder }: World): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { outcome } of recorder.loads) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

const entry = ({ wired }: World) => wired.servers.at(-1);

function expectBooksClosed({ wired }: World): void {
  for (const { name, account, inFlight, fleet } of wired.servers) {
    const failed = Object.values(account.failures).reduce((sum, count) => sum + count, 0);
    expect([name, account.offered - account.answered - failed, inFlight]).toEqual([name, 0, 0]);
    expect(fleet.statistics().inSystem).toBe(0);
  }
  for (const { account } of wired.edges) {
    expect(account.attempts).toBe(
      account.answers + account.errors + account.timeouts + account.hangUps,
    );
  }
}

describe.each(['aggregation', 'federated', 'monolith'] as const)('%s', (architecture) => {
  it('A11: a crash of all fails every page under way, and gives its calls up', async () => {
    const crash = (world: World) => entry(world)?.crash(undefined);
    const world = await pagesUnderWay(architecture, crash, { atUs: 200_000 });
    expect(outcomes(world)).toEqual({ failed: 8 });
    expect(entry(world)?.account.failures).toEqual({ reset: 8 });
    for (const { account } of world.wired.edges) {
      if (account.name.startsWith('clients')) continue;
      expect(account.abandoned).toBe(account.calls - account.settled.answered);
    }
    expectBooksClosed(world);
  });

  it('A11: a crash of a zone fails the pages of its replicas alone', async () => {
    const crash = (world: World) => entry(world)?.crash(1);
    const world = await pagesUnderWay(architecture, crash, { atUs: 200_000 });
    const { ok, failed } = outcomes(world);
    expect([ok, failed]).toEqual([4, 4]);
    expectBooksClosed(world);
  });

  it('Q70: a replica that drains ends the pages that it has', async () => {
    const scaleIn = (world: World) => entry(world)?.fleet.scaleTo(1);
    const world = await pagesUnderWay(architecture, scaleIn, { atUs: 200_000 });
    expect(outcomes(world)).toEqual({ ok: 8 });
    expect(entry(world)?.fleet.replicas.map(({ state }) => state)).toEqual(['ready', 'down']);
    expectBooksClosed(world);
  });
});

describe('a client that hangs up', () => {
  const impatient = { pages: { timeoutUs: 150_000, retry: { maxAttempts: 1 }, deadline: {} } };

  it('E13: ends its page at the gateway, and the calls that wait for it', async () => {
    const world = await pagesUnderWay('federated', () => {}, { atUs: 1, requests: impatient });
    expect(outcomes(world)).toEqual({ failed: 8 });
    expect(entry(world)?.account.failures).toEqual({ expired: 8 });
    const inner = world.wired.edges.filter(({ account }) => !account.name.startsWith('clients'));
    expect(inner.reduce((sum, { account }) => sum + account.abandoned, 0)).toBeGreaterThan(7);
    expectBooksClosed(world);
  });

  it('E13: does not end what the monolith has begun: the work is done, and wasted', async () => {
    const world = await pagesUnderWay('monolith', () => {}, { atUs: 1, requests: impatient });
    expect(outcomes(world)).toEqual({ failed: 8 });
    const account = entry(world)?.account;
    expect(account).toMatchObject({ offered: 8, answered: 8, failures: {} });
    const [edge] = world.wired.edges;
    expect(edge?.account).toMatchObject({ timeouts: 8, lateAnswers: 8 });
    expect(edge?.account.wastedWorkUs).toBe(account?.workUs);
    expectBooksClosed(world);
  });
});
