/** Stations of whole runs beside theory: what is of a closed form's kind is held to it, what is not
 * says why, and laws that do not hold show. */
import { describe, expect, it } from 'vitest';
import type { World } from '../../../src/experiment/assemble.ts';
import type { ScenarioInput } from '../../../src/experiment/scenario/schema.ts';
import { exponential, fixed } from '../../../src/experiment/scenario/values.ts';
import {
  type BrokenLaw,
  brokenLaws,
  checkStations,
  type StationCheck,
} from '../../../src/experiment/stations/station-check.ts';
import type { ArchitectureName } from '../../../src/gateway/architecture.ts';
import { ms, seconds, us } from '../../../src/kernel/time.ts';
import { DEMAND_US, loadScenario, ONE_CALL } from '../load/load-world.ts';
import { runWorld } from '../small-world.ts';

type Service = NonNullable<ScenarioInput['services']>[string];

interface Case {
  readonly perSecond: number;
  readonly seconds?: number;
  readonly architecture?: ArchitectureName;
  readonly movie?: Partial<Service>;
  readonly over?: Partial<ScenarioInput>;
  readonly look?: (world: World) => void;
}

async function check(one: Case): Promise<readonly StationCheck[]> {
  const { perSecond, architecture = 'federated', movie = {}, over = {}, look } = one;
  const scenario = loadScenario({
    seconds: one.seconds ?? 60,
    traffic: { kind: 'open', rate: [{ at: 0, perSecond }], ...ONE_CALL },
    movie,
    over,
  });
  const { world, warehouse } = await runWorld(scenario, {
    architecture,
    ...(look === undefined ? {} : { look }),
  });
  const stations = checkStations(world);
  warehouse.close();
  return stations;
}

async function movieOf(one: Case): Promise<StationCheck> {
  const station = (await check(one)).find(({ station: name }) => name === 'movie');
  if (station === undefined) throw new Error('no such station');
  return station;
}

describe('closed forms', { timeout: 180_000 }, () => {
  it('N64: a monolith asked by a Poisson stream is M/M/c, and covered', async () => {
    const [station] = await check({ perSecond: 210, seconds: 40, architecture: 'monolith' });
    expect(station).toMatchObject({ station: 'monolith', model: 'M/M/6', serverCount: 6 });
    expect(station?.theory).toMatchObject({ isExact: true, isCovered: true });
    expect(station?.note).toBeNull();
    expect(station?.utilization).toBeGreaterThan(0.66);
    expect(station?.utilization).toBeLessThan(0.74);
    const { low = 0, high = 0 } = station?.theory?.meanWaitIntervalMs ?? {};
    expect(low).toBeLessThan(station?.meanWaitMs ?? 0);
    expect(high).toBeGreaterThan(station?.meanWaitMs ?? 0);
    // Wide enough at 99.9 %, and no wider than to say something.
    expect((high - low) / (high + low)).toBeLessThan(0.8);
  });

  it.each([
    ['M/M/2', { perSecond: 60 }],
    ['M/M/2/5', { perSecond: 70, movie: { maxWaiting: 3 } }],
    ['M/D/1', { perSecond: 25, movie: { workersPerReplica: 1, baseTime: fixed(us(DEMAND_US)) } }],
    [
      'M/G/1',
      { perSecond: 18, movie: { workersPerReplica: 1, timePerEntity: exponential(ms(4)) } },
    ],
    ['M/G/2-PS', { perSecond: 60, movie: { discipline: 'processor-sharing' as const } }],
    [
      'M/M/1',
      {
        perSecond: 60,
        movie: {
          replicas: 2,
          workersPerReplica: 1,
          balancing: { policy: { kind: 'random' as const } },
        },
      },
    ],
  ])('N64: a service that is %s behind a free router is held to it', async (model, one) => {
    const station = await movieOf(one);
    expect(station.note).toBeNull();
    expect(station.theory).toMatchObject({ model, isExact: true, isCovered: true });
    expect(station.model).toBe(model);
  });

  it('N64: a service that takes longer than its scenario says is not covered', async () => {
    // Planted: 50 % more work than was drawn, as a bug in the draw would give.
    const station = await movieOf({
      perSecond: 60,
      look: ({ wired }) => {
        for (const server of wired.servers) {
          const work = server.work.bind(server);
          server.work = (attempt, demandUs) => work(attempt, demandUs * 1.5);
        }
      },
    });
    expect(station.theory).toMatchObject({ model: 'M/M/2', isExact: true, isCovered: false });
  });
});

describe('what is not of a closed form’s kind', { timeout: 180_000 }, () => {
  const short = { perSecond: 60, seconds: 20 };

  it.each([
    ['it has cache', { ...short, movie: { cache: {} } }],
    [
      'calls were tried again',
      {
        ...short,
        over: {
          requests: {
            callTimeout: ms(120),
            retry: { maxAttempts: 2, backoffBase: ms(10), backoffCap: ms(20) },
          },
        },
      },
    ],
    ['replicas have lines of their own', { ...short, movie: { replicas: 2 } }],
    [
      'waits have no variance',
      {
        perSecond: 18,
        seconds: 20,
        movie: {
          workersPerReplica: 1,
          baseTime: { kind: 'pareto' as const, minimum: 12_000, shape: 2.5 },
        },
      },
    ],
    ['it has pauses', { ...short, movie: { pauses: {} } }],
    [
      'M/G/c with several servers has no closed form',
      { ...short, movie: { baseTime: fixed(us(DEMAND_US)) } },
    ],
    [
      'there are faults',
      {
        ...short,
        over: {
          faults: [
            { kind: 'service.slow' as const, target: 'movie', at: seconds(5), for: seconds(2) },
          ],
        },
      },
    ],
    ['there are viewers besides', { ...short, over: { audience: { viewers: 2 } } }],
  ])('N64: “%s” is an approximation, held to nothing', async (note, one) => {
    const station = await movieOf(one);
    expect(station.note).toBe(note);
    expect(station.theory).toMatchObject({ isExact: false, isCovered: null });
    expect(station.theory?.source).toContain('approximation');
    expect(station.theory?.meanWaitMs).toBeGreaterThan(0);
  });

  it('N64: a closed test, a rate that changes and the WAN are no Poisson stream', async () => {
    const traffics: readonly [string, NonNullable<ScenarioInput['traffic']>][] = [
      [
        'arrivals are no open load test',
        { kind: 'closed', users: [{ at: 0, users: 3 }], ...ONE_CALL },
      ],
      [
        'the rate of arrivals changes',
        {
          kind: 'open',
          rate: [
            { at: 0, perSecond: 20 },
            { at: seconds(5), perSecond: 30 },
          ],
          ...ONE_CALL,
        },
      ],
      [
        'connections over the WAN come before',
        { kind: 'open', rate: [{ at: 0, perSecond: 20 }], ...ONE_CALL, via: 'wan' },
      ],
    ];
    for (const [note, traffic] of traffics) {
      const station = await movieOf({ perSecond: 1, seconds: 5, over: { traffic } });
      expect(station.note).toContain(note);
    }
  });

  it('N64: a run too short to be held to theory says so; one asked too much has none', async () => {
    const brief = await movieOf({ perSecond: 90, seconds: 5 });
    expect(brief.note).toContain('too short');
    expect(brief.theory).toMatchObject({ model: 'M/M/2', isExact: false, isCovered: null });
    const flooded = await movieOf({ perSecond: 150, seconds: 5 });
    expect(flooded.theory).toBeNull();
    expect(flooded.note).toContain('times what it can do');
  });
});

describe('laws', { timeout: 180_000 }, () => {
  const brief = { perSecond: 90, seconds: 5 };
  const lawsOf = (broken: readonly BrokenLaw[]) =>
    broken.map(({ station, law }) => `${station} ${law}`);

  it('N61: hold to the µs, also with jobs inside at the end', async () => {
    const clock = { start: '2026-11-20T20:00:00-05:00', duration: seconds(5), drain: 0 };
    const stations = await check({ ...brief, perSecond: 150, over: { clock } });
    const movie = stations.find(({ station }) => station === 'movie');
    expect(movie?.littlesLaw.left).toBeGreaterThan(10);
    expect(movie?.littlesLaw.left).toBe(movie?.littlesLaw.right);
    expect(movie?.utilizationLaw.left).toBe(movie?.utilizationLaw.right);
    expect(movie?.utilizationLaw.left).toBeGreaterThan(0.9);
    expect(brokenLaws({ stations })).toEqual([]);
  });

  it('N60: a limited database is a station too, and keeps them', async () => {
    const stations = await check({ ...brief, movie: { database: { connections: 2, workers: 1 } } });
    const database = stations.find(({ station }) => station === 'database.movie');
    expect(database).toMatchObject({ serverCount: 1, theory: null });
    expect(database?.meanInSystem).toBeGreaterThan(0.02);
    expect(database?.littlesLaw.left).toBe(database?.littlesLaw.right);
    expect(database?.flow.left).toBeGreaterThan(300);
    expect(brokenLaws({ stations })).toEqual([]);
  });

  it('N61: a job lost between the fleet and its server breaks flow and Little’s law', async () => {
    const stations = await check({
      ...brief,
      look: ({ wired }) => {
        const [movie] = wired.servers;
        if (movie === undefined) return;
        const finished = movie.finished.bind(movie);
        let jobs = 0;
        movie.finished = (...job) => {
          jobs += 1;
          if (jobs !== 100) finished(...job);
        };
      },
    });
    expect(lawsOf(brokenLaws({ stations }))).toEqual(['movie littlesLaw', 'movie flow']);
  });

  it('N62: a worker that is never free again breaks the utilisation law', async () => {
    const stations = await check({
      ...brief,
      perSecond: 20,
      look: ({ wired, simulation }) => {
        const leak = simulation.registerHandler('test.leak', () => {
          const [replica] = wired.servers[0]?.fleet.replicas ?? [];
          if (replica !== undefined) (replica as unknown as { inService: number }).inService += 1;
        });
        simulation.schedule(seconds(2), leak, 0);
      },
    });
    expect(lawsOf(brokenLaws({ stations }))).toEqual(['movie utilizationLaw']);
  });
});
