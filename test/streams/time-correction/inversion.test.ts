/** PostHog/posthog#98250, reproduced: skew correction by batch folds the way through the network
 * into event times and turns the order of two events of two batches around. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createTimeCorrection } from '../../../src/streams/time-correction/strategies.ts';
import {
  type ClockSample,
  TIME_CORRECTIONS,
  type TimeCorrectionName,
} from '../../../src/streams/time-correction/time-correction.ts';

const START_US = 1_795_204_800_000_000;
const MS = 1_000;
const YEAR_US = 31_536_000_000_000;

/** An event on a device that started at START and whose wall clock is off by `wallErrorUs`. */
function sample(part: {
  readonly capturedMs: number;
  readonly sentMs: number;
  readonly delayMs: number;
  readonly wallErrorUs?: number;
}): ClockSample {
  const { capturedMs, sentMs, delayMs, wallErrorUs = 0 } = part;
  return {
    sessionId: 's1',
    deviceTimeUs: START_US + wallErrorUs + capturedMs * MS,
    uptimeUs: capturedMs * MS,
    sentTimeUs: START_US + wallErrorUs + sentMs * MS,
    sentUptimeUs: sentMs * MS,
    ingestTimeUs: START_US + (sentMs + delayMs) * MS,
  };
}

/** Corrected times in ms after the start, in the order of the samples. */
function corrected(strategy: TimeCorrectionName, samples: readonly ClockSample[]): number[] {
  const correction = createTimeCorrection(strategy);
  return samples.map((one) => (correction.correct(one) - START_US) / MS);
}

describe('the inversion of PostHog#98250', () => {
  // In a slow batch, then in a fast one; in the order of their arrival, and turned around.
  const slow = sample({ capturedMs: 10_000, sentMs: 10_100, delayMs: 2_000 });
  const fast = sample({ capturedMs: 11_000, sentMs: 11_100, delayMs: 100 });

  it.each(['segment', 'snowplow'] as const)('W83 %s turns two events around', (strategy) => {
    const [first = 0, second = 0] = corrected(strategy, [slow, fast]);
    expect([first, second]).toEqual([12_000, 11_100]);
    expect(first).toBeGreaterThan(second);
  });

  it.each(['none', 'monotonic-anchor'] as const)('W85 %s does not', (strategy) => {
    for (const samples of [
      [slow, fast],
      [fast, slow],
    ]) {
      const times = new Map(corrected(strategy, samples).map((time, i) => [samples[i], time]));
      expect(times.get(slow)).toBeLessThan(times.get(fast) ?? 0);
    }
  });

  const batches = fc.array(
    fc.record({
      gapsMs: fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 5 }),
      waitMs: fc.nat(100_000),
      delayMs: fc.nat(60_000),
    }),
    { minLength: 1, maxLength: 12 },
  );

  test.prop([batches, fc.integer({ min: -20, max: 20 }), fc.boolean()], {
    seed: 84,
    numRuns: 2_000,
  })(
    'W85 the anchor keeps the order of a session, whatever the delays, whichever batch comes first',
    (sent, yearsOff, isRestored) => {
      let nowMs = 0;
      const samples = sent.flatMap(({ gapsMs, waitMs, delayMs }, batch) => {
        const captured = gapsMs.map((gap) => {
          nowMs += gap;
          return nowMs;
        });
        const sentMs = nowMs + waitMs;
        const wallErrorUs = batch % 2 === 0 ? yearsOff * YEAR_US : 0;
        return captured.map((capturedMs) => sample({ capturedMs, sentMs, delayMs, wallErrorUs }));
      });
      const arrival = samples.toSorted((a, b) => a.ingestTimeUs - b.ingestTimeUs);
      let correction = createTimeCorrection('monotonic-anchor');
      const times = arrival.map((one) => {
        if (isRestored) {
          const saved = JSON.parse(JSON.stringify(correction.snapshot()));
          correction = createTimeCorrection('monotonic-anchor');
          correction.restore(saved);
        }
        return { uptimeUs: one.uptimeUs ?? 0, timeUs: correction.correct(one) };
      });
      const inOrder = times.toSorted((a, b) => a.uptimeUs - b.uptimeUs);
      for (let i = 1; i < inOrder.length; i += 1) {
        expect(inOrder[i]?.timeUs).toBeGreaterThanOrEqual(inOrder[i - 1]?.timeUs ?? 0);
      }
      const straight = createTimeCorrection('monotonic-anchor');
      expect(times.map(({ timeUs }) => timeUs)).toEqual(
        arrival.map((one) => straight.correct(one)),
      );
    },
  );
});

describe('clocks that cannot be', () => {
  const anyTime = fc.oneof(
    fc.nat(),
    fc.integer({ min: -(2 ** 53) + 1, max: 2 ** 53 - 1 }),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1, Number.MAX_SAFE_INTEGER),
  );
  const maybe = fc.option(anyTime, { nil: undefined });
  const wild = fc.record({
    sessionId: fc.constantFrom('a', 'b'),
    deviceTimeUs: anyTime,
    uptimeUs: maybe,
    sentTimeUs: anyTime,
    sentUptimeUs: maybe,
    ingestTimeUs: anyTime,
    roundTripUs: maybe,
  });

  test.prop([fc.constantFrom(...TIME_CORRECTIONS), fc.array(wild, { maxLength: 30 })], {
    seed: 86,
    numRuns: 1_000,
  })('W80 give whole, finite times from 0 on, and the same after a snapshot', (name, samples) => {
    const correction = createTimeCorrection(name);
    let restored = createTimeCorrection(name);
    for (const one of samples) {
      const timeUs = correction.correct(one);
      expect(Number.isSafeInteger(timeUs) && timeUs >= 0).toBe(true);
      const saved = JSON.parse(JSON.stringify(restored.snapshot()));
      restored = createTimeCorrection(name);
      restored.restore(saved);
      expect(restored.correct(one)).toBe(timeUs);
    }
  });

  it.each(TIME_CORRECTIONS)('%s refuses what is no snapshot of it', (name) => {
    expect(() => createTimeCorrection(name).restore({ sessions: 'none' })).toThrow(
      'SNAPSHOT_REFUSED',
    );
  });

  it('W84 a jump of the wall clock begins the estimate anew', () => {
    const before = sample({ capturedMs: 1_000, sentMs: 1_100, delayMs: 10 });
    const after = sample({ capturedMs: 2_000, sentMs: 2_100, delayMs: 50, wallErrorUs: YEAR_US });
    expect(corrected('minimum-round-trip', [before, after])).toEqual([1_010, 2_050]);
  });

  it('W84 of several batches the one with the least round trip says the offset', () => {
    const at = (capturedMs: number, delayMs: number, roundTripUs: number) => ({
      ...sample({ capturedMs, sentMs: capturedMs, delayMs, wallErrorUs: 7 * MS }),
      roundTripUs,
    });
    const samples = [at(1_000, 30, 60 * MS), at(2_000, 10, 20 * MS), at(3_000, 300, 600 * MS)];
    expect(corrected('minimum-round-trip', samples)).toEqual([1_000, 2_000, 3_000]);
  });

  it('W85 a device that starts again begins a new anchor', () => {
    const first = sample({ capturedMs: 20_000_000, sentMs: 20_000_100, delayMs: 20 });
    const again: ClockSample = {
      ...first,
      uptimeUs: 5_000 * MS,
      sentUptimeUs: 6_000 * MS,
      ingestTimeUs: START_US + 30_006_040 * MS,
    };
    expect(corrected('monotonic-anchor', [first, again])).toEqual([20_000_020, 30_005_040]);
  });
});
