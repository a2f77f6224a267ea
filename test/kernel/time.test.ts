/** Durations in their units. */
import { describe, expect, it } from 'vitest';
import { hours, minutes, ms, seconds, us } from '../../src/kernel/time.ts';

describe('durations', () => {
  it('are whole microseconds', () => {
    expect([us(1.4), ms(1.5), seconds(2), minutes(1), hours(1)]).toEqual([
      1, 1_500, 2_000_000, 60_000_000, 3_600_000_000,
    ]);
  });

  it('stay exact for centuries', () => {
    expect(Number.isSafeInteger(hours(24 * 365 * 285))).toBe(true);
  });
});
