/** Random load tests for property tests: small, short, with every policy and every fault that a
 * scenario can name, on all architectures. */
import * as fc from 'fast-check';
import { defineScenario } from '../../../src/experiment/scenario/define-scenario.ts';
import type { Scenario, ScenarioInput } from '../../../src/experiment/scenario/schema.ts';
import { exponential, fixed } from '../../../src/experiment/scenario/values.ts';
import { ARCHITECTURE_NAMES, type ArchitectureName } from '../../../src/gateway/architecture.ts';
import { ms, seconds, us } from '../../../src/kernel/time.ts';

/** A scenario and where it is run. */
export interface RandomLoad {
  readonly scenario: Scenario;
  readonly architecture: ArchitectureName;
}

const DURATION_US = seconds(6);
const ZONES = 3;

const sometimes = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const breaker = fc.constantFrom(
  { kind: 'hystrix' as const, minimumRequests: 5, sleepUs: ms(500) },
  { kind: 'count-window' as const, size: 10, minimumCalls: 5, openUs: ms(700), halfOpenCalls: 2 },
  { kind: 'time-window' as const, windowUs: seconds(2), minimumCalls: 5, openUs: ms(700) },
  { kind: 'consecutive-failures' as const, failures: 3, openUs: ms(400) },
);

const budget = fc.constantFrom(
  { kind: 'ratio-bucket' as const },
  { kind: 'grpc-throttle' as const },
  { kind: 'active-retries' as const, minRetryConcurrency: 1 },
  { kind: 'quota' as const, capacity: 30 },
);

const bulkhead = fc.record({
  maxConcurrent: fc.integer({ min: 1, max: 4 }),
  maxWaiting: fc.integer({ min: 0, max: 5 }),
  maxWaitUs: fc.constantFrom(0, ms(2), ms(40)),
});

const hedge = fc.constantFrom(
  { kind: 'fixed' as const, delayUs: ms(5), capRatio: 1, maxHedges: 2 },
  { kind: 'fixed' as const, delayUs: 0, capRatio: 0.5 },
  { kind: 'quantile' as const, quantile: 0.9, initialDelayUs: ms(10), minSamples: 5 },
);

const fallback = fc.constantFrom(
  [{ kind: 'default-value' as const }],
  [{ kind: 'stale-cache' as const, maxStalenessUs: seconds(5) }],
  [
    { kind: 'stale-cache' as const, maxStalenessUs: seconds(1) },
    { kind: 'default-value' as const },
  ],
);

const retry = fc.record({
  maxAttempts: fc.integer({ min: 1, max: 4 }),
  backoff: fc.constantFrom(
    { kind: 'none' as const, baseUs: 0, capUs: 0 },
    { kind: 'full-jitter' as const, baseUs: ms(10), capUs: ms(50) },
    { kind: 'decorrelated' as const, baseUs: ms(5), capUs: ms(80) },
  ),
  retryOn: fc.constant(['timeout', 'unavailable', 'overloaded', 'error'] as const),
});

const policies = fc.record({
  timeoutUs: fc.constantFrom(ms(8), ms(30), ms(200), seconds(1)),
  retry,
  budget: sometimes(budget),
  breaker: sometimes(breaker),
  bulkhead: sometimes(bulkhead),
  hedge: sometimes(hedge),
  throttle: sometimes(fc.constant({})),
  fallback: sometimes(fallback),
  deadline: sometimes(fc.constant({})),
});

const limit = fc.constantFrom(
  { algorithm: { kind: 'fixed' as const, limit: 4 } },
  { algorithm: { kind: 'aimd' as const } },
  { algorithm: { kind: 'vegas' as const } },
  { algorithm: { kind: 'gradient2' as const } },
);

const shedding = fc.constantFrom(
  { kind: 'thresholds' as const },
  { kind: 'progressive' as const },
  { kind: 'codel' as const, targetUs: ms(2), intervalUs: ms(50) },
);

const balancing = fc.constantFrom(
  'round-robin' as const,
  'least-outstanding' as const,
  'power-of-two' as const,
  { policy: { kind: 'random' as const }, ejection: { consecutiveFailures: 2 }, zones: {} },
  { policy: { kind: 'peak-ewma' as const }, ejection: {} },
  { policy: { kind: 'ring-hash' as const } },
);

const autoscaler = fc.record({
  hpa: fc.record({
    minReplicas: fc.constant(1),
    maxReplicas: fc.integer({ min: 2, max: 6 }),
    syncPeriodUs: fc.constant(ms(400)),
    cpuInitializationUs: fc.constant(ms(200)),
    initialReadinessDelayUs: fc.constant(ms(100)),
    scaleDown: fc.constant({ stabilizationUs: 0 }),
  }),
  metricLag: fc.constantFrom(0, ms(300)),
  metricWindow: fc.constant(ms(300)),
});

const station = fc.record({
  replicas: fc.integer({ min: 1, max: 4 }),
  workersPerReplica: fc.integer({ min: 1, max: 3 }),
  maxWaiting: fc.constantFrom(0, 3, 50),
  discipline: fc.constantFrom(
    'fifo' as const,
    'lifo' as const,
    'adaptive-lifo' as const,
    'priority' as const,
    'processor-sharing' as const,
  ),
  whenFull: fc.constantFrom('reject' as const, 'shed' as const),
  expireWaiting: fc.boolean(),
  startupTime: fc.constantFrom(fixed(us(0)), fixed(ms(300))),
  balancing,
  limit: sometimes(limit),
  shedding: sometimes(shedding),
  autoscaler: sometimes(autoscaler),
});

const database = fc.record({
  connections: fc.integer({ min: 1, max: 3 }),
  waitTimeout: fc.constantFrom(ms(5), ms(100)),
  maxWaiting: fc.constantFrom(0, 10),
  workers: fc.integer({ min: 1, max: 2 }),
});

const service = fc
  .record({
    station,
    baseMs: fc.constantFrom(1, 4, 12),
    cache: sometimes(
      fc.record({
        ttl: fc.constantFrom(ms(50), seconds(2)),
        maxEntries: fc.constantFrom(20, 10_000),
        coalesce: fc.boolean(),
      }),
    ),
    database: sometimes(database),
    calledWith: sometimes(policies),
  })
  .map(({ station: one, baseMs, ...rest }) => ({
    ...one,
    baseTime: exponential(ms(baseMs)),
    timePerEntity: us(200),
    ...rest,
  }));

const gateway = station.map((one) => ({
  ...one,
  planTime: us(500),
  mergeTimePerFetch: us(300),
  mergeTimePerKib: us(50),
}));

const interval = {
  at: fc.integer({ min: 0, max: DURATION_US }),
  for: fc.integer({ min: ms(50), max: seconds(2) }),
};

const fault = fc.oneof(
  fc.record({
    kind: fc.constant('service.outage' as const),
    target: fc.constantFrom('movie', 'production', 'talent'),
    ...interval,
  }),
  fc.record({
    kind: fc.constant('service.slow' as const),
    target: fc.constantFrom('movie', 'production', 'talent'),
    factor: fc.constantFrom(3, 30),
    ...interval,
  }),
  fc.record({
    kind: fc.constant('zone.loss' as const),
    zone: fc.integer({ min: 0, max: ZONES - 1 }),
    ...interval,
  }),
);

const asked = {
  via: fc.constantFrom('wan' as const, 'datacentre' as const),
  pages: fc.constant({ home: 2, title: 3, search: 1 }),
};

const priority = fc.integer({ min: 0, max: 7 });
const priorities = fc.record({ home: priority, title: priority, search: priority });

const traffic = fc.oneof(
  fc.record({
    kind: fc.constant('open' as const),
    rate: fc.integer({ min: 5, max: 60 }).map((perSecond) => [
      { at: 0, perSecond },
      { at: seconds(3), perSecond: perSecond / 2 },
    ]),
    clients: fc.constantFrom(3, 40),
    ...asked,
  }),
  fc.record({
    kind: fc.constant('closed' as const),
    users: fc.integer({ min: 2, max: 25 }).map((users) => [{ at: 0, users }]),
    thinkTime: fc.constant(exponential(ms(300))),
    ...asked,
  }),
);

const variation = fc.record({
  seed: fc.integer({ min: 0, max: 0xffff }),
  priorities,
  architecture: fc.constantFrom(...ARCHITECTURE_NAMES),
  traffic,
  services: fc.record({ movie: service, production: service, talent: service }),
  aggregation: gateway,
  federated: gateway,
  monolith: sometimes(
    station.chain((one) => sometimes(database).map((db) => ({ ...one, database: db }))),
  ),
  schedule: fc.constantFrom('plan' as const, 'dataflow' as const),
  fanOut: fc.constantFrom('batch' as const, 'per-id' as const),
  protocol: fc.constantFrom('http/1.1' as const, 'http/2' as const),
  calls: sometimes(policies),
  pages: sometimes(policies),
  faults: fc.array(fault, { maxLength: 4 }),
});

/** Loads. The drain is longer than anything that a policy can wait for. */
export const randomLoad: fc.Arbitrary<RandomLoad> = variation.map((one) => {
  const { architecture, calls, pages, protocol, schedule, fanOut } = one;
  const input: ScenarioInput = {
    schema: 1,
    name: 'random-load',
    question: 'Does it add up?',
    seed: one.seed,
    clock: { start: '2026-11-20T20:00:00Z', duration: DURATION_US, drain: seconds(60) },
    catalogue: { titles: 30 },
    audience: { viewers: 0 },
    traffic: one.traffic,
    services: one.services,
    architectures: {
      schedule,
      direct: { fanOut },
      aggregation: { ...one.aggregation, fanOut },
      federated: one.federated,
      monolith: one.monolith,
    },
    network: { zones: ZONES, connections: { protocol } },
    requests: { calls, pages, priorities: one.priorities },
    clickstream: { pollEvery: seconds(30) },
    faults: one.faults,
  };
  return { architecture, scenario: defineScenario(input) };
});
