/** The schema of servers: what replicas they have, who is let in and served when, and, for services
 * and gateways, what the work costs. */
import { z } from 'zod';
import { CALL_ORDERS, FAN_OUTS } from '../../gateway/plan/fan-out.ts';
import { us } from '../../kernel/time.ts';
import { callPoliciesSchema } from './call-policy-schema.ts';
import { distributionSchema as distribution } from './distribution-schema.ts';
import {
  autoscalerSchema,
  balancerSchema,
  concurrencyLimitSchema,
  sheddingSchema,
} from './fleet-policy-schema.ts';
import { forecastSchema } from './load/evenings-schema.ts';
import { cacheSchema, databaseSchema, fleetSchema } from './station-schema.ts';
import { fixed } from './values.ts';

const durationUs = z.int().nonnegative();
const count = z.int().positive();

/** An autoscaler with the delays around it. */
const scaledBy = z.strictObject({
  hpa: autoscalerSchema,
  /** How old what the autoscaler sees of a replica is. */
  metricLag: durationUs.default(us(15_000_000)),
  /** Over how long a replica's load is averaged. */
  metricWindow: z.int().positive().default(us(15_000_000)),
  /** Replicas for the load that `evenings` let expect, beside what the metrics ask for. */
  forecast: forecastSchema.optional(),
});

/** A server of any kind. */
export const stationSchema = z.strictObject({
  ...fleetSchema.omit({ zones: true }).shape,
  replicas: count,
  workersPerReplica: count,
  /** Where it stands, below `network.regions`. Calls from elsewhere cross regions. */
  region: z.int().nonnegative().default(0),
  /** From the decision to start a replica until it is ready. */
  startupTime: distribution.default(fixed(us(0))),
  /** Which replica gets a call. */
  balancing: z
    .union([z.enum(['round-robin', 'least-outstanding', 'power-of-two']), balancerSchema])
    .default('least-outstanding'),
  /** How many calls may be in flight. */
  limit: concurrencyLimitSchema.optional(),
  shedding: sheddingSchema.optional(),
  autoscaler: scaledBy.optional(),
  /** A database with a limited pool; without, only its network takes time. */
  database: databaseSchema.optional(),
});

/** A microservice. */
export const serviceSchema = stationSchema.extend({
  /** Worker time of a call before its entities. */
  baseTime: distribution,
  /** Worker time for each entity it resolves. */
  timePerEntity: z.union([durationUs, distribution]),
  /** A cache of entities, in front of the database. */
  cache: cacheSchema
    .extend({
      /** Worker time of a hit. */
      hitTime: durationUs.default(us(20)),
    })
    .optional(),
  /** Policies of whoever calls it, instead of `requests.calls`. */
  calledWith: callPoliciesSchema.optional(),
});

/** A federation router. */
export const gatewaySchema = stationSchema.extend({
  planTime: z.union([durationUs, distribution]),
  /** Worker time for each answer of a service, before anything that follows from it. */
  answerTime: z.union([durationUs, distribution]).default(us(0)),
  mergeTimePerFetch: durationUs,
  mergeTimePerKib: durationUs,
});

/** An aggregation gateway. */
export const aggregationSchema = gatewaySchema.extend({
  /** How it asks services for entities: all in one call, or one call an id. */
  fanOut: z.enum(FAN_OUTS).default('batch'),
  /** Whether it asks at once what does not depend on anything, or strictly one after the other. */
  order: z.enum(CALL_ORDERS).default('parallel'),
});
