/** Retry: how often, and after which pause. */
import { describe, expect, it } from 'vitest';
import { backoffUs, mayRetry } from '../../src/queueing/retry.ts';

const POLICY = { maxAttempts: 3, backoffBaseUs: 100, backoffCapUs: 350 };

describe('retry', () => {
  it('Q7: allows as many tries as it says', () => {
    expect([1, 2, 3, 4].map((attempts) => mayRetry(POLICY, attempts))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('Q7: doubles the ceiling up to the cap and takes a uniform share of it', () => {
    const ceilings = [1, 2, 3, 4].map((attempts) => backoffUs(POLICY, attempts, 1));
    expect(ceilings).toEqual([100, 200, 350, 350]);
    expect(backoffUs(POLICY, 2, 0.25)).toBe(50);
    expect(backoffUs(POLICY, 1, 1e-9)).toBe(1);
  });
});
