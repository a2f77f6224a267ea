/** Faults of the log and the pipeline as they come, one on top of the other: whatever the schedule,
 * nothing acknowledged is lost, and nothing counts twice. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import {
  FAULT_KIND_NAMES,
  FAULT_KINDS,
} from '../../../src/experiment/faults/catalogue/fault-kinds.ts';
import { ms, seconds } from '../../../src/kernel/time.ts';
import {
  expectNothingLost,
  type FaultInput,
  runStream,
  type StreamOptions,
} from './stream-world.ts';

const RUNS = process.env['BACKLOT_LONG'] === '1' ? 2_000 : 20;
const TIMEOUT_MS = RUNS * 4_000;

const KINDS = FAULT_KIND_NAMES.filter((kind) =>
  ['storage', 'pipeline'].includes(FAULT_KINDS[kind].family),
);

/** One fault as a plan may have it. */
const fault: fc.Arbitrary<FaultInput> = fc.constantFrom(...KINDS).chain((kind) => {
  const { targets, scope, intensity } = FAULT_KINDS[kind];
  const target = targets === 'store' ? fc.constantFrom(undefined, 'log', 'warehouse') : undefined;
  return fc
    .record({
      at: fc.nat({ max: seconds(150) }),
      for: fc.integer({ min: 1, max: seconds(60) }),
      target: target ?? fc.constant(undefined),
      probability:
        scope === 'occurrence' ? fc.constant(1) : fc.constantFrom(0.05, 0.2, 0.5, 0.9, 1),
      intensity:
        intensity === undefined
          ? fc.constant(undefined)
          : fc.integer({ min: intensity.swarm[0], max: intensity.swarm[1] }),
    })
    .map((drawn) => ({ kind, ...defined(drawn) }) as FaultInput);
});

function defined<T extends object>(object: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}

/** What else a pipeline may be set to. */
const world: fc.Arbitrary<StreamOptions> = fc
  .record({
    partitions: fc.integer({ min: 1, max: 4 }),
    allowedLateness: fc.constantFrom(0, seconds(20), seconds(600)),
    watermarkBound: fc.constantFrom(0, seconds(5), seconds(30)),
    idleTimeout: fc.constantFrom(seconds(3), seconds(60)),
    malformedShare: fc.constantFrom(0, 0.05),
    batchLossProbability: fc.constantFrom(0, 0.1),
    retry: fc.constantFrom(undefined, {
      maxAttempts: 2,
      backoffBase: seconds(1),
      backoffCap: seconds(2),
    }),
    sdk: fc.constantFrom(undefined, { killProbability: 0.1 }),
    workers: fc.option(
      fc.record({
        count: fc.integer({ min: 1, max: 3 }),
        maxBatchEvents: fc.integer({ min: 1, max: 20 }),
        timePerEvent: fc.constantFrom(0, ms(50), ms(900)),
        flushEvery: fc.constantFrom(seconds(1), seconds(5)),
      }),
      { nil: undefined },
    ),
  })
  .chain((clickstream) =>
    fc.record({
      seed: fc.nat({ max: 1_000_000 }),
      guests: fc.integer({ min: 1, max: 5 }),
      clickstream: fc.constant(defined(clickstream) as NonNullable<StreamOptions['clickstream']>),
    }),
  );

describe('overlapping faults of the log and the pipeline', () => {
  test.prop([fc.array(fault, { minLength: 1, maxLength: 7 }), world], {
    seed: 490,
    numRuns: RUNS,
  })(
    'E490: leave every acknowledged event once, and books that close',
    async (faults, options) => {
      const outcome = await runStream(faults, options);
      expectNothingLost(outcome);
      expect(new Set(outcome.facts).size).toBe(outcome.facts.length);
    },
    TIMEOUT_MS,
  );
});
