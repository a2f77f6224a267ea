/** Question: a router can run its plan in waves, each of which waits for the whole wave before it,
 * or start each fetch as soon as what it reads is there. What does that save when talent is slow?
 * Answer: 55 of 125 ms with movie/production/talent at 5/5/60 ms, nothing at 5/80/20 ms, where the
 * slow service is waited for anyway. The arithmetic is below. */
import { defineScenario, fixed, lognormal, ms, seconds, us } from 'backlot';

/* The plan of a title page is movie → {talent, production} → {films of the cast from movie, names
 * of the directors from talent}; films read what talent said, directors what production said. Waves
 * take movie + max(talent, production) + max(movie, talent), dataflow takes movie + max(talent +
 * movie, production + talent):
 *   5/5/60 ms   waves 125, dataflow 70: saves talent − max(movie, production) = 55 ms a page,
 *   5/80/20 ms  both 105.
 * Gateway and network come on top, the same for both. Inside the datacentre times are fixed and
 * workers ample, so that this holds to the microsecond. Over the wide-area network, with talent
 * drawn around 60 ms, the shorter one of two talent calls is saved: E[min] − 5 ms ≈ 45 ms. */
const ample = { replicas: 1, workersPerReplica: 256, timePerEntity: 0 };
const link = { bandwidthBitsPerSec: 10e9, lossProbability: 0 };
const variant = (name: string, schedule: 'plan' | 'dataflow', set = {}) => ({
  name,
  architecture: 'federated' as const,
  set: { 'architectures.schedule': schedule, ...set },
});
const slowProduction = {
  'services.production.baseTime': fixed(ms(80)),
  'services.talent.baseTime': fixed(ms(20)),
};
const drawnOverWan = {
  'traffic.via': 'wan',
  'services.talent.baseTime': lognormal(ms(60), 0.4),
};

export const scenario = defineScenario({
  schema: 1,
  name: 'barriers-vs-dataflow',
  question: 'What do barriers between the waves of a plan cost when talent is slow?',
  seed: 69,
  clock: { start: '2026-11-20T20:00:00Z', duration: seconds(20), drain: seconds(10) },
  audience: {},
  traffic: {
    kind: 'open',
    rate: [{ at: 0, perSecond: 20 }],
    pages: { title: 1 },
    via: 'datacentre',
  },
  services: {
    movie: { ...ample, baseTime: fixed(ms(5)) },
    production: { ...ample, baseTime: fixed(ms(5)) },
    talent: { ...ample, baseTime: fixed(ms(60)) },
  },
  architectures: {
    federated: {
      replicas: 1,
      workersPerReplica: 256,
      planTime: us(900),
      mergeTimePerFetch: us(350),
      mergeTimePerKib: us(60),
    },
  },
  network: {
    datacentre: { ...link, roundTripTime: fixed(us(500)) },
    database: { ...link, roundTripTime: fixed(ms(1)) },
  },
  variants: [
    variant('barriers', 'plan'),
    variant('dataflow', 'dataflow'),
    variant('barriers-slow-production', 'plan', slowProduction),
    variant('dataflow-slow-production', 'dataflow', slowProduction),
    variant('barriers-wan', 'plan', drawnOverWan),
    variant('dataflow-wan', 'dataflow', drawnOverWan),
  ],
});
