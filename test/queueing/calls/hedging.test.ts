/** Hedging: when the second attempt goes out, and how many there may be. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  createHedging,
  DEFAULT_FIXED_HEDGE,
  DEFAULT_QUANTILE_HEDGE,
} from '../../../src/queueing/calls/hedging.ts';
import { deepFreeze } from './frozen.ts';

const MS = 1_000;

describe('hedging', () => {
  it('Q32: goes out after its delay, at once on a non-fatal error, never after a fatal one', () => {
    const hedging = createHedging(DEFAULT_FIXED_HEDGE);
    expect(hedging.delayUs(hedging.initial)).toBe(500 * MS);
    expect(hedging.afterFailureUs('unavailable')).toBe(0);
    expect(hedging.afterFailureUs('error')).toBeUndefined();
    expect(hedging.afterFailureUs('overloaded', 30 * MS)).toBe(30 * MS);
    expect(hedging.afterFailureUs('overloaded', -1)).toBeUndefined();
  });

  it('Q32: sends one hedge in ten calls, saving up no more than ten', () => {
    const hedging = createHedging(DEFAULT_FIXED_HEDGE);
    let state = deepFreeze(hedging.initial);
    for (let i = 0; i < 9; i += 1) state = deepFreeze(hedging.onRequest(state));
    expect(hedging.tryHedge(state, 0).allowed).toBe(false);
    state = deepFreeze(hedging.onRequest(state));
    expect(hedging.tryHedge(state, 1).allowed).toBe(false);
    const paid = hedging.tryHedge(state, 0);
    expect(paid.allowed).toBe(true);
    expect(hedging.tryHedge(paid.state, 0).allowed).toBe(false);
    for (let i = 0; i < 1_000; i += 1) state = hedging.onRequest(state);
    let hedges = 0;
    for (let sent = hedging.tryHedge(state, 0); sent.allowed; hedges += 1) {
      sent = hedging.tryHedge(sent.state, 0);
    }
    expect(hedges).toBe(10);
  });

  it('Q32: follows the quantile of what it sees, and forgets an old calm', () => {
    const config = { ...DEFAULT_QUANTILE_HEDGE, minSamples: 20, windowSamples: 200 };
    const hedging = createHedging(config);
    let state = deepFreeze(hedging.initial);
    const see = (count: number, scaleUs: number): void => {
      for (let i = 0; i < count; i += 1) {
        const durationUs = scaleUs * (1 + ((i * 37) % 100));
        state = deepFreeze(hedging.onSuccess(state, durationUs));
      }
    };
    see(19, 10);
    expect(hedging.delayUs(state)).toBe(500 * MS);
    see(181, 10);
    expect(hedging.delayUs(state)).toBeGreaterThan(900);
    expect(hedging.delayUs(state)).toBeLessThan(1_000);
    see(200, 10_000);
    expect(hedging.delayUs(state)).toBeGreaterThan(900 * MS);
    expect(hedging.delayUs(state)).toBeLessThan(1_000 * MS);
    see(200, 10);
    expect(hedging.delayUs(state)).toBeLessThan(1_000);
  });

  test.prop(
    [
      fc.array(fc.boolean(), { maxLength: 500 }),
      fc.integer({ min: 0, max: 1_000 }).map((n) => n / 1_000),
    ],
    { numRuns: 200, seed: 20261125 },
  )('Q32: hedges never exceed their share of calls', (steps, capRatio) => {
    const hedging = createHedging({ ...DEFAULT_FIXED_HEDGE, capRatio, maxSaved: 1_000 });
    let state = deepFreeze(hedging.initial);
    let [calls, hedges] = [0, 0];
    for (const isCall of steps) {
      if (isCall) {
        calls += 1;
        state = deepFreeze(hedging.onRequest(state));
        continue;
      }
      const asked = hedging.tryHedge(state, 0);
      state = deepFreeze(asked.state);
      const mayHave = Math.floor(calls * capRatio + 1e-9);
      expect(asked.allowed).toBe(hedges + 1 <= mayHave);
      if (asked.allowed) hedges += 1;
    }
    expect(hedges).toBeLessThanOrEqual(calls * capRatio + 1e-9);
  });
});
