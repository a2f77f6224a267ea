/** Question: knowing how seven gateways answer 50 users, how do they answer 500? (graphql-hive,
 * graphql-gateways-benchmark: real plan of four waves and seven fetches, real answers of 87 KB.)
 * Known answer: `references`, to be met within 15 % by six of seven. Calibrated on the run of 50
 * users alone: CPU of a request = cores / throughput, less what stayed idle where CPU was the
 * limit. Honestly: the model's form (first come, first served; exponential slices of CPU; setup
 * requests; 0.2 ms a hop) was chosen by somebody who knew both runs; the p95 of 50 users comes out
 * 5 to 42 % too low; apollo-gateway is missed: its capacity rose by 29 % between its two runs. */
import {
  type DurationUs,
  defineScenario,
  exponential,
  fixed,
  GATEWAYS_BENCHMARK,
  type PublishedGateway,
  seconds,
  us,
} from 'backlot';

type Load = 'constant' | 'stress';
interface UsersPoint {
  readonly at: DurationUs;
  readonly users: number;
}

const LOADS: readonly Load[] = ['constant', 'stress'];
/** Of every hop: the clients', and each of the four waves'. Everything ran on one machine. */
const ROUND_TRIP = us(200);
const HOPS = 5;
/** The plan, and the answers of its seven fetches. */
const VISITS = 8;
/** The load generator's setup sends two requests a user, one after the other. */
const SETUP_REQUESTS_PER_USER = 2;
/** From this share of its cores on a gateway's CPU was what limited it. */
const BUSY = 0.9;

export const scenario = defineScenario({
  schema: 1,
  name: 'gateways-benchmark',
  question: 'How do seven gateways answer 500 users, as told from how they answer 50?',
  product: 'gateways-benchmark',
  seed: 1,
  clock: { start: '2026-05-16T12:00:00Z', duration: seconds(60), drain: us(0) },
  audience: {},
  traffic: {
    kind: 'closed',
    users: [{ at: us(0), users: 50 }],
    via: 'datacentre',
    operations: [{ name: 'benchmark', query: GATEWAYS_BENCHMARK.query }],
  },
  network: {
    datacentre: { roundTripTime: fixed(ROUND_TRIP), bandwidthBitsPerSec: 1e12 },
    database: { roundTripTime: fixed(us(0)), bandwidthBitsPerSec: 1e12 },
  },
  services: { accounts: idle(), inventory: idle(), products: idle(), reviews: idle() },
  architectures: {
    federated: {
      replicas: 1,
      workersPerReplica: 2,
      maxWaiting: 10_000,
      planTime: us(0),
      mergeTimePerFetch: us(0),
      mergeTimePerKib: us(0),
    },
  },
  variants: GATEWAYS_BENCHMARK.results.flatMap((gateway) =>
    LOADS.map((load) => ({
      name: variantName(gateway, load),
      architecture: 'federated' as const,
      set: settings(gateway, load),
    })),
  ),
  references: GATEWAYS_BENCHMARK.results.flatMap((gateway) =>
    LOADS.flatMap((load) => {
      const { requestsPerSec, averageMs, p95Ms } = gateway[load];
      const of = {
        variant: variantName(gateway, load),
        source: 'graphql-hive/graphql-gateways-benchmark, commit e583a1ff4ae2',
      };
      return [
        { ...of, metric: 'pagesPerSec' as const, value: requestsPerSec },
        { ...of, metric: 'meanMs' as const, value: averageMs },
        { ...of, metric: 'p95Ms' as const, value: p95Ms },
      ];
    }),
  ),
});

function variantName({ name }: PublishedGateway, load: Load): string {
  return `${name}-${load}`;
}

/** CPU of a request in µs, from the run of 50 users alone: what they leave no core idle for takes
 * cores / throughput, less what stayed idle where CPU was the limit. */
function cpuUs({ coreCount, constant }: PublishedGateway): number {
  const busyShare = Math.min(1, constant.maxCpuPercent / 100 / coreCount);
  const share = busyShare >= BUSY ? busyShare : 1;
  return (share * coreCount * 1e6) / constant.requestsPerSec;
}

function settings(gateway: PublishedGateway, load: Load): Record<string, unknown> {
  const visit = exponential(us(cpuUs(gateway) / VISITS));
  const { setup, end, users } = usersOver(gateway, load);
  return {
    'clock.duration': setup + end,
    'traffic.users': users,
    'architectures.federated.workersPerReplica': gateway.coreCount,
    'architectures.federated.planTime': visit,
    'architectures.federated.answerTime': visit,
  };
}

/** One user for as long as the setup takes on average, then the load. */
function usersOver(gateway: PublishedGateway, load: Load) {
  const steps = stepsOf(load);
  const most = Math.max(...steps.map(({ users }) => users));
  const requestUs = cpuUs(gateway) + HOPS * ROUND_TRIP;
  const setup = us(Math.round(SETUP_REQUESTS_PER_USER * most * requestUs));
  const end = steps.at(-1)?.at ?? us(0);
  const users: readonly UsersPoint[] = [
    { at: us(0), users: 1 },
    { at: setup, users: 1 },
    ...steps.map((step) => ({ at: us(setup + 1 + step.at), users: step.users })),
  ];
  return { setup, end, users };
}

function stepsOf(load: Load): readonly UsersPoint[] {
  const { constant, stress } = GATEWAYS_BENCHMARK.loads;
  if (load === 'constant') {
    const { users, durationSeconds } = constant;
    return [
      { at: us(0), users },
      { at: seconds(durationSeconds), users },
    ];
  }
  const steps: UsersPoint[] = [{ at: us(0), users: 0 }];
  for (const { durationSeconds, users } of stress) {
    steps.push({ at: us((steps.at(-1)?.at ?? 0) + seconds(durationSeconds)), users });
  }
  return steps;
}

function idle() {
  return { replicas: 1, workersPerReplica: 1_000, baseTime: fixed(us(0)), timePerEntity: us(0) };
}
