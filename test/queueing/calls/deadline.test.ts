/** Deadlines: what remains, and what is not worth starting. */
import { describe, expect, it } from 'vitest';
import { DEFAULT_DEADLINE, isInTime, remainingUs } from '../../../src/queueing/calls/deadline.ts';

describe('a deadline', () => {
  it('Q33: is the sooner of the own timeout and what is inherited, less the allowance', () => {
    const config = { allowanceUs: 50, minimumUs: 100 };
    const left = (nowUs: number, deadlineUs: number): number =>
      remainingUs(config, { timeoutUs: 1_000, nowUs, deadlineUs });
    expect(left(0, Number.POSITIVE_INFINITY)).toBe(1_000);
    expect(left(0, 1_050)).toBe(1_000);
    expect(left(0, 1_049)).toBe(999);
    expect(left(900, 1_050)).toBe(100);
    expect(left(901, 1_050)).toBe(0);
    expect(left(2_000, 1_050)).toBe(0);
  });

  it('Q33: shrinks from hop to hop and never grows', () => {
    let deadlineUs = 1_000;
    for (let hop = 0; hop < 5; hop += 1) {
      const nowUs = hop * 100;
      const left = remainingUs(DEFAULT_DEADLINE, { timeoutUs: 800, nowUs, deadlineUs });
      expect(nowUs + left).toBeLessThanOrEqual(deadlineUs);
      deadlineUs = nowUs + left;
    }
    expect(deadlineUs).toBe(800);
  });

  it('Q33: refuses work that cannot be in time', () => {
    expect(isInTime({ startUs: 10, neededUs: 90, deadlineUs: 100 })).toBe(true);
    expect(isInTime({ startUs: 11, neededUs: 90, deadlineUs: 100 })).toBe(false);
  });
});
