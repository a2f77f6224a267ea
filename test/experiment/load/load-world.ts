/** A load test on the small world: from inside the datacentre, for one operation of one service
 * (`movie`), through a router that costs next to nothing, or as a test says otherwise. */
import type { Scenario, ScenarioInput } from '../../../src/experiment/scenario/schema.ts';
import { exponential, fixed } from '../../../src/experiment/scenario/values.ts';
import { seconds, us } from '../../../src/kernel/time.ts';
import { smallScenario } from '../small-world.ts';

/** A link without delay: every message still takes 1 µs. */
const NEAR = { roundTripTime: fixed(us(0)), bandwidthBitsPerSec: 1e15, lossProbability: 0 };

type Traffic = NonNullable<ScenarioInput['traffic']>;
type Service = NonNullable<ScenarioInput['services']>[string];

/** Mean demand of the service, µs. */
export const DEMAND_US = 20_000;
/** What everybody asks. */
export const ONE_CALL = {
  pages: {},
  operations: [{ name: 'one-call', query: 'query One($id: ID!) { title(id: $id) { name } }' }],
  via: 'datacentre' as const,
};

/** A scenario with nobody but a load test. */
export function loadScenario(options: {
  readonly traffic: Traffic;
  readonly seconds: number;
  readonly seed?: number;
  readonly movie?: Partial<Service>;
  readonly over?: Partial<ScenarioInput>;
}): Scenario {
  const service = {
    replicas: 1,
    workersPerReplica: 2,
    maxWaiting: 100_000,
    baseTime: exponential(us(DEMAND_US)),
    timePerEntity: 0,
  };
  const free = {
    replicas: 1,
    workersPerReplica: 10_000,
    planTime: 0,
    mergeTimePerFetch: 0,
    mergeTimePerKib: 0,
  };
  const duration = seconds(options.seconds);
  return smallScenario({
    seed: options.seed ?? 1,
    clock: { start: '2026-11-20T20:00:00-05:00', duration, drain: seconds(20) },
    audience: { viewers: 0 },
    traffic: options.traffic,
    services: { movie: { ...service, ...options.movie }, production: service, talent: service },
    architectures: { aggregation: free, federated: free },
    network: { datacentre: NEAR, database: NEAR },
    requests: {
      callTimeout: seconds(600),
      retry: { maxAttempts: 1, backoffBase: 0, backoffCap: 0 },
    },
    ...options.over,
  });
}
