/** The platform family: what each kind does to the servers of a small world. */
import { expect } from 'vitest';
import { fixed } from '../../../../src/experiment/scenario/values.ts';
import { ms, seconds } from '../../../../src/kernel/time.ts';
import { describeKinds, type KindClaim, serverOf, strikesOf } from '../kind-claims.ts';

const CACHE = { ttl: seconds(600), maxEntries: 10_000, coalesce: true };

/** Three times the load from the tenth second on, and autoscalers that see it at once. */
const GROWING = {
  traffic: {
    kind: 'open' as const,
    rate: [
      { at: seconds(9), perSecond: 3 },
      { at: seconds(10), perSecond: 16 },
    ],
    clients: 8,
    pages: { title: 1 },
  },
  service: {
    replicas: 1,
    workersPerReplica: 2,
    baseTime: fixed(ms(60)),
    startupTime: fixed(ms(500)),
    autoscaler: {
      hpa: {
        minReplicas: 1,
        maxReplicas: 6,
        syncPeriodUs: seconds(1),
        cpuInitializationUs: 0,
        initialReadinessDelayUs: 0,
        metrics: [{ kind: 'resource-utilization' as const, targetPercent: 50 }],
      },
      metricLag: 0,
      metricWindow: seconds(1),
    },
  },
};

const CLAIMS: readonly KindClaim[] = [
  {
    rule: 'E424',
    kind: 'platform.region-loss',
    claim: 'no server answers',
    holds({ pages }) {
      expect(pages.during.failed).toBe(pages.during.count);
    },
  },
  {
    rule: 'E425',
    kind: 'platform.frozen-autoscaler',
    claim: 'the fleet stays small under a load that it grows under otherwise',
    fault: { target: 'movie', for: seconds(18) },
    world: GROWING,
    holds(run, calm) {
      expect(strikesOf(run)).toBeGreaterThanOrEqual(17);
      expect(serverOf(run, 'movie').replicas.mean).toBeLessThan(
        serverOf(calm, 'movie').replicas.mean,
      );
      expect(run.pages.during.meanMs).toBeGreaterThan(calm.pages.during.meanMs);
    },
  },
  {
    rule: 'E426',
    kind: 'platform.slow-scale-out',
    claim: 'replicas come later',
    fault: { intensity: seconds(10) },
    world: GROWING,
    holds(run, calm) {
      expect(serverOf(run, 'movie').replicas.mean).toBeLessThan(
        serverOf(calm, 'movie').replicas.mean,
      );
      expect(run.pages.during.meanMs).toBeGreaterThan(calm.pages.during.meanMs);
    },
  },
  {
    rule: 'E427',
    kind: 'platform.bad-deploy',
    claim: 'a share of calls ends in an error at once, without work',
    fault: { target: 'production', probability: 0.6 },
    holds(run, calm) {
      expect(serverOf(run, 'production').failures).toEqual({ error: strikesOf(run) });
      expect(serverOf(run, 'production').workSeconds).toBeLessThan(
        serverOf(calm, 'production').workSeconds,
      );
      expect(run.pages.during.failed).toBeGreaterThan(0);
    },
  },
  {
    rule: 'E428',
    kind: 'platform.config-push',
    claim: 'all replicas restart once: caches are empty, what is under way is reset',
    world: { service: { cache: CACHE, baseTime: fixed(ms(300)) } },
    holds(run, calm) {
      // Two replicas of three services and of the gateway.
      expect(strikesOf(run)).toBe(8);
      expect(serverOf(run, 'movie').cacheHitShare).toBeLessThan(
        serverOf(calm, 'movie').cacheHitShare ?? 0,
      );
    },
  },
  {
    rule: 'E429',
    kind: 'platform.quota',
    claim: 'each second has that many calls, the others are turned away',
    fault: { target: 'aggregation', intensity: 2 },
    holds(run, calm) {
      expect(serverOf(run, 'gateway').failures).toEqual({ rejected: strikesOf(run) });
      const { count, failed } = run.pages.during;
      expect(count - failed).toBeLessThanOrEqual(8 * 2);
      expect(count).toBeGreaterThanOrEqual(calm.pages.during.count);
    },
  },
  {
    rule: 'E430',
    kind: 'platform.cache-flush',
    claim: 'fewer look-ups hit',
    fault: { target: 'movie' },
    world: { service: { cache: CACHE } },
    holds(run, calm) {
      expect(strikesOf(run)).toBe(8);
      expect(serverOf(run, 'movie').cacheHitShare).toBeLessThan(
        (serverOf(calm, 'movie').cacheHitShare ?? 0) - 0.02,
      );
      expect(serverOf(run, 'talent').cacheHitShare).toBe(serverOf(calm, 'talent').cacheHitShare);
    },
  },
  {
    rule: 'E431',
    kind: 'platform.hot-key',
    claim: 'work on entities takes longer on one replica',
    fault: { target: 'movie', intensity: 40 },
    holds(run, calm) {
      const { offered } = serverOf(run, 'movie');
      expect(strikesOf(run)).toBeLessThan(offered / 2);
      expect(run.pages.during.maxMs).toBeGreaterThan(1.5 * calm.pages.during.maxMs);
    },
  },
  {
    rule: 'E432',
    kind: 'platform.retry-storm',
    claim: 'a server has that many more calls, and no page more is asked for',
    fault: { target: 'talent', intensity: 3 },
    holds(run, calm) {
      const extra = serverOf(run, 'talent').offered - serverOf(calm, 'talent').offered;
      expect(extra).toBe(strikesOf(run));
      expect(run.ledger.in).toBe(calm.ledger.in);
    },
  },
];

describeKinds('platform', CLAIMS);
