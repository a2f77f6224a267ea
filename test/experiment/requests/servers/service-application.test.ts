/** What a service does with a call: cache, coalescing, database, to the microsecond. */
import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../../../src/experiment/requests/calls/call.ts';
import { createEntityCache } from '../../../../src/experiment/requests/servers/entity-cache.ts';
import type { CacheConfig } from '../../../../src/queueing/caches/cache.ts';
import { createCache } from '../../../../src/queueing/caches/cache.ts';
import { serverBench, TELLING } from '../../server-bench.ts';

const CACHE: CacheConfig = { ttlUs: 1_000_000, maxEntries: 100, coalesce: true };
const AMPLE = { workersPerReplica: 8 };

type Bench = ReturnType<typeof serverBench>;

describe('the cache of a service', () => {
  it('E15: a hit saves its share of the CPU and the database', () => {
    const bench = serverBench({ cache: CACHE, hitUs: 50 });
    const asked = { cpuUs: 5_000, entitiesUs: 4_000, keys: ['x', 'y'], roundTrips: 1 };
    bench.ask(0, 'miss', asked);
    bench.ask(100_000, 'hit', asked);
    bench.ask(200_000, 'half', { ...asked, keys: ['x', 'z'] });
    // Miss: 1,000 + 5,000 + 2,000 + 1,000. Hit: 1,000 + (5,000 − 4,000 + 2 · 50) + 1,000.
    // Half: 1,000 + (5,000 − 2,000 + 50) + 2,000 + 1,000.
    expect(bench.run()).toEqual([
      'miss answered at 9000',
      'hit answered at 103100',
      'half answered at 207050',
    ]);
    expect(bench.server.cacheHitShare).toBe(0.5);
  });

  it('E15: an entry past its time to live is fetched anew', () => {
    const bench = serverBench({ cache: { ...CACHE, ttlUs: 50_000 } });
    bench.ask(0, 'x', { cpuUs: 1_000, roundTrips: 1 });
    bench.ask(53_000, 'x', { cpuUs: 1_000, roundTrips: 1 });
    expect(bench.run()).toEqual(['x answered at 5000', 'x answered at 58000']);
  });

  it('Q74: who comes while a key is fetched waits for that and is woken once', () => {
    const bench = serverBench({ cache: CACHE, fleet: AMPLE });
    const keys = ['x', 'y'];
    bench.ask(0, 'fetches', { cpuUs: 1_000, keys, roundTrips: 5 });
    bench.ask(500, 'waits', { cpuUs: 1_000, keys, roundTrips: 5 });
    bench.ask(11_500, 'works', { cpuUs: 4_000, keys: ['x'], roundTrips: 5 });
    bench.ask(600, 'both', { cpuUs: 1_000, keys: ['x', 'z'], roundTrips: 5 });
    // The fetch is there at 12,000; `works` hits it.
    expect(bench.run()).toEqual([
      'fetches answered at 13000',
      'waits answered at 13000',
      'both answered at 13600',
      'works answered at 17500',
    ]);
    expect(bench.server.account).toMatchObject({ offered: 4, answered: 4 });
    expect(bench.residual()).toBe(0);
  });

  it('Q74: a fetch that fails fails for all who wait, and the next one asks anew', () => {
    const pool = { maxConnections: 1, maxWaiting: 0 };
    const bench = serverBench({ cache: CACHE, fleet: AMPLE, pool });
    bench.ask(0, 'holds', { cpuUs: 1_000, keys: ['h'], roundTrips: 10 });
    bench.ask(1_000, 'fetches', { cpuUs: 1_000, keys: ['x'], roundTrips: 1 });
    bench.ask(1_100, 'waits', { cpuUs: 500, keys: ['x'], roundTrips: 1 });
    bench.ask(1_200, 'works', { cpuUs: 3_000, keys: ['x'], roundTrips: 1 });
    bench.ask(100_000, 'again', { cpuUs: 1_000, keys: ['x'], roundTrips: 1 });
    // Rejected by the pool at 3,000; `works` is through with its CPU at 5,200.
    // Holds: 10 look-ups of 1,000, a row of 100, 10 round trips of 2,000 from 2,000 on.
    expect(bench.run()).toEqual([
      'fetches overloaded at 4000',
      'waits overloaded at 4000',
      'works overloaded at 6200',
      'holds answered at 33100',
      'again answered at 106100',
    ]);
    expect(bench.residual()).toBe(0);
  });

  it('E15: a fetch whose try is over before its time holds its key for nobody', () => {
    const bench = serverBench({ cache: CACHE, policies: TELLING });
    bench.ask(0, 'busy', { cpuUs: 10_000, keys: ['b'], roundTrips: 0 });
    const gone = bench.ask(1_000, 'gone', { cpuUs: 1_000, keys: ['x'], roundTrips: 1 });
    bench.ask(2_000, 'waits', { cpuUs: 1_000, keys: ['x'], roundTrips: 1 });
    bench.giveUp(4_000, gone);
    bench.ask(20_000, 'again', { cpuUs: 1_000, keys: ['x'], roundTrips: 1 });
    expect(bench.run()).toEqual([
      'busy answered at 12000',
      'waits overloaded at 13000',
      'again answered at 25000',
    ]);
    expect(bench.server.inFlight).toBe(0);
  });

  it('E15: a call that is rejected at the door holds no key', () => {
    const bench = serverBench({ cache: CACHE, fleet: { maxWaiting: 0 } });
    bench.ask(0, 'busy', { cpuUs: 10_000, keys: ['b'], roundTrips: 1 });
    bench.ask(1_000, 'rejected', { cpuUs: 1_000, keys: ['x'], roundTrips: 1 });
    bench.ask(20_000, 'again', { cpuUs: 1_000, keys: ['x'], roundTrips: 1 });
    expect(bench.run(1_000_000)).toEqual([
      'rejected overloaded at 3000',
      'busy answered at 14000',
      'again answered at 25000',
    ]);
  });

  it('E15, E411: a crash of the last replica empties the cache, however it came about', () => {
    const crashes = {
      whole: (bench: Bench) => bench.server.crash(undefined),
      zone: (bench: Bench) => bench.server.crash(0),
      replica: (bench: Bench) => bench.server.crashReplica(0),
    };
    const misses = Object.entries(crashes).map(([how, crash]) => {
      const bench = serverBench({ cache: { ttlUs: 1e9, maxEntries: 9, coalesce: true } });
      bench.ask(0, 'a', { cpuUs: 10, keys: ['k'], roundTrips: 1 });
      bench.at(20_000, () => {
        crash(bench);
        bench.server.recover(undefined);
        bench.server.recover(0);
        if (how === 'replica') bench.server.recoverReplica(0);
      });
      bench.ask(30_000, 'b', { cpuUs: 10, keys: ['k'], roundTrips: 1 });
      bench.run();
      return bench.server.cacheHitShare;
    });
    expect(misses).toEqual([0, 0, 0]);
  });

  it('E430: a flush empties the cache, and fetches under way go on', () => {
    const bench = serverBench({ cache: { ttlUs: 1e9, maxEntries: 9, coalesce: true } });
    bench.ask(0, 'a', { cpuUs: 10, keys: ['k'], roundTrips: 1 });
    bench.ask(500, 'b', { cpuUs: 10, keys: ['k'], roundTrips: 1 });
    // On its way at 2 ms: both wait for it.
    bench.at(2_000, () => expect(bench.server.flushCache()).toBe(true));
    bench.ask(10_000, 'c', { cpuUs: 10, keys: ['k'], roundTrips: 1 });
    bench.at(20_000, () => bench.server.flushCache());
    bench.ask(30_000, 'd', { cpuUs: 10, keys: ['k'], roundTrips: 1 });
    const settled = bench.run().map((text) => text.split(' at ')[0]);
    expect(settled).toEqual(['a answered', 'b answered', 'c answered', 'd answered']);
    // a misses, b waits, c hits, d misses.
    expect(bench.server.cacheHitShare).toBe(1 / 4);
    expect(bench.residual()).toBe(0);
  });

  it('E15: a crash of all replicas ends fetches and empties the cache', () => {
    const bench = serverBench({ cache: CACHE, fleet: AMPLE });
    bench.ask(0, 'x', { cpuUs: 1_000, keys: ['x'], roundTrips: 1 });
    bench.ask(10_000, 'fetches', { cpuUs: 1_000, keys: ['y'], roundTrips: 5 });
    bench.ask(10_000, 'waits', { cpuUs: 1_000, keys: ['y'], roundTrips: 5 });
    bench.at(14_000, () => bench.server.crash(undefined));
    bench.at(15_000, () => bench.server.recover(undefined));
    bench.ask(16_000, 'x-anew', { cpuUs: 1_000, keys: ['x'], roundTrips: 1 });
    bench.ask(16_000, 'y-anew', { cpuUs: 1_000, keys: ['y'], roundTrips: 2 });
    expect(bench.run()).toEqual([
      'x answered at 5000',
      'waits unavailable at 15000',
      'fetches unavailable at 15000',
      'x-anew answered at 21000',
      'y-anew answered at 23000',
    ]);
    expect(bench.residual()).toBe(0);
  });

  it('E15: without coalescing everybody asks', () => {
    const bench = serverBench({ cache: { ...CACHE, coalesce: false }, fleet: AMPLE });
    bench.ask(0, 'a', { cpuUs: 1_000, keys: ['x'], roundTrips: 1 });
    bench.ask(500, 'b', { cpuUs: 1_000, keys: ['x'], roundTrips: 1 });
    expect(bench.run()).toEqual(['a answered at 5000', 'b answered at 5500']);
  });
});

describe('the database of a service', () => {
  it('Q78: queries wait for a connection of their replica', () => {
    const bench = serverBench({ fleet: AMPLE, pool: { maxConnections: 1 } });
    for (const name of ['a', 'b', 'c']) bench.ask(0, name, { cpuUs: 1_000, roundTrips: 1 });
    // 2,000, then 1,000 for the look-up, 100 for the row, 2,000 for the way, one after another.
    expect(bench.run()).toEqual([
      'a answered at 6100',
      'b answered at 9200',
      'c answered at 12300',
    ]);
  });

  it('Q78: each query waits for a connection no longer than the wait time-out', () => {
    const pool = { maxConnections: 1, waitTimeoutUs: 4_000 };
    const bench = serverBench({ fleet: AMPLE, pool });
    bench.ask(0, 'a', { cpuUs: 1_000, roundTrips: 10 });
    bench.ask(500, 'b', { cpuUs: 1_000, roundTrips: 1 });
    bench.ask(3_000, 'c', { cpuUs: 1_000, roundTrips: 1 });
    bench.ask(20_000, 'd', { cpuUs: 1_000, roundTrips: 1 });
    // They wait from 2,500, 5,000 and 22,000 on.
    expect(bench.run()).toEqual([
      'b overloaded at 7500',
      'c overloaded at 10000',
      'd overloaded at 27000',
      'a answered at 33100',
    ]);
    expect(bench.server.account.failures).toEqual({ rejected: 3 });
    expect(bench.residual()).toBe(0);
  });

  it('Q78: a replica that comes back from a crash has all of its connections', () => {
    const pool = { maxConnections: 1, waitTimeoutUs: 4_000 };
    const bench = serverBench({ fleet: AMPLE, pool });
    bench.ask(0, 'holds', { cpuUs: 1_000, roundTrips: 10 });
    bench.ask(500, 'waits', { cpuUs: 1_000, roundTrips: 1 });
    bench.at(4_000, () => bench.server.crash(undefined));
    bench.at(4_500, () => bench.server.recover(undefined));
    bench.ask(5_000, 'a', { cpuUs: 1_000, roundTrips: 1 });
    bench.ask(5_000, 'b', { cpuUs: 1_000, roundTrips: 1 });
    // From 7,000 on, one after the other, though the old query is worked on until 32,100.
    expect(bench.run()).toEqual([
      'holds unavailable at 5000',
      'waits unavailable at 5000',
      'a answered at 11100',
      'b answered at 14200',
    ]);
    expect(bench.server.account.failures).toEqual({ reset: 2 });
    expect(bench.residual()).toBe(0);
  });

  it('Q78: a crash of a zone leaves the connections of the other zone as they are', () => {
    const bench = serverBench({
      fleet: { ...AMPLE, replicas: 2, zones: 2 },
      pool: { maxConnections: 1 },
    });
    for (const name of ['a', 'b']) bench.ask(0, name, { cpuUs: 1_000, roundTrips: 3 });
    bench.at(3_000, () => bench.server.crash(0));
    bench.ask(4_000, 'c', { cpuUs: 1_000, roundTrips: 1 });
    // b holds the connection from 2,000 until 11,100.
    expect(bench.run()).toEqual([
      'a unavailable at 4000',
      'b answered at 12100',
      'c answered at 15200',
    ]);
    expect(bench.residual()).toBe(0);
  });

  it('E15: without a limit only the network takes time', () => {
    const bench = serverBench({ fleet: AMPLE });
    for (const name of ['a', 'b', 'c']) bench.ask(0, name, { cpuUs: 1_000, roundTrips: 3 });
    expect(bench.run()).toEqual(['a', 'b', 'c'].map((name) => `${name} answered at 9000`));
  });
});

describe('the clock of a server', () => {
  it('E421: tells how old what its cache holds is', () => {
    const clock = { nowUs: 1_000 };
    const cache = createEntityCache({
      cache: createCache({ ttlUs: 500, maxEntries: 9, coalesce: false }),
      hitUs: 0,
      clock,
    });
    const attempt = { fetches: [] as readonly string[] } as Attempt;
    const looks = [0, 0, 499, 500].map((aheadUs) => {
      clock.nowUs = 1_000 + aheadUs;
      const hits = cache.look(['k'], attempt);
      clock.nowUs = 1_000;
      cache.filled(attempt, undefined);
      return hits;
    });
    expect(looks).toEqual([0, 1, 1, 0]);
  });
});
