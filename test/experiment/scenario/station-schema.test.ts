/** The scenario's words for fleets, caches, databases, pools and networks. */
import { describe, expect, it } from 'vitest';
import {
  anyWanSchema,
  datacentreSchema,
  networkSchema,
  trafficPricesSchema,
  wanSchema,
} from '../../../src/experiment/scenario/network-schema.ts';
import {
  cacheConfigOf,
  createPoolOf,
  databasePoolConfigOf,
  datacentreProfileOf,
  fleetConfigOf,
  trafficPricesOf,
  wanProfileOf,
} from '../../../src/experiment/scenario/station-configs.ts';
import {
  cacheSchema,
  databaseSchema,
  fleetSchema,
  poolSchema,
} from '../../../src/experiment/scenario/station-schema.ts';
import { fixed } from '../../../src/experiment/scenario/values.ts';
import { createChance } from '../../../src/kernel/chance.ts';
import { createSimulation } from '../../../src/kernel/simulation.ts';
import { ms, us } from '../../../src/kernel/time.ts';
import { createCache } from '../../../src/queueing/caches/cache.ts';
import { createDatacentreLinks } from '../../../src/queueing/network/places.ts';
import { createWanLink } from '../../../src/queueing/network/wan-link.ts';
import { createExclusivePool } from '../../../src/queueing/pools/exclusive-pool.ts';
import { createFleet } from '../../../src/queueing/stations/fleet.ts';

const SCHEMAS = {
  fleet: fleetSchema,
  cache: cacheSchema,
  database: databaseSchema,
  wan: wanSchema,
  datacentre: datacentreSchema,
  trafficPrices: trafficPricesSchema,
};

describe('the words for stations', () => {
  it('Q83: have defaults that the parts take', () => {
    const fleet = createFleet({
      simulation: createSimulation(),
      name: 'default',
      config: fleetConfigOf(fleetSchema.parse({ slowStart: {}, pauses: {} })),
      listener: { finished: () => undefined, dropped: () => undefined },
      chance: createChance({ seed: 1, replication: 0 }),
    });
    expect(fleet.replicas.map((one) => one.state)).toEqual(['ready', 'ready']);
    expect(createCache(cacheConfigOf(cacheSchema.parse({}))).lookup('a', 0)).toBe('miss');
    const database = createExclusivePool(databasePoolConfigOf(databaseSchema.parse({})));
    expect([database.acquire('a', 0), database.connections]).toEqual(['reused', 10]);
    const wan = createWanLink(wanSchema.parse({}));
    expect([wan.roundTripUs(0.5), wan.handshakeUs(100, false, 0.5)]).toEqual([38_000, 200]);
    const links = createDatacentreLinks(datacentreSchema.parse({}));
    expect(links.roundTripUs('other-region', 0.5)).toBe(65_000);
    expect(trafficPricesOf(trafficPricesSchema.parse({}))['internet']).toBe(0.09);
  });

  it('Q83: reach the parts', () => {
    const fleet = fleetSchema.parse({
      lifoAfterWait: 7,
      slowStart: { initialSpeed: 0.5, period: 9 },
    });
    expect(fleetConfigOf(fleet)).toMatchObject({
      replicas: 2,
      lifoAfterWaitUs: 7,
      slowStart: { initialSpeed: 0.5, periodUs: 9 },
    });
    const cache = cacheSchema.parse({ ttl: 5, maxEntries: 2, coalesce: false });
    expect(cacheConfigOf(cache)).toEqual({ ttlUs: 5, maxEntries: 2, coalesce: false });
    const database = databaseSchema.parse({ connections: 3, waitTimeout: 8, maxWaiting: 0 });
    expect(databasePoolConfigOf(database)).toMatchObject({
      maxConnections: 3,
      waitTimeoutUs: 8,
      maxWaiting: 0,
    });
    const grantsOf = (words: unknown) => {
      const pool = createPoolOf<string>(poolSchema.parse(words));
      return ['a', 'b'].map((call) => pool.acquire(call, 0));
    };
    expect(grantsOf({ protocol: 'http/1.1', maxConnections: 1 })).toEqual(['fresh', 'waiting']);
    expect(grantsOf({ protocol: 'http/1.1' })).toEqual(['fresh', 'fresh']);
    expect(grantsOf({ protocol: 'http/2' })).toEqual(['fresh', 'waiting']);
  });

  it('Q84: a wide-area network and a datacentre can be put in short', () => {
    const short = { roundTripTime: fixed(ms(40)), bandwidthBitsPerSec: 8e6 };
    const wan = createWanLink(wanProfileOf(anyWanSchema.parse(short)));
    expect(wan.profile).toMatchObject({ roundTripPer: 'message', tls: '1.3', lossProbability: 0 });
    expect([wan.roundTripUs(0.1), wan.downUsPerByte(0.1), wan.upUsPerByte(0.9)]).toEqual([
      40_000, 1, 1,
    ]);
    const full = wanProfileOf(anyWanSchema.parse({ tls: '1.2' }));
    expect([full.tls, full.roundTripPer]).toEqual(['1.2', 'connection']);
    const { datacentre } = networkSchema.parse({
      datacentre: { roundTripTime: fixed(us(500)), bandwidthBitsPerSec: 8e9 },
    });
    const links = createDatacentreLinks(datacentreProfileOf(datacentre));
    const distances = ['same-zone', 'other-zone', 'other-region'] as const;
    expect(distances.map((one) => links.roundTripUs(one, 0.5))).toEqual([500, 500, 65_000]);
  });

  it('Q83: a word that is not known is refused, and a value out of range', () => {
    for (const [name, schema] of Object.entries(SCHEMAS)) {
      expect(schema.safeParse({}).success, name).toBe(true);
      const { error } = schema.safeParse({ colour: 'red' });
      expect(error?.issues[0]?.message, name).toContain('colour');
    }
    expect(poolSchema.safeParse({ protocol: 'http/3' }).success).toBe(false);
    expect(poolSchema.safeParse({ protocol: 'http/2', maxConnections: 6 }).success).toBe(false);
    expect(fleetSchema.safeParse({ discipline: 'random' }).success).toBe(false);
    expect(wanSchema.safeParse({ lossProbability: 1 }).success).toBe(false);
    expect(fleetSchema.safeParse({ startupTime: { kind: 'normal' } }).success).toBe(false);
  });
});
