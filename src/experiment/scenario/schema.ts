/** The schema of a scenario: every field, its range and its default. Plain data through and
 * through, so that a scenario can be sent to a worker, stored beside its result, and hashed. */
import { z } from 'zod';
import { BROWSE_ACTIONS, DEVICE_KINDS, TITLE_ACTIONS } from '../../domain/audience.ts';
import { PAGE_NAMES } from '../../domain/page.ts';
import { ARCHITECTURE_NAMES } from '../../gateway/architecture.ts';
import { FAN_OUTS } from '../../gateway/plan/fan-out.ts';
import { PRODUCT_NAMES } from '../../gateway/products/product.ts';
import { hours, minutes, ms, seconds, us } from '../../kernel/time.ts';
import { DEFAULT_MEDIA_POLICY } from '../../sdk/media/media-session.ts';
import { DEFAULT_SDK_POLICY, ENVELOPE_ROOM_BYTES } from '../../sdk/sdk-policy.ts';
import type { PipelinePlan } from '../../streams/plan/plan.ts';
import { planSchema } from '../../streams/plan/plan-schema.ts';
import { TIME_CORRECTIONS } from '../../streams/time-correction/time-correction.ts';
import { faultSchema } from '../faults/plan/fault-schema.ts';
import { callPoliciesSchema } from './call-policy-schema.ts';
import { pipelineWorkersSchema } from './clickstream/pipeline-workers-schema.ts';
import { distributionSchema as distribution } from './distribution-schema.ts';
import { objectiveSchema } from './goals/objective-schema.ts';
import { planningSchema } from './goals/planning-schema.ts';
import { priceBookSchema } from './goals/price-schema.ts';
import { eveningsSchema } from './load/evenings-schema.ts';
import { anyWanSchema, broadband, MOBILE, networkSchema } from './network-schema.ts';
import { recommendationsSchema } from './recommendations/recommendations-schema.ts';
import { aggregationSchema, gatewaySchema, serviceSchema, stationSchema } from './server-schema.ts';
import { trafficSchema } from './traffic-schema.ts';
import { exponential, lognormal } from './values.ts';

/** A plan as the builder gives it, or as it stands in JSON. */
const plan = planSchema as z.ZodType<PipelinePlan, PipelinePlan>;

const probability = z.number().min(0).max(1);
const weight = z.number().nonnegative();
const count = z.int().positive();
const durationUs = z.int().nonnegative();

const absence = z.strictObject({
  /** Chance that the network goes away during a play. */
  probability: probability,
  after: distribution,
  duration: distribution,
});

const device = z.strictObject({
  share: weight,
  /** In full, or in short: round trip, one rate for all, loss. */
  wan: anyWanSchema,
  startupTime: distribution.default(lognormal(ms(900), 0.4)),
  /** Chance of a stall per heartbeat. */
  stallProbability: probability.default(0.01),
  stallTime: distribution.default(lognormal(seconds(2), 0.7)),
  absence: absence.optional(),
});

const retry = z.strictObject({
  maxAttempts: count,
  backoffBase: durationUs,
  backoffCap: durationUs,
});

/** What else an SDK keeps to. Defaults and their sources: `DEFAULT_SDK_POLICY`. */
const sdk = z
  .strictObject({
    maxBatchBytes: count.default(DEFAULT_SDK_POLICY.maxBatchBytes),
    maxEventBytes: count.default(DEFAULT_SDK_POLICY.maxEventBytes),
    /** Bytes under way by beacon at once, when the viewer leaves. */
    maxBeaconBytes: z.int().nonnegative().default(DEFAULT_SDK_POLICY.maxBeaconBytes),
    /** Who goes when `maxQueueEvents` are waiting. */
    dropPolicy: z.enum(['newest', 'oldest']).default(DEFAULT_SDK_POLICY.dropPolicy),
    /** Events that could not be sent for so long are given up. */
    maxAge: z.int().positive().default(DEFAULT_SDK_POLICY.maxAgeUs),
    sessionIdle: z.int().positive().default(DEFAULT_SDK_POLICY.sessionIdleUs),
    maxSession: z.int().positive().default(DEFAULT_SDK_POLICY.maxSessionUs),
    eventRatePerSec: z.number().positive().default(DEFAULT_SDK_POLICY.eventRatePerSec),
    eventBurst: count.default(DEFAULT_SDK_POLICY.eventBurst),
    /** Share of viewers who are tracked. */
    sampleRate: z.number().positive().max(1).default(DEFAULT_SDK_POLICY.sampleRate),
    /** Chance that the app is killed while a batch is under way. It is back at once, with what its
     * store held. */
    killProbability: probability.default(0),
    /** A seek is told once nothing else has followed for so long. */
    seekSettle: z.int().positive().default(DEFAULT_MEDIA_POLICY.seekSettleUs),
  })
  .refine((found) => found.maxEventBytes + ENVELOPE_ROOM_BYTES <= found.maxBatchBytes, {
    path: ['maxEventBytes'],
    error: `must be at most maxBatchBytes − ${ENVELOPE_ROOM_BYTES}`,
  });

/** The same scenario with some fields set otherwise, on one architecture. */
const variant = z.strictObject({
  name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'kebab-case: a-z, 0-9 and hyphens'),
  architecture: z.enum(ARCHITECTURE_NAMES),
  /** Values by dotted path, like `{ 'services.talent.replicas': 3 }`. */
  set: z.record(z.string(), z.unknown()).default({}),
});

const behaviour = z.strictObject({
  thinkTime: distribution.default(lognormal(seconds(7), 0.8)),
  browseWeights: z
    .strictObject(weights(BROWSE_ACTIONS))
    .default({ hover: 30, scroll: 20, search: 10, open: 30, leave: 10 }),
  titleWeights: z
    .strictObject(weights(TITLE_ACTIONS))
    .default({ hover: 15, play: 50, back: 27, leave: 8 }),
  interruptionGap: distribution.default(exponential(minutes(12))),
  pauseShare: probability.default(0.6),
  pauseTime: distribution.default(lognormal(seconds(45), 1)),
  watchToEndShare: probability.default(0.45),
  continueShare: probability.default(0.55),
  patienceLoads: count.default(2),
});

const guest = z.strictObject({ at: durationUs });

/** A figure that somebody published, to be printed beside the measured one. */
const reference = z.strictObject({
  variant: z.string(),
  metric: z.enum(['pagesPerSec', 'meanMs', 'p95Ms']),
  value: z.number().nonnegative(),
  source: z.string().min(1),
});

/** Everything that defines a run besides the seed's replication. */
export const scenarioSchema = z.strictObject({
  schema: z.literal(1),
  name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'kebab-case: a-z, 0-9 and hyphens'),
  question: z.string().min(1),
  /** What is served: subgraphs, data, pages. */
  product: z.enum(PRODUCT_NAMES).default('streaming'),
  seed: z.int().min(0).max(0xffff_ffff),
  clock: z.strictObject({
    start: z.iso.datetime({ offset: true }),
    duration: z.int().positive(),
    /** Pages of viewers that arrive before it is over are left out of the figures. */
    warmUp: durationUs.default(0),
    /** `terminating`: the run is the whole story, its empty start included. `steady-state`: the
     * start is an artefact, which is detected (MSER-5) and cut off, `warmUp` being the least. */
    horizon: z.enum(['terminating', 'steady-state']).default('terminating'),
    /** Nobody arrives any more, everybody may finish. */
    drain: durationUs.default(minutes(5)),
  }),
  /** A load test, beside the audience or instead of it. */
  traffic: trafficSchema.optional(),
  /** The same load evening after evening: what forecasts learn from. */
  evenings: eveningsSchema.optional(),
  audience: z.strictObject({
    /** Viewers expected to arrive over the duration; 0 where only a load test asks for pages. */
    viewers: z.number().nonnegative().default(0),
    /** The shape of arrivals; `built-in` is the day curve of `domain/built-in-arrivals.ts`. */
    arrivals: z
      .union([
        z.literal('built-in'),
        z.array(z.strictObject({ at: durationUs, relativeRate: z.number().nonnegative() })).min(2),
      ])
      .default('built-in'),
    countries: z
      .record(z.string().regex(/^[A-Z]{2}$/, 'ISO 3166-1 alpha-2'), weight)
      .default({ US: 45, GB: 12, DE: 10, BR: 12, IN: 14, JP: 7 }),
    devices: z
      .strictObject(
        Object.fromEntries(DEVICE_KINDS.map((kind) => [kind, device])) as Record<
          (typeof DEVICE_KINDS)[number],
          typeof device
        >,
      )
      .prefault({
        tv: { share: 62, wan: broadband({ down: 50, up: 15 }) },
        phone: { share: 20, wan: MOBILE },
        web: { share: 12, wan: broadband({ down: 40, up: 12 }) },
        console: { share: 6, wan: broadband({ down: 60, up: 20 }) },
      }),
    behaviour: behaviour.prefault({}),
    /** Viewers added by hand: they leave everybody else as they are. */
    guests: z.array(guest).default([]),
  }),
  catalogue: z
    .strictObject({
      titles: z.int().min(20).max(100_000).default(600),
      /** Seed of the built-in titles, so that several seeds run over the same ones; by default the
       * scenario's. */
      seed: z.int().min(0).max(0xffff_ffff).optional(),
      /** Exponent of the Zipf law of popularity. */
      popularityExponent: z.number().min(0).max(4).default(0.9),
    })
    .prefault({}),
  services: z.record(z.string(), serviceSchema).prefault({
    movie: { ...machine(2, 2), baseTime: lognormal(ms(6), 0.5), timePerEntity: us(250) },
    production: { ...machine(1, 2), baseTime: lognormal(ms(7), 0.5), timePerEntity: us(350) },
    talent: { ...machine(1, 2), baseTime: lognormal(ms(9), 0.6), timePerEntity: us(300) },
  }),
  architectures: z
    .strictObject({
      /** When the router starts the fetches of its plan: after all of the wave before (`plan`), or
       * as soon as what they read is there (`dataflow`). What people wrote keeps its order. */
      schedule: z.enum(['plan', 'dataflow']).default('plan'),
      direct: z
        .strictObject({
          /** How clients ask for entities: a batch of ids in one call, or one call an id. */
          fanOut: z.enum(FAN_OUTS).default('batch'),
        })
        .prefault({}),
      /** The monolith's station; by default it has as many workers as all services together. */
      monolith: stationSchema.optional(),
      aggregation: aggregationSchema.prefault({
        ...machine(2, 2),
        planTime: us(400),
        mergeTimePerFetch: us(250),
        mergeTimePerKib: us(30),
      }),
      federated: gatewaySchema.prefault({
        ...machine(2, 2),
        planTime: us(900),
        mergeTimePerFetch: us(350),
        mergeTimePerKib: us(60),
      }),
    })
    .prefault({}),
  network: networkSchema.prefault({}),
  requests: z
    .strictObject({
      pageTimeout: durationUs.default(seconds(10)),
      callTimeout: durationUs.default(seconds(2)),
      retry: retry.default({ maxAttempts: 2, backoffBase: ms(50), backoffCap: ms(400) }),
      /** How urgent pages and the calls made for them are: 0 most, 7 least. Read where servers shed
       * or queue by priority. */
      priorities: z.partialRecord(z.enum(PAGE_NAMES), z.int().min(0).max(7)).default({}),
      /** Policies of calls to services, instead of `callTimeout` and `retry`. */
      calls: callPoliciesSchema.optional(),
      /** Policies of clients that ask for whole pages; by default they ask once and wait. */
      pages: callPoliciesSchema.optional(),
    })
    .prefault({}),
  clickstream: z
    .strictObject({
      heartbeat: z.int().positive().default(seconds(60)),
      maxBatchEvents: count.default(20),
      maxBatchAge: z.int().positive().default(seconds(10)),
      ackTimeout: z.int().positive().default(seconds(5)),
      maxQueueEvents: count.default(1_000),
      sdk: sdk.prefault({}),
      retry: retry.default({ maxAttempts: 40, backoffBase: seconds(1), backoffCap: seconds(60) }),
      /** Chance that a batch, or the acknowledgement of one, is lost for good on the way. */
      batchLossProbability: probability.default(0.002),
      /** Chance that a client's bug spoils an event. */
      malformedShare: probability.default(0.0005),
      partitions: count.default(4),
      pollEvery: z.int().positive().default(seconds(1)),
      watermarkBound: durationUs.default(seconds(30)),
      idleTimeout: z.int().positive().default(seconds(60)),
      allowedLateness: durationUs.default(minutes(10)),
      window: z.int().positive().default(minutes(1)),
      dedupeTtl: z.int().positive().default(hours(6)),
      /** How event times are told from clocks: see docs/TIME-CORRECTION.md. */
      timeCorrection: z.enum(TIME_CORRECTIONS).default('none'),
      /** What the pipeline runs on; without, it takes no time. */
      workers: pipelineWorkersSchema.optional(),
      /** Plans of one's own over enriched events: see docs/PIPELINES.md. */
      pipelines: z.array(plan).optional(),
    })
    .prefault({}),
  /** The closed loop: who fills the home page's row, and viewers who answer to it. Without it
   * viewers come once and pick by popularity: see docs/RECOMMENDATIONS.md. */
  recommendations: recommendationsSchema.optional(),
  faults: z.array(faultSchema).default([]),
  /** Parts of the run by name, for objectives: `during phase("peak")`. */
  phases: z
    .array(z.strictObject({ name: z.string().min(1), from: durationUs, to: durationUs }))
    .default([]),
  /** What the run must keep to: see docs/OBJECTIVES.md. */
  objectives: z.array(objectiveSchema).default([]),
  /** What machines, requests, bytes and storage cost. */
  prices: priceBookSchema.optional(),
  /** What `plan` may change, and what it must survive. */
  planning: planningSchema.optional(),
  /** Ways to run it, instead of once on each of the four architectures. */
  variants: z.array(variant).default([]),
  references: z.array(reference).default([]),
  limits: z
    .strictObject({
      maxEvents: count.default(500_000_000),
      maxPending: count.default(20_000_000),
      maxEventsPerInstant: count.default(1_000_000),
    })
    .prefault({}),
});

/** A scenario with every default filled in. */
export type Scenario = z.output<typeof scenarioSchema>;
/** A scenario as one writes it. */
export type ScenarioInput = z.input<typeof scenarioSchema>;

function weights<N extends string>(names: readonly N[]): Record<N, typeof weight> {
  return Object.fromEntries(names.map((name) => [name, weight])) as Record<N, typeof weight>;
}

function machine(replicas: number, workersPerReplica: number) {
  return { replicas, workersPerReplica };
}
