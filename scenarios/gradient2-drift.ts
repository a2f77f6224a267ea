/** Question: a service can do 30 calls at once, and three times as many are asked of it for good.
 * Does an adaptive limit find the 30? Known answer, of production (Netflix concurrency-limits,
 * issue 137, pull request 134, open since 2019): Gradient2 with its defaults does not. Its long
 * average catches up with the answer times that the limit itself causes; within 1,200 samples the
 * limit drifts to its ceiling of 200, and answers take 200 / 30 = 6.7 times as long for no more of
 * them. A fixed limit of 30 stays, Vegas swings a little above it, and AIMD, which hears of nothing
 * but answers slower than its time-out, lets them become as slow as that: 5 s instead of 1 s. */
import { defineScenario, fixed, seconds, us } from 'backlot';

const atOnce = { roundTripTime: fixed(us(0)), bandwidthBitsPerSec: 1e12 };
const workers = 30;

export const scenario = defineScenario({
  schema: 1,
  name: 'gradient2-drift',
  question: 'Which concurrency limit finds out that the service can do 30 calls at once?',
  seed: 1,
  clock: { start: '2026-11-20T20:00:00-05:00', duration: seconds(600), drain: seconds(20) },
  audience: {},
  traffic: {
    kind: 'open',
    rate: [{ at: us(0), perSecond: 3 * workers }],
    clients: 1_000,
    via: 'datacentre',
    operations: [{ name: 'title-name', query: 'query($id:ID!){title(id:$id){name}}' }],
  },
  network: { datacentre: atOnce, database: atOnce },
  services: {
    movie: {
      replicas: 1,
      workersPerReplica: workers,
      discipline: 'processor-sharing',
      maxWaiting: 1_000,
      // Up to 30 calls take a second each; more of them share the workers.
      baseTime: fixed(seconds(1)),
      timePerEntity: us(0),
      limit: { algorithm: { kind: 'fixed', limit: workers } },
      calledWith: { timeoutUs: seconds(60), retry: { maxAttempts: 1 } },
    },
    production: idle(),
    talent: idle(),
  },
  architectures: {
    federated: {
      replicas: 1,
      workersPerReplica: 10_000,
      planTime: us(0),
      mergeTimePerFetch: us(0),
      mergeTimePerKib: us(0),
    },
  },
  variants: [
    { name: 'fixed', architecture: 'federated' },
    ...(['gradient2', 'vegas', 'aimd'] as const).map((kind) => ({
      name: kind,
      architecture: 'federated' as const,
      set: { 'services.movie.limit.algorithm': { kind } },
    })),
  ],
});

function idle() {
  return { replicas: 1, workersPerReplica: 1, baseTime: fixed(us(0)), timePerEntity: us(0) };
}
