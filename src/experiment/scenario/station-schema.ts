/** The scenario's words for what requests run on: fleets, caches, databases and connection pools.
 * Durations are whole µs, `distribution` as everywhere; defaults are assumptions where no source is
 * named. `station-configs.ts` makes parts' configs of them. Spec: Q83. */
import { z } from 'zod';
import { ms, seconds, us } from '../../kernel/time.ts';
import { distributionSchema as distribution } from './distribution-schema.ts';
import { exponential, lognormal } from './values.ts';

const count = z.int().positive();
const durationUs = z.int().nonnegative();
const share = z.number().min(0).max(1);

/** The replicas of a service. */
export const fleetSchema = z.strictObject({
  replicas: count.default(2),
  workersPerReplica: count.default(4),
  /** Places in the line of a replica. */
  maxWaiting: z.int().nonnegative().default(200),
  /** Zones that replicas are spread over. */
  zones: count.default(1),
  discipline: z
    .enum(['fifo', 'lifo', 'adaptive-lifo', 'priority', 'processor-sharing'])
    .default('fifo'),
  /** `adaptive-lifo`: how long the oldest may have waited until the newest goes first. */
  lifoAfterWait: durationUs.default(ms(100)),
  /** Whether a job at a full line is rejected, or whom the line would take last makes room. */
  whenFull: z.enum(['reject', 'shed']).default('reject'),
  /** Whether calls whose deadline has come are dropped when they would start. */
  expireWaiting: z.boolean().default(false),
  /** Of a new replica, or one that crashed. */
  startupTime: distribution.default(lognormal(seconds(12), 0.4)),
  /** A new replica's speed grows linearly from `initialSpeed` to 1. */
  slowStart: z
    .strictObject({
      initialSpeed: share.default(0.2),
      period: durationUs.default(seconds(30)),
    })
    .optional(),
  /** Garbage collection that stops all workers of a replica. */
  pauses: z
    .strictObject({
      gap: distribution.default(exponential(seconds(20))),
      length: distribution.default(lognormal(ms(30), 0.6)),
    })
    .optional(),
});

/** A cache of answers. */
export const cacheSchema = z.strictObject({
  ttl: durationUs.default(seconds(60)),
  maxEntries: count.default(10_000),
  /** Whether lookups of a key under way wait for its fetch. */
  coalesce: z.boolean().default(true),
});

/** A database behind a service. */
export const databaseSchema = z.strictObject({
  /** Connections of each replica of the service. Default: HikariCP's maximumPoolSize. */
  connections: count.default(10),
  /** How long a query waits for a connection. Default: HikariCP's connectionTimeout. */
  waitTimeout: durationUs.default(seconds(30)),
  /** Queries that may wait for a connection; no limit where nothing is said. */
  maxWaiting: z.int().nonnegative().optional(),
  /** Queries that it works on at once: cores. */
  workers: count.default(8),
  queryTime: distribution.default(lognormal(ms(1.5), 0.6)),
  timePerRow: durationUs.default(us(20)),
});

/** A client's connections to an origin. */
export const poolSchema = z.discriminatedUnion('protocol', [
  z.strictObject({
    protocol: z.literal('http/1.1'),
    /** Default: browsers' six. */
    maxConnections: count.default(6),
    /** Default: Go's default transport. */
    idleTimeout: durationUs.default(seconds(90)),
  }),
  z.strictObject({
    protocol: z.literal('http/2'),
    /** Default: the least that RFC 9113 recommends. */
    maxConcurrentStreams: count.default(100),
    idleTimeout: durationUs.default(seconds(90)),
  }),
]);
