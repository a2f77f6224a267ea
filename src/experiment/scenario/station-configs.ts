/** From a scenario's words for stations and networks to the configs of the parts. */
import type { z } from 'zod';
import type { CacheConfig } from '../../queueing/caches/cache.ts';
import type { DatacentreProfile } from '../../queueing/network/places.ts';
import type { ByTrafficClass } from '../../queueing/network/traffic-meter.ts';
import type { WanProfile } from '../../queueing/network/wan-link.ts';
import type { CallPool } from '../../queueing/pools/call-pool.ts';
import {
  createExclusivePool,
  DATABASE_POOL,
  type ExclusivePoolConfig,
  HTTP1_POOL,
} from '../../queueing/pools/exclusive-pool.ts';
import { createMultiplexedPool, HTTP2_POOL } from '../../queueing/pools/multiplexed-pool.ts';
import type { FleetConfig } from '../../queueing/stations/fleet-config.ts';
import {
  type anyWanSchema,
  datacentreSchema,
  type networkSchema,
  type trafficPricesSchema,
} from './network-schema.ts';
import type { cacheSchema, databaseSchema, fleetSchema, poolSchema } from './station-schema.ts';

/** What a fleet is made of. */
export function fleetConfigOf(fleet: z.output<typeof fleetSchema>): FleetConfig {
  const { lifoAfterWait, slowStart, ...rest } = fleet;
  return {
    ...rest,
    lifoAfterWaitUs: lifoAfterWait,
    slowStart: slowStart && { initialSpeed: slowStart.initialSpeed, periodUs: slowStart.period },
  };
}

/** What a cache is made of. */
export function cacheConfigOf({ ttl, ...rest }: z.output<typeof cacheSchema>): CacheConfig {
  return { ...rest, ttlUs: ttl };
}

/** What the pool of a replica's database connections is made of. */
export function databasePoolConfigOf(
  database: z.output<typeof databaseSchema>,
): ExclusivePoolConfig {
  const { connections, waitTimeout, maxWaiting } = database;
  return {
    ...DATABASE_POOL,
    maxConnections: connections,
    waitTimeoutUs: waitTimeout,
    maxWaiting: maxWaiting ?? Number.POSITIVE_INFINITY,
  };
}

/** An empty pool of a client's connections to an origin. */
export function createPoolOf<C>(pool: z.output<typeof poolSchema>): CallPool<C> {
  const idleTimeoutUs = pool.idleTimeout;
  if (pool.protocol === 'http/1.1') {
    const { maxConnections } = pool;
    return createExclusivePool({ ...HTTP1_POOL, maxConnections, idleTimeoutUs });
  }
  const { maxConcurrentStreams } = pool;
  return createMultiplexedPool({ ...HTTP2_POOL, maxConcurrentStreams, idleTimeoutUs });
}

/** What the wide-area network of a device class is made of. */
export function wanProfileOf(wan: z.output<typeof anyWanSchema>): WanProfile {
  if (!('bandwidthBitsPerSec' in wan)) return wan;
  const { bandwidthBitsPerSec, ...rest } = wan;
  const rate = { kind: 'deterministic' as const, value: bandwidthBitsPerSec };
  return {
    ...rest,
    roundTripPer: 'message',
    downBitsPerSec: rate,
    upBitsPerSec: rate,
    tls: '1.3',
    restartsWhenIdle: true,
  };
}

/** What the links of a datacentre are made of. */
export function datacentreProfileOf(
  datacentre: z.output<typeof networkSchema>['datacentre'],
): DatacentreProfile {
  if (!('roundTripTime' in datacentre)) return datacentre;
  const { roundTripTime, ...rest } = datacentre;
  const { otherRegion } = datacentreSchema.parse({});
  return { ...rest, sameZone: roundTripTime, otherZone: roundTripTime, otherRegion };
}

/** Prices by class of traffic. */
export function trafficPricesOf(prices: z.output<typeof trafficPricesSchema>): ByTrafficClass {
  return {
    'same-zone': prices.sameZone,
    'other-zone': prices.otherZone,
    'other-region': prices.otherRegion,
    internet: prices.internet,
    inbound: 0,
  };
}
