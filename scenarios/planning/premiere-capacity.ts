/** Question: how many replicas of what carry the premiere, with any one zone lost at its peak, and
 * how many workers keep the clickstream fresh through it? One simulated viewer stands for many, so
 * work is as many times longer: what a call and an event take is the wear on one simulated core.
 * Known answers: nobody survives the loss of a zone with one replica of anything; two of each are
 * in two zones of three, and what is left of them must carry the peak alone. Freshness is bound by
 * the workers alone, whatever serves the pages. */
import { defineScenario, lognormal, minutes, ms } from 'backlot';

const service = { replicas: 3, workersPerReplica: 1, timePerEntity: ms(1) };
const gateway = {
  replicas: 3,
  workersPerReplica: 1,
  planTime: ms(20),
  mergeTimePerFetch: ms(1),
  mergeTimePerKib: ms(0.5),
};

export const scenario = defineScenario({
  schema: 1,
  name: 'premiere-capacity',
  question: 'How many replicas and workers carry the premiere, with any one zone lost?',
  seed: 46,
  clock: { start: '2026-11-20T20:57:00-05:00', duration: minutes(5), drain: minutes(1) },
  audience: {
    viewers: 110,
    // The premiere is at 20:59: four times as many as before come within half a minute.
    arrivals: [
      { at: minutes(0), relativeRate: 1 },
      { at: minutes(1.5), relativeRate: 1 },
      { at: minutes(2), relativeRate: 4 },
      { at: minutes(3.5), relativeRate: 4 },
      { at: minutes(4), relativeRate: 1.5 },
      { at: minutes(5), relativeRate: 1.5 },
    ],
  },
  catalogue: { titles: 200 },
  services: {
    movie: { ...service, baseTime: lognormal(ms(300), 0.5) },
    production: { ...service, baseTime: lognormal(ms(280), 0.5) },
    talent: { ...service, baseTime: lognormal(ms(320), 0.6) },
  },
  architectures: { aggregation: gateway, federated: gateway },
  network: { zones: 3 },
  clickstream: {
    partitions: 4,
    workers: { maxBatchEvents: 20, timePerBatch: ms(5), timePerEvent: ms(250) },
  },
  phases: [{ name: 'peak', from: minutes(2), to: minutes(3.5) }],
  objectives: [
    'p95(page.load) < 4s during phase("peak")',
    'rate(page.errors) / rate(page.requests) < 2%',
    'rate(page.partial) / rate(page.requests) < 2%',
    'p99(clickstream.freshness) < 30s',
  ],
  prices: {},
  planning: {
    survive: 'zone',
    replications: 8,
    vary: {
      'services.movie.replicas': { min: 1, max: 12 },
      'services.production.replicas': { min: 1, max: 12 },
      'services.talent.replicas': { min: 1, max: 12 },
      'architectures.aggregation.replicas': { min: 1, max: 8 },
      'architectures.federated.replicas': { min: 1, max: 8 },
      'clickstream.workers.count': { min: 1, max: 4 },
    },
  },
});
