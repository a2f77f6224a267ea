/** Question: is a forecast of tonight's premiere worth more than headroom at the same cost? Every
 * evening five times as many users come within a minute, up to two minutes early or late, and at a
 * level of its own; the autoscaler learned from seven such evenings out of a warehouse. A replica
 * takes 60 s to start. Known answers: at `variants`. */
import { defineScenario, fixed, lognormal, minutes, ms, seconds, us } from 'backlot';

const ample = { replicas: 1, workersPerReplica: 1, baseTime: fixed(us(0)), timePerEntity: 0 };

const hpa = (targetMilli: number) => ({
  minReplicas: 2,
  maxReplicas: 40,
  metrics: [{ kind: 'resource-average' as const, targetMilli }],
});

const delays = { metricLag: seconds(15), metricWindow: seconds(15) };

export const scenario = defineScenario({
  schema: 1,
  name: 'premiere-forecast',
  question: 'Is a forecast of tonight’s premiere worth more than headroom at the same cost?',
  seed: 9,
  clock: { start: '2026-11-27T20:30:00-05:00', duration: minutes(40), drain: minutes(1) },
  audience: { viewers: 0 },
  catalogue: { titles: 50 },
  traffic: {
    kind: 'open',
    rate: [
      { at: minutes(0), perSecond: 2 },
      { at: minutes(14.5), perSecond: 2 },
      { at: minutes(15.5), perSecond: 10 },
      { at: minutes(22), perSecond: 10 },
      { at: minutes(30), perSecond: 2.5 },
      { at: minutes(40), perSecond: 2 },
    ],
    via: 'datacentre',
    operations: [
      {
        name: 'cast',
        query: 'query Cast($id: ID!) { title(id: $id) { cast(first: 1) { character } } }',
      },
    ],
  },
  evenings: { before: 7, levelSpread: 0.15, shift: minutes(2) },
  services: {
    movie: ample,
    production: ample,
    talent: {
      replicas: 3,
      workersPerReplica: 2,
      baseTime: lognormal(ms(800), 0.4),
      timePerEntity: 0,
      startupTime: fixed(seconds(60)),
      autoscaler: { ...delays, hpa: hpa(1_600) },
    },
  },
  requests: {
    callTimeout: seconds(8),
    retry: { maxAttempts: 1, backoffBase: ms(50), backoffCap: ms(50) },
  },
  clickstream: { pollEvery: seconds(60) },
  objectives: [
    'p95(page.load) < 3s over 1m windows for 95%',
    'rate(page.partial) / rate(page.requests) < 1% over 1m windows for 95%',
  ],
  prices: {},
  /* Known answers (20 replications; 10 are enough). An HPA at Kubernetes' 80 % sees the premiere 30
   * s after it began, and has the replicas for it minutes later: 8 of 40 minutes are missed.
   * With a forecast the replicas are there before: 0.15 minutes, for 20 % more replica hours (3.19
   * for 2.64). The HPA whose target is lowered until it costs the same (1,335m of the 2,000m that a
   * replica has, found by bisection: 3.14 replica hours) still misses 5.6 minutes: headroom for two
   * thirds more is not there for five times as many. On the same draws the forecast saves 5.4
   * minutes, 95 % interval 5.0 to 5.8. */
  variants: [
    { name: 'reactive', architecture: 'federated' },
    {
      name: 'reactive-at-equal-cost',
      architecture: 'federated',
      set: { 'services.talent.autoscaler.hpa': hpa(1_335) },
    },
    {
      name: 'forecast',
      architecture: 'federated',
      set: {
        'services.talent.autoscaler.forecast': {
          seasonality: 'multiplicative',
          targetUtilization: 0.6,
        },
      },
    },
  ],
});
