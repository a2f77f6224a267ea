/** Load tests over the whole request path, against theory and their own books. */
import { describe, expect, it } from 'vitest';
import { fixed } from '../../../src/experiment/scenario/values.ts';
import { createPathSampler } from '../../../src/experiment/world/path-sampler.ts';
import type { Simulation } from '../../../src/kernel/simulation.ts';
import { seconds, us } from '../../../src/kernel/time.ts';
import { meanInterval } from '../../../src/stats/mean-interval.ts';
import { runWorld } from '../small-world.ts';
import { DEMAND_US, loadScenario, ONE_CALL } from './load-world.ts';

/** Mean wait of M/M/c, by Erlang's C formula, in units of the demand. */
function erlangWait(workers: number, load: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; n < workers; n += 1) {
    term *= load / n;
    sum += term;
  }
  const waiting = ((term * load) / workers) * (workers / (workers - load));
  return waiting / (sum + waiting) / (workers - load);
}

async function movieOf(options: Parameters<typeof loadScenario>[0]) {
  const { world, warehouse } = await runWorld(loadScenario(options));
  warehouse.close();
  const movie = world.wired.servers.find(({ name }) => name === 'movie');
  if (movie === undefined) throw new Error('no movie service');
  return { world, account: movie.account };
}

describe('an open load test', () => {
  it.each([
    [1, 0.6],
    [2, 0.7],
  ])('Q61: waits by Erlang C through the whole path: %i workers, load %d', async (workers, rho) => {
    const perSecond = (rho * workers * 1e6) / DEMAND_US;
    const waits: number[] = [];
    for (let seed = 1; seed <= 6; seed += 1) {
      const { world, account } = await movieOf({
        traffic: { kind: 'open', rate: [{ at: 0, perSecond }], clients: 500, ...ONE_CALL },
        seconds: 150,
        seed,
        movie: { workersPerReplica: workers },
      });
      expect(account.answered).toBe(world.recorder.loads.length);
      // Poisson: within four standard deviations.
      expect(Math.abs(account.offered - perSecond * 150)).toBeLessThan(
        4 * Math.sqrt(perSecond * 150),
      );
      waits.push(account.waitUs / account.jobs / DEMAND_US);
    }
    const interval = meanInterval(waits, 0.99);
    const expected = erlangWait(workers, rho * workers);
    expect(interval.low).toBeLessThan(expected);
    expect(interval.high).toBeGreaterThan(expected);
    // An interval that says something.
    expect(interval.halfWidth ?? 1).toBeLessThan(expected * 0.25);
  });

  it('C6: follows its rate, and stops with the duration', async () => {
    const rate = [
      { at: 0, perSecond: 0 },
      { at: seconds(20), perSecond: 200 },
      { at: seconds(40), perSecond: 0 },
    ];
    const { world } = await movieOf({
      traffic: { kind: 'open', rate, clients: 50, ...ONE_CALL },
      seconds: 40,
      movie: { workersPerReplica: 100 },
    });
    const asked = world.recorder.loads.map(({ askedAtUs }) => askedAtUs);
    const between = (from: number, to: number) =>
      asked.filter((atUs) => atUs >= seconds(from) && atUs < seconds(to)).length;
    for (const [from, to, expected] of [
      [0, 10, 500],
      [10, 30, 3_000],
      [30, 40, 500],
    ] as const) {
      expect(Math.abs(between(from, to) - expected)).toBeLessThan(4 * Math.sqrt(expected));
    }
    expect(Math.max(...asked)).toBeLessThanOrEqual(seconds(40));
  });
});

describe('a closed load test', () => {
  const THINK_US = 70_000;

  it('A23: keeps the interactive response time law X = N ÷ (R + Z), to the µs', async () => {
    const users = 12;
    const { world, account } = await movieOf({
      traffic: {
        kind: 'closed',
        users: [{ at: 0, users }],
        thinkTime: fixed(us(THINK_US)),
        ...ONE_CALL,
      },
      seconds: 60,
    });
    const byUser = new Map<number, { pages: number; responseUs: number; lastUs: number }>();
    for (const { viewer, askedAtUs, pageLoadTimeUs } of world.recorder.loads) {
      const user = byUser.get(viewer) ?? { pages: 0, responseUs: 0, lastUs: 0 };
      user.pages += 1;
      user.responseUs += pageLoadTimeUs;
      user.lastUs = Math.max(user.lastUs, askedAtUs + pageLoadTimeUs);
      byUser.set(viewer, user);
    }
    expect(byUser.size).toBe(users);
    for (const { pages, responseUs, lastUs } of byUser.values()) {
      expect(pages).toBeGreaterThan(100);
      expect(lastUs).toBe(responseUs + pages * THINK_US);
    }
    expect(account.waitUs).toBeGreaterThan(0);
  });

  it('A23: never has more pages under way than users, and none after the end', async () => {
    const points = [
      { at: 0, users: 0 },
      { at: seconds(10), users: 20 },
      { at: seconds(20), users: 20 },
      { at: seconds(30), users: 4 },
    ];
    const { world } = await movieOf({
      traffic: { kind: 'closed', users: points, thinkTime: fixed(us(5_000)), ...ONE_CALL },
      seconds: 40,
    });
    const { loads } = world.recorder;
    const usersAt = (atUs: number) => {
      if (atUs < seconds(10)) return (20 * atUs) / seconds(10);
      if (atUs < seconds(20)) return 20;
      return atUs < seconds(30) ? 20 - (16 * (atUs - seconds(20))) / seconds(10) : 4;
    };
    // Who asks has a place; who had one when it asked may finish.
    const first = Math.min(...loads.map(({ viewer }) => viewer));
    for (const { viewer, askedAtUs } of loads) {
      expect(viewer - first + 1).toBeLessThanOrEqual(usersAt(askedAtUs) + 1e-3);
      expect(askedAtUs).toBeLessThan(seconds(40));
    }
    const seen = new Set(loads.map(({ viewer }) => viewer));
    expect(seen.size).toBe(20);
    const late = loads.filter(({ askedAtUs }) => askedAtUs > seconds(31));
    expect(new Set(late.map(({ viewer }) => viewer)).size).toBe(4);
  });
});

describe('the digest of a load test', () => {
  const scenario = (seed: number) =>
    loadScenario({
      traffic: {
        kind: 'closed',
        users: [
          { at: 0, users: 5 },
          { at: seconds(5), users: 30 },
        ],
        thinkTime: fixed(us(20_000)),
        pages: { home: 1, title: 2 },
        via: 'wan',
      },
      seconds: 8,
      seed,
      over: {
        requests: { calls: { timeoutUs: 150_000, hedge: { kind: 'fixed', delayUs: 60_000 } } },
        faults: [{ kind: 'service.outage', target: 'movie', at: seconds(3), for: seconds(1) }],
      },
    });
  const digest = async (options: Parameters<typeof runWorld>[1] = {}, seed = 1) => {
    const { world, warehouse } = await runWorld(scenario(seed), options);
    warehouse.close();
    expect(world.recorder.loads.length).toBeGreaterThan(100);
    return world.digest.value();
  };

  it('E1: is the same twice, and under the other interpreter', async () => {
    const first = await digest();
    expect(await digest()).toBe(first);
    expect(await digest({ interpreter: 'xstate' })).toBe(first);
  });

  it('E1: differs by seed and replication', async () => {
    const digests = [await digest(), await digest({ replication: 1 }), await digest({}, 2)];
    expect(new Set(digests).size).toBe(3);
  });

  it('K8: does not know of observers', async () => {
    let looks = 0;
    const watched = await digest({
      look: ({ simulation, wired, endUs }) => {
        const other = {
          get nowUs() {
            return simulation.nowUs;
          },
          registerHandler: (name: string, handler: Parameters<Simulation['registerHandler']>[1]) =>
            simulation.registerHandler(`second.${name}`, (...args) => {
              looks += 1;
              handler(...args);
            }),
          schedule: (...args: Parameters<Simulation['schedule']>) => simulation.schedule(...args),
        } as unknown as Simulation;
        createPathSampler({ simulation: other, wired, bucketUs: 7_000, endUs });
      },
    });
    expect(looks).toBeGreaterThan(1_000);
    expect(watched).toBe(await digest());
  });
});

describe('the books of a load test', () => {
  it.each(['monolith', 'direct', 'aggregation', 'federated'] as const)(
    'E12, E13: add up under %s, whatever fails',
    async (architecture) => {
      const scenario = loadScenario({
        traffic: {
          kind: 'open',
          rate: [{ at: 0, perSecond: 60 }],
          pages: { home: 1, title: 2, search: 1, play: 1 },
        },
        seconds: 12,
        movie: { maxWaiting: 5, cache: { ttl: seconds(2), maxEntries: 20 }, database: {} },
        over: {
          network: { zones: 2 },
          requests: {
            calls: {
              timeoutUs: 120_000,
              deadline: {},
              hedge: { kind: 'fixed', delayUs: 40_000, capRatio: 0.5 },
              bulkhead: { maxConcurrent: 8, maxWaiting: 20, maxWaitUs: 30_000 },
              fallback: [{ kind: 'stale-cache', maxStalenessUs: 1_000_000 }],
            },
            pages: { timeoutUs: 600_000, deadline: {}, retry: { maxAttempts: 2 } },
          },
          faults: [
            { kind: 'service.outage', target: 'talent', at: seconds(2), for: seconds(2) },
            { kind: 'zone.loss', zone: 0, at: seconds(5), for: seconds(2) },
            {
              kind: 'service.slow',
              target: 'production',
              at: seconds(8),
              for: seconds(2),
              factor: 9,
            },
          ],
        },
      });
      const { world, warehouse } = await runWorld(scenario, { architecture });
      warehouse.close();
      for (const { account } of world.wired.edges) {
        const ended = account.answers + account.errors + account.timeouts + account.hangUps;
        const settled = Object.values(account.settled).reduce((sum, count) => sum + count, 0);
        expect(account.calls).toBe(settled + account.abandoned);
        expect(account.attempts).toBe(ended);
        expect(account.attempts).toBeGreaterThan(100);
      }
      for (const { name, account, inFlight, fleet } of world.wired.servers) {
        const failed = Object.values(account.failures).reduce((sum, count) => sum + count, 0);
        expect([name, account.offered]).toEqual([name, account.answered + failed + inFlight]);
        expect([name, inFlight]).toEqual([name, 0]);
        expect(fleet.statistics().inSystem).toBe(0);
      }
      expect(world.recorder.openCount).toBe(0);
      expect(new Set(world.recorder.loads.map(({ outcome }) => outcome)).size).toBeGreaterThan(1);
    },
  );
});
