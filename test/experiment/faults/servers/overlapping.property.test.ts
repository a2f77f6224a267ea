/** Any plan of process and platform faults, with outages and lost zones between them, on any small
 * world: all that happens stays on the books, and ends when the faults have. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import {
  FAULT_KIND_NAMES,
  FAULT_KINDS,
} from '../../../../src/experiment/faults/catalogue/fault-kinds.ts';
import type { ScenarioInput } from '../../../../src/experiment/scenario/schema.ts';
import { exponential, fixed } from '../../../../src/experiment/scenario/values.ts';
import { ARCHITECTURE_NAMES } from '../../../../src/gateway/architecture.ts';
import { ms, seconds, us } from '../../../../src/kernel/time.ts';
import { faultScenario, type PlannedFault, runFaults } from '../fault-world.ts';
import { expectWhole } from '../kind-claims.ts';

const IS_LONG = process.env['BACKLOT_LONG'] === '1';
const RUNS = IS_LONG ? 1_000 : 20;
const LOAD_US = seconds(20);
const ZONES = 2;

/** Nobody is there any more when the drain ends, so that nothing may be under way: of thirty looks
 * after the last fault each is the last one with ½. */
const LEAVING = {
  thinkTime: fixed(seconds(2)),
  browseWeights: { hover: 0, scroll: 0, search: 10, open: 40, leave: 50 },
  titleWeights: { hover: 0, play: 0, back: 50, leave: 50 },
};

const sometimes = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const interval = {
  at: fc.integer({ min: 0, max: LOAD_US }),
  for: fc.integer({ min: 1, max: seconds(8) }),
};
const SERVICES = ['movie', 'production', 'talent'];
const TARGETS = [...SERVICES, 'monolith', 'aggregation', 'federated'];

const ofKind = fc
  .constantFrom(...FAULT_KIND_NAMES.filter((kind) => /^(process|platform)\./.test(kind)))
  .chain((kind): fc.Arbitrary<PlannedFault> => {
    const { intensity, scope } = FAULT_KINDS[kind];
    const [least, most] = intensity?.swarm ?? [0, 0];
    return fc.record({
      kind: fc.constant(kind),
      target: sometimes(fc.constantFrom(...TARGETS)),
      probability: scope === 'occurrence' ? fc.constant(1) : fc.constantFrom(0.05, 0.3, 1),
      intensity:
        intensity === undefined
          ? fc.constant(undefined)
          : fc.integer({
              min: Math.ceil(least),
              max: Math.floor(most),
            }),
      ...interval,
    });
  });

const fault: fc.Arbitrary<PlannedFault> = fc.oneof(
  { weight: 12, arbitrary: ofKind },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('service.outage' as const),
      target: fc.constantFrom(...SERVICES),
      ...interval,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('zone.loss' as const),
      zone: fc.nat(ZONES - 1),
      ...interval,
    }),
  },
);

const autoscaler = fc.constant({
  hpa: {
    minReplicas: 1,
    maxReplicas: 5,
    syncPeriodUs: ms(700),
    cpuInitializationUs: 0,
    initialReadinessDelayUs: 0,
    scaleDown: { stabilizationUs: 0 },
  },
  metricLag: ms(100),
  metricWindow: ms(500),
});

const station = fc.record({
  replicas: fc.integer({ min: 1, max: 3 }),
  workersPerReplica: fc.integer({ min: 1, max: 2 }),
  maxWaiting: fc.constantFrom(2, 100),
  discipline: fc.constantFrom('fifo' as const, 'lifo' as const, 'processor-sharing' as const),
  expireWaiting: fc.boolean(),
  startupTime: fc.constantFrom(fixed(us(0)), fixed(ms(400))),
  balancing: fc.constantFrom('least-outstanding' as const, 'round-robin' as const),
  autoscaler: sometimes(autoscaler),
});

const service = fc.record({
  station,
  cache: sometimes(fc.constant({ ttl: seconds(5), maxEntries: 100, coalesce: true })),
  database: sometimes(fc.constant({ connections: 1, maxWaiting: 5, workers: 1 })),
});

const calls = fc.record({
  timeoutUs: fc.constantFrom(ms(100), seconds(1)),
  retry: fc.constantFrom({ maxAttempts: 1 }, { maxAttempts: 3 }),
  deadline: sometimes(fc.constant({})),
  hedge: sometimes(fc.constant({ kind: 'fixed' as const, delayUs: ms(40), capRatio: 1 })),
});

const world = fc.record({
  seed: fc.nat(0xffff),
  architecture: fc.constantFrom(...ARCHITECTURE_NAMES),
  guests: fc.array(fc.nat(LOAD_US), { minLength: 3, maxLength: 6 }),
  service,
  gateway: station,
  calls: sometimes(calls),
  pages: sometimes(calls),
  faults: fc.array(fault, { minLength: 1, maxLength: 7 }),
});

describe('any plan of faults for servers', () => {
  let strikes = 0;
  const struck = new Set<string>();

  test.prop([world], { numRuns: RUNS, seed: 20261126, endOnFailure: !IS_LONG })(
    'E434: loses nothing, and everything ends',
    async ({ architecture, seed, guests, service: one, gateway, faults, ...requests }) => {
      const costs = { planTime: us(500), mergeTimePerFetch: us(300), mergeTimePerKib: us(50) };
      const scenario = faultScenario(faults, {
        seed,
        clock: { start: '2026-11-20T20:00:00Z', duration: LOAD_US, drain: seconds(90) },
        audience: {
          viewers: 0,
          guests: guests.map((at) => ({ at })),
          behaviour: LEAVING,
        },
        traffic: {
          kind: 'open',
          rate: [{ at: 0, perSecond: 4 }],
          clients: 3,
          pages: { home: 1, title: 2, search: 1 },
        },
        service: {
          ...one.station,
          cache: one.cache,
          database: one.database,
          baseTime: exponential(ms(8)),
        },
        architectures: {
          aggregation: { ...gateway, ...costs },
          federated: { ...gateway, ...costs },
        },
        network: { zones: ZONES },
        requests,
      } as Partial<ScenarioInput>);
      const run = await runFaults(scenario, architecture);
      expectWhole(run);
      for (const { kind, strikes: times } of run.tally) {
        strikes += times;
        if (times > 0) struck.add(kind);
      }
    },
    3_600_000,
  );

  test('E434: the faults of these plans struck', () => {
    expect(strikes).toBeGreaterThan(RUNS * 5);
    expect(struck.size).toBeGreaterThan(IS_LONG ? 20 : 12);
  });
});
