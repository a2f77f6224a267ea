/** Question: five seconds of too many requests — are they over after five seconds? With retries and
 * nothing that bounds them they are never over; a budget or a breaker ends them. Model: M/M/1/100,
 * λ 9.3 and μ 10 per second, a spike of λ 30 from 120 s to 125 s, time-out 4 s, three retries at
 * once (DesCartes, `metastable_retry_storm.rs`). Known answer: without a budget the storm outlives
 * its cause (fixed point L = λ·(1 + a + a² + a³), a = μ/L: L = 18.5 tries per second, two a call,
 * all of them too late); budgets help only below ρ: 9.3 · 1.2 > 10, 9.3 · 1.05 < 10. */
import { defineScenario, exponential, fixed, ms, seconds, us } from 'backlot';

const atOnce = { roundTripTime: fixed(us(0)), bandwidthBitsPerSec: 1e12 };
const spike = { from: seconds(120), to: seconds(125) };
const movie = (policy: string) => `services.movie.calledWith.${policy}`;

export const scenario = defineScenario({
  schema: 1,
  name: 'retry-storm',
  question: 'Does a retry storm outlive the spike that began it?',
  seed: 1,
  clock: { start: '2026-11-20T20:00:00-05:00', duration: seconds(400), drain: seconds(20) },
  audience: {},
  traffic: {
    kind: 'open',
    rate: [
      { at: us(0), perSecond: 9.3 },
      { at: spike.from, perSecond: 9.3 },
      { at: us(spike.from + 1), perSecond: 30 },
      { at: spike.to, perSecond: 30 },
      { at: us(spike.to + 1), perSecond: 9.3 },
    ],
    clients: 1_000,
    via: 'datacentre',
    operations: [{ name: 'title-name', query: 'query($id:ID!){title(id:$id){name}}' }],
  },
  network: { datacentre: atOnce, database: atOnce },
  services: {
    movie: {
      replicas: 1,
      workersPerReplica: 1,
      maxWaiting: 100,
      baseTime: exponential(ms(100)),
      timePerEntity: us(0),
      calledWith: {
        timeoutUs: seconds(4),
        retry: {
          maxAttempts: 4,
          backoff: { kind: 'none', baseUs: 0, capUs: 0 },
          retryOn: ['timeout'],
        },
      },
    },
    production: idle(),
    talent: idle(),
  },
  architectures: {
    federated: {
      replicas: 1,
      workersPerReplica: 1_000,
      planTime: us(0),
      mergeTimePerFetch: us(0),
      mergeTimePerKib: us(0),
    },
  },
  variants: [
    { name: 'no-retries', architecture: 'federated', set: { [movie('retry.maxAttempts')]: 1 } },
    { name: 'no-budget', architecture: 'federated' },
    {
      // Finagle's default: a fifth of the calls and ten retries a second whatever happens.
      name: 'finagle-default',
      architecture: 'federated',
      set: { [movie('budget')]: { kind: 'ratio-bucket' } },
    },
    {
      name: 'ratio-bucket',
      architecture: 'federated',
      set: {
        [movie('budget')]: { kind: 'ratio-bucket', retryRatio: 0.05, minRetriesPerSec: 0 },
      },
    },
    {
      name: 'grpc-throttle',
      architecture: 'federated',
      set: { [movie('budget')]: { kind: 'grpc-throttle' } },
    },
    {
      name: 'breaker',
      architecture: 'federated',
      set: { [movie('breaker')]: { kind: 'hystrix' } },
    },
  ],
});

function idle() {
  return { replicas: 1, workersPerReplica: 1, baseTime: fixed(us(0)), timePerEntity: us(0) };
}
