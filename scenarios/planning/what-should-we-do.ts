/** Question: what should we do about tonight? One architecture with four things planted in it. At
 * the peak `talent` has half of the replicas that it needs, and whoever calls it gives up after two
 * and a half seconds and tries twice more, which loads what is full already. The pipeline has one
 * worker for the work of two. `production` has four replicas for the work of one. Known answers: a
 * second replica of `talent` meets both objectives of pages, which fewer retries alone improve and
 * do not meet; a second worker meets freshness; all but one of `production` can go; a third replica
 * of `movie` does nothing (`--try services.movie.replicas=3` is the placebo). */
import { defineScenario, lognormal, minutes, ms, seconds } from 'backlot';

const service = { workersPerReplica: 1, timePerEntity: ms(1), maxWaiting: 60 };

export const scenario = defineScenario({
  schema: 1,
  name: 'what-should-we-do',
  question: 'What should we do so that tonight keeps its promises, and what may we save?',
  seed: 20261121,
  clock: { start: '2026-11-21T20:00:00-05:00', duration: minutes(5), drain: minutes(1) },
  audience: {
    viewers: 70,
    arrivals: [
      { at: minutes(0), relativeRate: 1 },
      { at: minutes(1.5), relativeRate: 1 },
      { at: minutes(2), relativeRate: 4 },
      { at: minutes(3.5), relativeRate: 4 },
      { at: minutes(4), relativeRate: 1 },
      { at: minutes(5), relativeRate: 1 },
    ],
  },
  catalogue: { titles: 200 },
  services: {
    movie: { ...service, replicas: 2, baseTime: lognormal(ms(200), 0.4) },
    production: { ...service, replicas: 4, baseTime: lognormal(ms(150), 0.4) },
    talent: {
      ...service,
      replicas: 1,
      baseTime: lognormal(ms(520), 0.3),
      calledWith: {
        timeoutUs: seconds(2.5),
        retry: {
          maxAttempts: 3,
          backoff: { kind: 'none', baseUs: 0, capUs: 0 },
          retryOn: ['timeout', 'overloaded'],
        },
      },
    },
  },
  architectures: {
    aggregation: {
      replicas: 2,
      workersPerReplica: 1,
      planTime: ms(5),
      mergeTimePerFetch: ms(1),
      mergeTimePerKib: ms(0.2),
    },
  },
  clickstream: {
    partitions: 4,
    workers: { count: 1, maxBatchEvents: 20, timePerBatch: ms(5), timePerEvent: ms(400) },
  },
  phases: [{ name: 'peak', from: minutes(2), to: minutes(4) }],
  objectives: [
    'p95(page.load) < 2.5s during phase("peak")',
    'rate(page.partial) / rate(page.requests) < 4%',
    'p99(clickstream.freshness) < 40s',
  ],
  prices: {},
  variants: [{ name: 'tonight', architecture: 'aggregation' }],
});
