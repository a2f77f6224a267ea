/** The process family: what each kind does to the servers of a small world. */
import { expect } from 'vitest';
import { fixed } from '../../../../src/experiment/scenario/values.ts';
import { ms, seconds } from '../../../../src/kernel/time.ts';
import { describeKinds, type KindClaim, serverOf, strikesOf } from '../kind-claims.ts';

const SLOW_CALLS = { service: { baseTime: fixed(ms(150)) } };
const CACHED = { service: { cache: { ttl: seconds(600), maxEntries: 10_000, coalesce: true } } };
const DEADLINES = {
  requests: {
    calls: {
      timeoutUs: ms(800),
      retry: { maxAttempts: 2, backoff: { kind: 'full-jitter' as const } },
      deadline: {},
    },
  },
};
/** One replica each: what dies is the whole server. */
const LONELY = { service: { replicas: 1, workersPerReplica: 4 } };

const CLAIMS: readonly KindClaim[] = [
  {
    rule: 'E411',
    kind: 'process.crash',
    claim: 'the one replica is down until the end, its calls are reset, then all are refused',
    fault: { target: 'movie' },
    world: { ...LONELY, service: { ...LONELY.service, baseTime: fixed(ms(150)) } },
    holds({ pages, servers }, calm) {
      expect(pages.during.failed).toBe(pages.during.count);
      const { failures } = serverOf({ servers } as never, 'movie');
      expect(failures['refused']).toBeGreaterThan(10);
      expect(serverOf(calm, 'movie').failures).toEqual({});
    },
  },
  {
    rule: 'E412',
    kind: 'process.crash-loop',
    claim: 'the replica dies at the beginning, and again each time it was up for two seconds',
    fault: { target: 'movie', intensity: seconds(2) },
    world: SLOW_CALLS,
    holds(run) {
      // 8 s: dies at 0, 2, 4, 6; restarts take no time.
      expect(strikesOf(run)).toBe(4);
      expect(serverOf(run, 'movie').failures['reset']).toBeGreaterThan(0);
    },
  },
  {
    rule: 'E413',
    kind: 'process.kill-in-handler',
    claim: 'a share of calls takes its process with it, and is reset',
    fault: { target: 'talent', probability: 0.4 },
    holds(run) {
      const { reset = 0 } = serverOf(run, 'talent').failures;
      expect(reset).toBeGreaterThanOrEqual(strikesOf(run));
      expect(strikesOf(run)).toBeGreaterThan(5);
      expect(strikesOf(run)).toBeLessThan(serverOf(run, 'talent').offered / 3);
    },
  },
  {
    rule: 'E414',
    kind: 'process.pause',
    claim: 'nothing is answered while it lasts, and nothing is lost',
    fault: { target: 'aggregation', for: seconds(4) },
    holds({ pages, servers }, calm) {
      expect(pages.during.maxMs).toBeGreaterThan(3_000);
      expect(pages.during.failed).toBe(0);
      const { answered, failures } = serverOf({ servers } as never, 'gateway');
      expect(failures).toEqual({});
      expect(answered).toBe(serverOf(calm, 'gateway').answered);
    },
  },
  {
    rule: 'E415',
    kind: 'process.slow',
    claim: 'pages take as much longer as work is of their time, and only while it lasts',
    fault: { intensity: 5 },
    holds({ pages }, calm) {
      expect(pages.during.meanMs).toBeGreaterThan(3 * calm.pages.during.meanMs);
      expect(pages.during.meanMs).toBeLessThan(5 * calm.pages.during.meanMs);
    },
  },
  {
    rule: 'E416',
    kind: 'process.cold-restart',
    claim: 'caches are empty, and pages are slow at first',
    fault: { intensity: 6 },
    world: CACHED,
    holds({ pages, servers }, calm) {
      expect(pages.during.meanMs).toBeGreaterThan(1.5 * calm.pages.during.meanMs);
      const { cacheHitShare } = serverOf({ servers } as never, 'movie');
      expect(cacheHitShare).toBeLessThan(serverOf(calm, 'movie').cacheHitShare ?? 0);
    },
  },
  {
    rule: 'E417',
    kind: 'process.leak',
    claim: 'pages get slower, and the end kills what is under way',
    fault: { target: 'movie', intensity: 8 },
    world: SLOW_CALLS,
    holds(run, calm) {
      expect(run.pages.during.maxMs).toBeGreaterThan(3 * calm.pages.during.maxMs);
      expect(serverOf(run, 'movie').failures['reset']).toBeGreaterThan(0);
      expect(strikesOf(run)).toBe(2);
    },
  },
  {
    rule: 'E418',
    kind: 'process.stuck-handler',
    claim: 'workers are kept until the end, then they are free',
    fault: { target: 'movie', probability: 0.3 },
    holds(run, calm) {
      expect(run.pages.during.meanMs).toBeGreaterThan(5 * calm.pages.during.meanMs);
      expect(serverOf(run, 'movie').workSeconds).toBeLessThan(
        2 * serverOf(calm, 'movie').workSeconds,
      );
    },
  },
  {
    rule: 'E422',
    kind: 'process.handler-throws',
    claim: 'a share of calls is worked on and ends in an error',
    fault: { target: 'production', probability: 0.5 },
    holds(run, calm) {
      const { failures } = serverOf(run, 'production');
      expect(failures).toEqual({ error: strikesOf(run) });
      const workOf = (of: typeof run) => {
        const { workSeconds, offered } = serverOf(of, 'production');
        return workSeconds / offered;
      };
      expect(workOf(run)).toBeGreaterThan(0.95 * workOf(calm));
      expect(run.pages.during.failed).toBeGreaterThan(0);
    },
  },
  {
    rule: 'E420',
    kind: 'process.mailbox-overflow',
    claim: 'no more calls than that are in the server, the others are turned away',
    fault: { target: 'talent', intensity: 1 },
    world: SLOW_CALLS,
    holds(run) {
      expect(serverOf(run, 'talent').failures).toEqual({ rejected: strikesOf(run) });
    },
  },
  {
    rule: 'E419',
    kind: 'process.zombie',
    claim: 'calls of one replica get no answer until it is killed',
    fault: { target: 'aggregation' },
    world: {
      architectures: {
        aggregation: {
          replicas: 2,
          workersPerReplica: 2,
          planTime: 900,
          mergeTimePerFetch: 350,
          mergeTimePerKib: 60,
          balancing: 'round-robin' as const,
        },
      },
    },
    holds(run) {
      expect(run.pages.during.maxMs).toBeGreaterThan(5_000);
      expect(serverOf(run, 'gateway').failures['reset']).toBe(strikesOf(run));
      expect(strikesOf(run)).toBeGreaterThan(10);
    },
  },
  {
    rule: 'E421',
    kind: 'process.clock-skew',
    claim: 'calls with a deadline are given up before their time',
    fault: { target: 'movie', intensity: seconds(1) },
    world: DEADLINES,
    holds(run, calm) {
      const { expired = 0 } = serverOf(run, 'movie').failures;
      expect(expired).toBe(strikesOf(run));
      expect(expired).toBeGreaterThan(20);
      expect(serverOf(calm, 'movie').failures).toEqual({});
    },
  },
];

describeKinds('process', CLAIMS);
