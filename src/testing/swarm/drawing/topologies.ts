/** Drawn topologies: services of one replica and one worker are the plainest. Times are short and
 * lines are too, so that a few viewers get somewhere near every limit. Spec: T51. */
import fc from 'fast-check';
import type { ScenarioInput } from '../../../experiment/scenario/schema.ts';
import { ms, seconds, us } from '../../../kernel/time.ts';
import { oneOf, partly, seldom } from './draw.ts';

type Services = NonNullable<ScenarioInput['services']>;
type Service = Services[string];
type Architectures = NonNullable<ScenarioInput['architectures']>;
type Network = NonNullable<ScenarioInput['network']>;

/** Services of the streaming product, in the order of its supergraph. */
export const SWARM_SERVICES = ['movie', 'production', 'talent'] as const;

/** What a drawn topology is. */
export interface Topology {
  readonly services: Services;
  readonly architectures?: Architectures | undefined;
  readonly network: Network;
}

const fixed = (value: number) => ({ kind: 'deterministic' as const, value });

const balancing = oneOf<Service['balancing']>(
  'round-robin',
  'power-of-two',
  { policy: { kind: 'random' as const } },
  { policy: { kind: 'weighted-least-request' as const, bias: 1 } },
  { policy: { kind: 'peak-ewma' as const } },
  { policy: { kind: 'ring-hash' as const, virtualNodes: 16 } },
  {
    policy: { kind: 'round-robin' as const },
    ejection: { consecutiveFailures: 2, baseEjectionUs: seconds(2), maxEjectionUs: seconds(8) },
  },
  { policy: { kind: 'power-of-two' as const }, zones: {} },
);

const limit = oneOf(
  { algorithm: { kind: 'fixed' as const, limit: 4 } },
  { algorithm: { kind: 'aimd' as const, initialLimit: 4, minLimit: 1, maxLimit: 20 } },
  { algorithm: { kind: 'vegas' as const, initialLimit: 4, maxLimit: 20 } },
  { algorithm: { kind: 'gradient' as const, initialLimit: 4, minLimit: 1, maxLimit: 20 } },
  { algorithm: { kind: 'gradient2' as const, initialLimit: 4, minLimit: 1, maxLimit: 20 } },
);

const shedding = oneOf(
  { kind: 'thresholds' as const },
  { kind: 'progressive' as const, startAt: 0.7, fullAt: 1.5 },
  { kind: 'codel' as const },
);

const autoscaler = partly<NonNullable<Service['autoscaler']>>({
  hpa: fc.record({
    minReplicas: oneOf(1, 2),
    maxReplicas: oneOf(4, 3, 2),
    syncPeriodUs: oneOf(seconds(15), seconds(5)),
  }),
  metricLag: oneOf(undefined, us(0), seconds(5)),
  metricWindow: oneOf(undefined, seconds(5)),
});

const cache = fc.record({
  ttl: oneOf(seconds(60), seconds(5), us(0)),
  maxEntries: oneOf(10_000, 10, 1),
  coalesce: oneOf(true, false),
});

const database = fc.record({
  connections: oneOf(10, 2, 1),
  waitTimeout: oneOf(seconds(30), seconds(1), ms(100)),
  workers: oneOf(8, 1),
});

const station = {
  replicas: oneOf(1, 2, 3),
  workersPerReplica: oneOf(1, 2, 4),
  region: seldom(oneOf(0, 1), 0.1),
  maxWaiting: seldom(oneOf(20, 3, 0)),
  discipline: seldom(oneOf('fifo', 'lifo', 'adaptive-lifo', 'priority', 'processor-sharing')),
  whenFull: seldom(oneOf('reject', 'shed')),
  expireWaiting: seldom(fc.constant(true)),
  startupTime: seldom(oneOf(fixed(seconds(1)), fixed(seconds(10)))),
  slowStart: seldom(fc.constant({ initialSpeed: 0.2, period: seconds(5) }), 0.1),
  balancing: seldom(balancing, 0.4),
  limit: seldom(limit),
  shedding: seldom(shedding, 0.15),
  autoscaler: seldom(autoscaler),
};

const service = partly<Service>({
  ...station,
  baseTime: oneOf<Service['baseTime']>(fixed(ms(5)), fixed(ms(40)), {
    kind: 'lognormal' as const,
    median: ms(20),
    sigma: 0.8,
  }),
  timePerEntity: oneOf(us(250), us(2_000)),
  cache: seldom(cache),
  database: seldom(database),
});

const gateway = {
  ...station,
  planTime: oneOf(us(400), us(5_000)),
  mergeTimePerFetch: fc.constant(us(250)),
  mergeTimePerKib: fc.constant(us(30)),
};

const architectures: fc.Arbitrary<Architectures> = partly<Architectures>({
  schedule: seldom(oneOf('dataflow')),
  direct: seldom(fc.record({ fanOut: oneOf('per-id') })),
  monolith: seldom(partly(station)),
  aggregation: seldom(
    partly<NonNullable<Architectures['aggregation']>>({
      ...gateway,
      order: seldom(oneOf('sequential')),
      fanOut: seldom(oneOf('per-id')),
    }),
  ),
  federated: seldom(partly<NonNullable<Architectures['federated']>>(gateway)),
});

const datacentre = {
  roundTripTime: fixed(us(400)),
  bandwidthBitsPerSec: 10e9,
};

const network = partly<Network>({
  zones: oneOf(undefined, 2, 3),
  regions: fc.constant(2),
  datacentre: oneOf(datacentre, undefined),
  connections: seldom(
    oneOf(
      { protocol: 'http/1.1' as const, maxConnections: 1 },
      { protocol: 'http/2' as const, maxConcurrentStreams: 2 },
      { protocol: 'http/2' as const },
    ),
  ),
});

/** Topologies. */
export function topologies(): fc.Arbitrary<Topology> {
  return fc.record({
    services: fc.record(
      Object.fromEntries(SWARM_SERVICES.map((name) => [name, service])),
    ) as fc.Arbitrary<Services>,
    architectures: seldom(architectures, 0.6),
    network,
  });
}
