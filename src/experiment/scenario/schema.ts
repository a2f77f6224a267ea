/** The schema of a scenario: every field, its range and its default. Plain data through and
 * through, so that a scenario can be sent to a worker, stored beside its result, and hashed. */
import { z } from 'zod';
import { BROWSE_ACTIONS, DEVICE_KINDS, TITLE_ACTIONS } from '../../domain/audience.ts';
import { hours, minutes, ms, seconds, us } from '../../kernel/time.ts';
import { exponential, lognormal } from './values.ts';

const positive = z.number().positive();
const probability = z.number().min(0).max(1);
const weight = z.number().nonnegative();
const count = z.int().positive();
const durationUs = z.int().nonnegative();

const distribution = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('deterministic'), value: z.number().nonnegative() }),
  z.strictObject({
    kind: z.literal('uniform'),
    low: z.number().nonnegative(),
    high: z.number().nonnegative(),
  }),
  z.strictObject({ kind: z.literal('exponential'), mean: positive }),
  z.strictObject({
    kind: z.literal('lognormal'),
    median: positive,
    sigma: z.number().nonnegative(),
  }),
  z.strictObject({ kind: z.literal('gamma'), shape: positive, mean: positive }),
  z.strictObject({ kind: z.literal('weibull'), shape: positive, scale: positive }),
  z.strictObject({ kind: z.literal('pareto'), minimum: positive, shape: positive }),
  z.strictObject({
    kind: z.literal('empirical'),
    points: z
      .array(z.strictObject({ value: z.number().nonnegative(), cumulative: probability }))
      .min(2)
      .readonly(),
  }),
]);

const link = z.strictObject({
  roundTripTime: distribution,
  bandwidthBitsPerSec: positive,
  lossProbability: probability.default(0),
});

const absence = z.strictObject({
  /** Chance that the network goes away during a play. */
  probability: probability,
  after: distribution,
  duration: distribution,
});

const device = z.strictObject({
  share: weight,
  wan: link,
  startupTime: distribution.default(lognormal(ms(900), 0.4)),
  /** Chance of a stall per heartbeat. */
  stallProbability: probability.default(0.01),
  stallTime: distribution.default(lognormal(seconds(2), 0.7)),
  absence: absence.optional(),
});

const station = {
  replicas: count,
  workersPerReplica: count,
  maxWaiting: z.int().nonnegative().default(200),
  balancing: z.enum(['round-robin', 'least-outstanding']).default('least-outstanding'),
};

const service = z.strictObject({
  ...station,
  /** Worker time of a call before its entities. */
  baseTime: distribution,
  /** Worker time for each entity it resolves. */
  timePerEntity: durationUs,
});

const gateway = z.strictObject({
  ...station,
  planTime: durationUs,
  mergeTimePerFetch: durationUs,
  mergeTimePerKib: durationUs,
});

const retry = z.strictObject({
  maxAttempts: count,
  backoffBase: durationUs,
  backoffCap: durationUs,
});

const fault = z.strictObject({
  kind: z.enum(['service.outage', 'service.slow']),
  target: z.string(),
  at: durationUs,
  for: z.int().positive(),
  /** `service.slow`: how many times longer work takes. */
  factor: z.number().min(1).default(4),
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

/** Everything that defines a run besides the seed's replication. */
export const scenarioSchema = z.strictObject({
  schema: z.literal(1),
  name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'kebab-case: a-z, 0-9 and hyphens'),
  question: z.string().min(1),
  seed: z.int().min(0).max(0xffff_ffff),
  clock: z.strictObject({
    start: z.iso.datetime({ offset: true }),
    duration: z.int().positive(),
    /** Pages of viewers that arrive before it is over are left out of the figures. */
    warmUp: durationUs.default(0),
    /** Nobody arrives any more, everybody may finish. */
    drain: durationUs.default(minutes(5)),
  }),
  audience: z.strictObject({
    /** Viewers expected to arrive over the duration. */
    viewers: positive,
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
        tv: { share: 62, wan: wan({ rttMs: 28, sigma: 0.4, megabits: 40, loss: 0.002 }) },
        phone: { share: 20, wan: wan({ rttMs: 70, sigma: 0.7, megabits: 12, loss: 0.012 }) },
        web: { share: 12, wan: wan({ rttMs: 38, sigma: 0.5, megabits: 30, loss: 0.003 }) },
        console: { share: 6, wan: wan({ rttMs: 30, sigma: 0.4, megabits: 50, loss: 0.002 }) },
      }),
    behaviour: behaviour.prefault({}),
    /** Viewers added by hand: they leave everybody else as they are. */
    guests: z.array(guest).default([]),
  }),
  catalogue: z
    .strictObject({
      titles: z.int().min(20).max(100_000).default(600),
      /** Exponent of the Zipf law of popularity. */
      popularityExponent: z.number().min(0).max(4).default(0.9),
    })
    .prefault({}),
  services: z.record(z.string(), service).default({
    movie: { ...machine(2, 2), baseTime: lognormal(ms(6), 0.5), timePerEntity: us(250) },
    production: { ...machine(1, 2), baseTime: lognormal(ms(7), 0.5), timePerEntity: us(350) },
    talent: { ...machine(1, 2), baseTime: lognormal(ms(9), 0.6), timePerEntity: us(300) },
  }),
  architectures: z
    .strictObject({
      /** The monolith's station; by default it has as many workers as all services together. */
      monolith: z.strictObject(station).optional(),
      direct: z.strictObject({ maxConnections: count.default(6) }).prefault({}),
      aggregation: gateway.prefault({
        ...machine(2, 2),
        planTime: us(400),
        mergeTimePerFetch: us(250),
        mergeTimePerKib: us(30),
      }),
      federated: gateway.prefault({
        ...machine(2, 2),
        planTime: us(900),
        mergeTimePerFetch: us(350),
        mergeTimePerKib: us(60),
      }),
    })
    .prefault({}),
  network: z
    .strictObject({
      datacentre: link.default({
        roundTripTime: lognormal(us(600), 0.4),
        bandwidthBitsPerSec: 10e9,
        lossProbability: 0,
      }),
      database: link.default({
        roundTripTime: lognormal(ms(1.2), 0.6),
        bandwidthBitsPerSec: 10e9,
        lossProbability: 0,
      }),
    })
    .prefault({}),
  requests: z
    .strictObject({
      pageTimeout: durationUs.default(seconds(10)),
      callTimeout: durationUs.default(seconds(2)),
      retry: retry.default({ maxAttempts: 2, backoffBase: ms(50), backoffCap: ms(400) }),
    })
    .prefault({}),
  clickstream: z
    .strictObject({
      heartbeat: z.int().positive().default(seconds(60)),
      maxBatchEvents: count.default(20),
      maxBatchAge: z.int().positive().default(seconds(10)),
      ackTimeout: z.int().positive().default(seconds(5)),
      maxQueueEvents: count.default(1_000),
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
    })
    .prefault({}),
  faults: z.array(fault).default([]),
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

function wan(options: {
  readonly rttMs: number;
  readonly sigma: number;
  readonly megabits: number;
  readonly loss: number;
}) {
  return {
    roundTripTime: lognormal(ms(options.rttMs), options.sigma),
    bandwidthBitsPerSec: options.megabits * 1e6,
    lossProbability: options.loss,
  };
}

function machine(replicas: number, workersPerReplica: number) {
  return {
    replicas,
    workersPerReplica,
    maxWaiting: 200,
    balancing: 'least-outstanding' as const,
  };
}
