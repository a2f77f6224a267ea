/** Backoff forms against their formulas and hand-computed traces. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  type BackoffConfig,
  FIRST_BACKOFF,
  nextBackoff,
  pushedBack,
} from '../../../src/queueing/calls/backoff.ts';
import { backoffUs } from '../../../src/queueing/retry.ts';
import { deepFreeze } from './frozen.ts';

const KINDS = ['none', 'full-jitter', 'equal-jitter', 'decorrelated', 'decorrelated-v2'] as const;

function pauses(config: BackoffConfig, us: readonly number[]): number[] {
  let state = FIRST_BACKOFF;
  return us.map((u) => {
    const step = nextBackoff(config, deepFreeze(state), u);
    state = step.state;
    return step.pauseUs;
  });
}

describe('backoff', () => {
  it('Q21: doubles up to the cap without jitter', () => {
    const config = { kind: 'none', baseUs: 100, capUs: 1_000 } as const;
    expect(pauses(config, [0.1, 0.9, 0.5, 0.5, 0.5])).toEqual([100, 200, 400, 800, 1_000]);
  });

  it('Q21: takes a share of the ceiling, or half of it and a share of the other half', () => {
    const us = [0.25, 0.5, 0.75, 0.5];
    const full = { kind: 'full-jitter', baseUs: 100, capUs: 350 } as const;
    expect(pauses(full, us)).toEqual([25, 100, 263, 175]);
    const equal = { kind: 'equal-jitter', baseUs: 100, capUs: 350 } as const;
    expect(pauses(equal, us)).toEqual([63, 150, 306, 263]);
  });

  it('Q21: decorrelates by the last pause, starting at the base', () => {
    // U(100, 300), U(100, 3 · 200), U(100, 3 · 350) and so on, capped at 900.
    const config = { kind: 'decorrelated', baseUs: 100, capUs: 900 } as const;
    expect(pauses(config, [0.5, 0.5, 0.9, 0.2, 0.001])).toEqual([200, 350, 900, 620, 102]);
  });

  it('Q21: decorrelated V2 by its formula', () => {
    const config = { kind: 'decorrelated-v2', baseUs: 1_000_000, capUs: 60_000_000 } as const;
    const f = (t: number): number => 2 ** t * Math.tanh(Math.sqrt(4 * t));
    const us = [0.3, 0.9, 0.05, 0.6];
    const expected = us.map((u, n) => {
      const before = n === 0 ? 0 : f(n - 1 + (us[n - 1] ?? 0));
      return Math.max(1, Math.round((Math.max(0, f(n + u) - before) / 1.4) * 1_000_000));
    });
    expect(pauses(config, us)).toEqual(expected);
    // The median of the first pauses is near base, 2 · base: what the scale is for.
    const [first, second] = pauses(config, [0.5, 0.5]);
    expect(first).toBeCloseTo(897_000, -4);
    expect(second).toBeGreaterThan(900_000);
  });

  it('Q21: pauses for nothing where the base is 0', () => {
    for (const kind of KINDS) {
      expect(pauses({ kind, baseUs: 0, capUs: 1_000 }, [0.2, 0.9])).toEqual([0, 0]);
    }
  });

  it('Q21: takes the server at its word and starts anew', () => {
    expect(pushedBack(-1)).toBeUndefined();
    expect(pushedBack(7_000)).toEqual({ state: FIRST_BACKOFF, pauseUs: 7_000 });
  });

  test.prop(
    [
      fc.record({
        kind: fc.constantFrom(...KINDS),
        baseUs: fc.integer({ min: 1, max: 10_000_000 }),
        capUs: fc.integer({ min: 1, max: 60_000_000 }),
      }),
      fc.array(fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }), { maxLength: 2_000 }),
    ],
    { numRuns: 100, seed: 20261125 },
  )('Q21: every pause is a whole number from 1 to the cap', (config, us) => {
    for (const pauseUs of pauses(config, us)) {
      expect(Number.isInteger(pauseUs)).toBe(true);
      expect(pauseUs).toBeGreaterThanOrEqual(1);
      expect(pauseUs).toBeLessThanOrEqual(config.capUs);
    }
  });

  test.prop([fc.array(fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }), { maxLength: 8 })], {
    numRuns: 100,
    seed: 20261125,
  })('Q7: full jitter is what the SDK and the page run use', (us) => {
    const policy = { maxAttempts: 9, backoffBaseUs: 50_000, backoffCapUs: 400_000 };
    const ours = pauses({ kind: 'full-jitter', baseUs: 50_000, capUs: 400_000 }, us);
    expect(ours).toEqual(us.map((u, i) => backoffUs(policy, i + 1, u)));
  });
});
