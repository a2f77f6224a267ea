/** Sliding windows of counts against a list of all samples. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  addCounts,
  countsAt,
  EMPTY_COUNTS,
  type RollingCounts,
} from '../../../src/queueing/calls/rolling-counts.ts';
import { deepFreeze } from './frozen.ts';

describe('rolling counts', () => {
  it('Q20: forgets everything over an idle gap', () => {
    const busy = addCounts(countsAt(EMPTY_COUNTS, 3, 10), [1000, 0, 0]);
    expect(countsAt(busy, 12, 10).sum).toEqual([1000, 0, 0]);
    expect(countsAt(busy, 13, 10).sum).toEqual([0, 0, 0]);
    expect(countsAt(busy, 3_600, 10).past).toEqual([]);
  });

  it('Q20: stays where it is when a slot lies back', () => {
    const now = addCounts(countsAt(EMPTY_COUNTS, 5, 4), [1, 2, 3]);
    expect(countsAt(now, 4, 4)).toBe(now);
  });

  test.prop(
    [
      fc.integer({ min: 1, max: 12 }),
      fc.array(fc.tuple(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 1, max: 9 }))),
    ],
    { numRuns: 300, seed: 20261125 },
  )('Q20: counts exactly the samples of the last slots', (slotCount, steps) => {
    let counts: RollingCounts = EMPTY_COUNTS;
    let slot = 0;
    const samples: { slot: number; amount: number }[] = [];
    for (const [gap, amount] of steps) {
      slot += gap;
      samples.push({ slot, amount });
      counts = addCounts(deepFreeze(countsAt(deepFreeze(counts), slot, slotCount)), [amount, 1, 0]);
      const seen = samples.filter((sample) => slot - sample.slot < slotCount);
      const expected = seen.reduce((sum, sample) => sum + sample.amount, 0);
      expect(counts.sum).toEqual([expected, seen.length, 0]);
      expect(counts.past.length).toBeLessThan(slotCount);
    }
  });
});
