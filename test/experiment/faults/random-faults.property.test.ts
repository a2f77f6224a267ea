/** Whatever faults of the network and of clients are over each other: no error, books close, and
 * nothing is under way when everything is over. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Scenario, ScenarioInput } from '../../../src/experiment/scenario/schema.ts';
import { ARCHITECTURE_NAMES } from '../../../src/gateway/architecture.ts';
import { seconds } from '../../../src/kernel/time.ts';
import { randomLoad } from '../requests/random-load.ts';
import { arbitraryFaults, CLIENT_KINDS, LINK_KINDS } from './arbitrary-faults.ts';
import { FAULT, type FaultInput, figuresOf, guestScenario } from './faulty-world.ts';

const IS_LONG = process.env['BACKLOT_LONG'] === '1';
const RUNS = IS_LONG ? 1_500 : 12;
const TRAFFIC: ScenarioInput['traffic'] = {
  kind: 'open',
  rate: [{ at: 0, perSecond: 0.5 }],
  pages: { title: 1 },
};

describe('faults over each other', () => {
  it('E466: leave books closed with viewers, devices and SDKs', {
    timeout: 1_800_000,
  }, async () => {
    let strikes = 0;
    const faults = arbitraryFaults({ untilUs: seconds(40), forUs: seconds(30) });
    await fc.assert(
      fc.asyncProperty(
        faults,
        fc.constantFrom(...ARCHITECTURE_NAMES),
        fc.nat(0xffff),
        async (some, architecture, seed) => {
          const guests = [0, 3, 9, 20].map((at) => ({ at: seconds(at) }));
          const scenario = guestScenario(some, {
            seed,
            traffic: TRAFFIC,
            audience: { guests },
          });
          const found = await figuresOf(scenario, architecture);
          strikes += found.faults.reduce((sum, one) => sum + one.strikes, 0);
          expect(found.eventsUnderWay).toBe(0);
        },
      ),
      { numRuns: RUNS, seed: 20261126, endOnFailure: true },
    );
    expect(strikes).toBeGreaterThan(RUNS * 10);
  });

  it('E466: leave books closed under every call policy', { timeout: 1_800_000 }, async () => {
    const faults = arbitraryFaults({ untilUs: seconds(6), forUs: seconds(8) });
    await fc.assert(
      fc.asyncProperty(randomLoad, faults, async ({ scenario, architecture }, some) => {
        await figuresOf(
          {
            ...scenario,
            faults: [...scenario.faults, ...some.map(planned)],
            clock: { ...scenario.clock, drain: seconds(90) },
          },
          architecture,
        );
      }),
      { numRuns: RUNS, seed: 20261126, endOnFailure: true },
    );
  });
});

describe('E440: with a probability of 0', () => {
  it.each(ARCHITECTURE_NAMES)('no kind of the two families changes %s', async (architecture) => {
    const never = [...LINK_KINDS, ...CLIENT_KINDS].map(
      (kind) => ({ kind, ...FAULT, probability: 0 }) as FaultInput,
    );
    const without = await figuresOf(guestScenario([], { traffic: TRAFFIC }), architecture);
    const found = await figuresOf(guestScenario(never, { traffic: TRAFFIC }), architecture);
    expect(found.digest).toBe(without.digest);
    expect(found.events).toEqual(without.events);
    expect(found.faults.every((one) => one.occurrences + one.strikes === 0)).toBe(true);
  });
});

/** A fault as a parsed scenario has it. */
function planned(fault: FaultInput) {
  return { probability: 1, ...fault } as Scenario['faults'][number];
}
