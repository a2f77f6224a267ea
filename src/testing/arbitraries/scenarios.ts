/** Small scenarios: a minute or two, a handful of guests, all that a world can be made of. They
 * shrink to one guest at time 0 under defaults. Spec: T99. */

import fc from 'fast-check';
import type { ScenarioInput } from '../../experiment/scenario/schema.ts';
import { US_PER_SECOND } from '../../kernel/time.ts';

/** What is drawn. */
export interface ScenarioOptions {
  /** Default 4. */
  readonly maxGuests?: number;
  /** Default 120 s. µs. */
  readonly durationUs?: number;
}

const GUESTS_MAX = 4;
const DURATION_US = 120_000_000;

/** Scenarios without faults. */
export function scenarios(options: ScenarioOptions = {}): fc.Arbitrary<ScenarioInput> {
  const { maxGuests = GUESTS_MAX, durationUs = DURATION_US } = options;
  const guest = fc
    .nat(Math.floor(durationUs / US_PER_SECOND) - 1)
    .map((second) => ({ at: second * US_PER_SECOND }));
  return fc
    .record({
      seed: fc.nat(0xffff),
      guests: fc.array(guest, { minLength: 1, maxLength: maxGuests, size: 'max' }),
      services: fc.option(sizes(), { nil: undefined }),
      clickstream: fc.option(clickstreams(), { nil: undefined }),
    })
    .map(({ seed, guests, services, clickstream }) => ({
      schema: 1,
      name: 'drawn',
      question: 'Does it hold?',
      seed,
      clock: { start: '2026-11-20T20:00:00Z', duration: durationUs },
      catalogue: { titles: 20 },
      audience: { guests },
      ...(services === undefined ? {} : { services }),
      ...(clickstream === undefined ? {} : { clickstream }),
    }));
}

/** Fleets from too small to ample. */
function sizes(): fc.Arbitrary<NonNullable<ScenarioInput['services']>> {
  const size = fc.record({
    replicas: fc.integer({ min: 1, max: 3 }),
    workersPerReplica: fc.integer({ min: 1, max: 4 }),
    baseMs: fc.integer({ min: 1, max: 50 }),
  });
  return fc.record({ movie: size, production: size, talent: size }).map((services) =>
    Object.fromEntries(
      Object.entries(services).map(([name, { replicas, workersPerReplica, baseMs }]) => [
        name,
        {
          replicas,
          workersPerReplica,
          baseTime: { kind: 'deterministic' as const, value: baseMs * 1_000 },
          timePerEntity: 100,
        },
      ]),
    ),
  );
}

function clickstreams(): fc.Arbitrary<NonNullable<ScenarioInput['clickstream']>> {
  return fc.record({
    maxBatchEvents: fc.integer({ min: 1, max: 20 }),
    partitions: fc.integer({ min: 1, max: 4 }),
    watermarkBound: fc.constantFrom(0, 5 * US_PER_SECOND, 30 * US_PER_SECOND),
    batchLossProbability: fc.constantFrom(0, 0.1, 0.5),
  });
}
