/** Question: what does the loss of one zone of three cost? All servers stand in three zones; one
 * is lost for a minute, with everything under way in it. Known answers: at `scenario`. */
import { defineScenario, fixed, ms, seconds, uniform, us } from 'backlot';

const station = { workersPerReplica: 8, startupTime: fixed(seconds(5)) };
const service = { ...station, replicas: 9, timePerEntity: 0 };
const router = { ...station, replicas: 9, planTime: us(500), mergeTimePerFetch: us(100) };

/** Pages are waited for four seconds. */
const once = {
  timeoutUs: seconds(4),
  retry: { maxAttempts: 1, retryOn: [] },
} as const;
const twice = {
  timeoutUs: seconds(4),
  retry: {
    maxAttempts: 2,
    backoff: { kind: 'full-jitter', baseUs: ms(50), capUs: ms(50) },
    retryOn: ['timeout', 'unavailable', 'overloaded'],
  },
} as const;

const monolith = { ...station, replicas: 9, maxWaiting: 400 };
const TIGHT = { 'architectures.monolith.replicas': 6 };

/** Known answers. What fails is what was in flight there, λ·W/3 by Little's law, and one retry
 * saves it. A fleet with headroom (57 % busy) runs at 85 % on the two zones that are left, and
 * hardly notices. One that is 85 % busy on three would need 128 % of two: its line grows by λ −
 * μ a second until pages wait for longer than anybody does, and from then on it works for
 * nobody. Retries make it worse. A Kubernetes autoscaler does not help while the zone is away:
 * pods without metrics count as idle, so usage looks too low to add any. Behind a gateway, pages
 * that it hosts in the lost zone fail, and pages of other zones with a call there show a part;
 * where balancers keep calls in their zone, nothing outside of it is hit. */
export const scenario = defineScenario({
  schema: 1,
  name: 'zone-loss',
  question: 'What does the loss of one zone of three cost?',
  seed: 51,
  clock: { start: '2026-11-20T20:00:00Z', duration: seconds(220), drain: seconds(20) },
  audience: { viewers: 0 },
  catalogue: { titles: 100 },
  traffic: {
    kind: 'open',
    // 400 ms of work a page on 48 workers: 85 % busy; on 72, 57 %.
    rate: [{ at: 0, perSecond: 102 }],
    via: 'datacentre',
    operations: [
      {
        name: 'cast',
        query: 'query Cast($id: ID!) { title(id: $id) { name cast(first: 3) { character } } }',
      },
    ],
  },
  services: {
    movie: { ...service, baseTime: fixed(us(0)) },
    production: { ...service, baseTime: fixed(us(0)) },
    talent: { ...service, baseTime: uniform(ms(200), ms(600)), calledWith: once },
  },
  architectures: {
    monolith,
    federated: { ...router, mergeTimePerKib: us(10) },
  },
  network: { zones: 3 },
  requests: { pages: once },
  faults: [{ kind: 'zone.loss', zone: 1, at: seconds(60), for: seconds(60) }],
  variants: [
    { name: 'headroom', architecture: 'monolith' },
    { name: 'headroom-and-retry', architecture: 'monolith', set: { 'requests.pages': twice } },
    { name: 'tight', architecture: 'monolith', set: TIGHT },
    {
      name: 'tight-and-retry',
      architecture: 'monolith',
      set: { ...TIGHT, 'requests.pages': twice },
    },
    {
      name: 'tight-and-autoscaler',
      architecture: 'monolith',
      set: {
        ...TIGHT,
        'architectures.monolith.autoscaler': {
          hpa: {
            minReplicas: 6,
            maxReplicas: 12,
            metrics: [{ kind: 'resource-utilization', targetPercent: 85 }],
          },
        },
      },
    },
    { name: 'gateway', architecture: 'federated' },
    {
      name: 'gateway-by-zone',
      architecture: 'federated',
      set: { 'services.talent.balancing': { policy: { kind: 'least-outstanding' }, zones: {} } },
    },
    {
      name: 'gateway-and-retry',
      architecture: 'federated',
      set: { 'requests.pages': twice, 'services.talent.calledWith': twice },
    },
  ],
});
