/** Real documents: small load tests with faults, fallbacks, retries and an autoscaler. */
import type { RunDocument } from '../../src/experiment/result.ts';
import { runScenario } from '../../src/experiment/run.ts';
import type { ScenarioInput } from '../../src/experiment/scenario/schema.ts';
import { fixed } from '../../src/experiment/scenario/values.ts';
import { minutes, ms, seconds, us } from '../../src/kernel/time.ts';
import { smallScenario } from '../experiment/small-world.ts';

const RETRIES = {
  timeoutUs: ms(150),
  retry: { maxAttempts: 4, backoff: { kind: 'none' } },
} as const;

const SERVICE = {
  replicas: 2,
  workersPerReplica: 2,
  baseTime: fixed(ms(8)),
  timePerEntity: us(20),
};

/** A minute of arrivals, talent slow for a while in it. */
const STORM: Partial<ScenarioInput> = {
  name: 'retry-storm',
  question: 'Do retries make a slow service slower?',
  clock: { start: '2026-11-20T20:00:00Z', duration: minutes(1), drain: seconds(10) },
  audience: { viewers: 0 },
  traffic: {
    kind: 'open',
    rate: [{ at: 0, perSecond: 60 }],
    pages: { home: 3, title: 1 },
    via: 'datacentre',
  },
  services: { movie: SERVICE, production: SERVICE, talent: { ...SERVICE, calledWith: RETRIES } },
  faults: [
    { kind: 'service.slow', target: 'talent', at: seconds(20), for: seconds(15), factor: 12 },
  ],
};

/** Three variants of one architecture: retries, retries with a default value, an autoscaler. */
export function stormDocument(): Promise<RunDocument> {
  const fallback = [{ kind: 'default-value' }];
  const hpa = { minReplicas: 2, maxReplicas: 8, syncPeriodUs: seconds(5) };
  return runScenario(
    smallScenario({
      ...STORM,
      variants: [
        { name: 'retries', architecture: 'federated' },
        {
          name: 'retries-and-default-values',
          architecture: 'federated',
          set: { 'services.talent.calledWith.fallback': fallback },
        },
        {
          name: 'autoscaled',
          architecture: 'federated',
          set: {
            'services.talent.autoscaler': { hpa, metricLag: seconds(2), metricWindow: seconds(5) },
            'services.talent.startupTime': fixed(seconds(5)),
            'services.talent.limit': { algorithm: { kind: 'aimd' } },
          },
        },
      ],
      references: [
        { variant: 'retries', metric: 'pagesPerSec', value: 58, source: 'A paper, table 2' },
        { variant: 'autoscaled', metric: 'p95Ms', value: 12, source: 'A <b>blog</b>' },
      ],
    } as Partial<ScenarioInput>),
    { threads: 1 },
  );
}

/** One variant alone, asked by users that wait for their pages. */
export function aloneDocument(): Promise<RunDocument> {
  return runScenario(
    smallScenario({
      ...STORM,
      name: 'alone',
      traffic: { kind: 'closed', users: [{ at: 0, users: 30 }], pages: { home: 1 } },
      faults: [],
      variants: [{ name: 'only', architecture: 'monolith' }],
    } as Partial<ScenarioInput>),
    { threads: 1 },
  );
}

/** Fourteen variants with long names. */
export function manyDocument(): Promise<RunDocument> {
  return runScenario(
    smallScenario({
      ...STORM,
      name: 'many-gateways',
      clock: { start: '2026-11-20T20:00:00Z', duration: seconds(8), drain: seconds(2) },
      faults: [],
      traffic: {
        kind: 'closed',
        users: [{ at: 0, users: 40 }],
        pages: { home: 1 },
        via: 'datacentre',
      },
      variants: Array.from({ length: 14 }, (_, n) => ({
        name: `a-gateway-of-some-vendor-with-a-long-name-${n + 1}`,
        architecture: n % 2 === 0 ? 'federated' : 'aggregation',
        set: { 'services.talent.replicas': 1 + n },
      })),
      references: Array.from({ length: 14 }, (_, n) => ({
        variant: `a-gateway-of-some-vendor-with-a-long-name-${n + 1}`,
        metric: 'pagesPerSec',
        value: 100 + 40 * n,
        source: 'the benchmark of that vendor, 2025',
      })),
    } as Partial<ScenarioInput>),
    { threads: 1 },
  );
}
