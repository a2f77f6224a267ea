/** Availability and breakers by hand. */
import { describe, expect, it } from 'vitest';
import {
  availability,
  kOfNAvailability,
} from '../../../../src/queueing/theory/reliability/availability.ts';
import { breakerChain } from '../../../../src/queueing/theory/reliability/breaker-chain.ts';

describe('availability', () => {
  it('Q113: of one part, and of k of n', () => {
    expect(availability({ meanTimeToFailure: 999, meanTimeToRepair: 1 })).toBe(0.999);
    expect(availability({ meanTimeToFailure: 5, meanTimeToRepair: 0 })).toBe(1);
    expect(kOfNAvailability(0.9, { k: 2, n: 3 })).toBeCloseTo(3 * 0.81 * 0.1 + 0.729, 12);
    expect(kOfNAvailability(0.9, { k: 0, n: 3 })).toBe(1);
    // Three replicas of three nines, one enough: nine nines.
    expect(1 - kOfNAvailability(0.999, { k: 1, n: 3 })).toBeCloseTo(1e-9, 12);
    expect(kOfNAvailability(0.99, { k: 950, n: 1_000 })).toBeGreaterThan(1 - 1e-9);
  });

  it('Q101: refuses what is no time, probability or number of parts', () => {
    expect(() => availability({ meanTimeToFailure: 0, meanTimeToRepair: 1 })).toThrow('give');
    expect(() => kOfNAvailability(1.1, { k: 1, n: 2 })).toThrow('QUEUEING_BAD_ARGUMENT');
    expect(() => kOfNAvailability(0.5, { k: 3, n: 2 })).toThrow('k is 3');
  });
});

describe('circuit breaker', () => {
  it('Q113: one failure opens it: half of the calls and a pause each', () => {
    const chain = { callRatePerSec: 1, failureProbability: 0.5, failures: 1, openUs: 1e6 };
    // Closed 2 s on average; then pauses of 1 s and 1 s until the trial, 2 of them on average.
    expect(breakerChain(chain).openShare).toBeCloseTo(4 / 6, 12);
    expect(breakerChain(chain).turnedAwayShare).toBeCloseTo(2 / 6, 12);
    expect(breakerChain(chain).opensPerSec).toBeCloseTo(2 / 6, 12);
    expect(breakerChain({ ...chain, failures: 30 }).openShare).toBeLessThan(1e-8);
    expect(() => breakerChain({ ...chain, failureProbability: 1 })).toThrow('failureProbability');
  });
});
