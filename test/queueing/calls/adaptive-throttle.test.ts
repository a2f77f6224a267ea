/** Adaptive throttling against the formula over a list of all requests. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createChance } from '../../../src/kernel/chance.ts';
import {
  createAdaptiveThrottle,
  DEFAULT_ADAPTIVE_THROTTLE,
} from '../../../src/queueing/calls/adaptive-throttle.ts';
import { deepFreeze } from './frozen.ts';

const SECOND = 1_000_000;

describe('adaptive throttling', () => {
  it('Q34: counts a request when it is made, and turns away those below the probability', () => {
    const throttle = createAdaptiveThrottle(DEFAULT_ADAPTIVE_THROTTLE);
    let state = deepFreeze(throttle.initial);
    for (let i = 0; i < 9; i += 1) {
      const { state: next, admitted } = throttle.admit(state, 0, 0.999_999);
      expect(admitted).toBe(true);
      state = deepFreeze(next);
    }
    expect(throttle.probability(state, 0)).toBe(9 / 10);
    expect(throttle.admit(state, 0, 0.899).admitted).toBe(false);
    expect(throttle.admit(state, 0, 0.9).admitted).toBe(true);
    state = deepFreeze(throttle.onAccept(state, 0));
    expect(throttle.probability(state, 0)).toBe(7 / 10);
    expect(throttle.probability(state, 117 * SECOND)).toBe(7 / 10);
    expect(throttle.probability(state, 120 * SECOND)).toBe(0);
  });

  it('Q34: leaves protected requests out', () => {
    const throttle = createAdaptiveThrottle({ ...DEFAULT_ADAPTIVE_THROTTLE, protectedRequests: 5 });
    let state = throttle.initial;
    for (let i = 0; i < 6; i += 1) state = throttle.admit(state, 0, 0.5).state;
    expect(throttle.probability(state, 0)).toBe(1 / 7);
  });

  it('Q34: sends about K times what is accepted to a service that accepts a tenth', () => {
    const throttle = createAdaptiveThrottle(DEFAULT_ADAPTIVE_THROTTLE);
    const draws = createChance({ seed: 4, replication: 0 }).draws('throttle.test');
    let state = throttle.initial;
    let [sent, accepted] = [0, 0];
    // 100 requests a second; the service accepts the first ten of each second.
    for (let i = 0; i < 60_000; i += 1) {
      const nowUs = i * 10_000;
      if (i % 100 === 0) accepted = 0;
      const { state: next, admitted } = throttle.admit(state, nowUs, draws.uniform(1, i));
      state = next;
      if (!admitted) continue;
      if (i >= 30_000) sent += 1;
      accepted += 1;
      if (accepted <= 10) state = throttle.onAccept(state, nowUs);
    }
    // 300 s · 10/s accepted; K = 2 lets about 20/s through.
    expect(sent / 3_000).toBeGreaterThan(1.8);
    expect(sent / 3_000).toBeLessThan(2.2);
  });

  test.prop(
    [
      fc.array(
        fc.tuple(fc.nat({ max: 20 * SECOND }), fc.boolean(), fc.double({ min: 0, max: 1 - 1e-9 })),
        { maxLength: 150 },
      ),
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom(1.5, 2, 4),
    ],
    { numRuns: 200, seed: 20261125 },
  )('Q34: is the formula over the window, in [0, 1)', (steps, slots, multiplier) => {
    const config = { ...DEFAULT_ADAPTIVE_THROTTLE, slots, multiplier };
    const throttle = createAdaptiveThrottle(config);
    let state = deepFreeze(throttle.initial);
    const log: { slot: number; requests: number; accepts: number }[] = [];
    let nowUs = 0;
    for (const [gapUs, isAccepted, u] of steps) {
      nowUs += gapUs;
      const slot = Math.floor(nowUs / (config.windowUs / slots));
      const seen = log.filter((one) => slot - one.slot < slots);
      const requests = seen.length;
      const accepts = seen.reduce((sum, one) => sum + one.accepts, 0);
      const expected = Math.max(0, (requests - multiplier * accepts) / (requests + 1));
      expect(throttle.probability(state, nowUs)).toBe(expected);
      expect(expected).toBeLessThan(1);
      const { state: next, admitted } = throttle.admit(state, nowUs, u);
      expect(admitted).toBe(u >= expected);
      state = deepFreeze(next);
      const accepted = admitted && isAccepted;
      if (accepted) state = deepFreeze(throttle.onAccept(state, nowUs));
      log.push({ slot, requests: 1, accepts: accepted ? 1 : 0 });
    }
  });

  test.prop([fc.array(fc.nat({ max: 200 * SECOND }), { maxLength: 100 })], {
    numRuns: 100,
    seed: 20261125,
  })('Q34: turns nobody away where all are accepted', (gaps) => {
    const throttle = createAdaptiveThrottle(DEFAULT_ADAPTIVE_THROTTLE);
    let state = throttle.initial;
    let nowUs = 0;
    for (const gapUs of gaps) {
      nowUs += gapUs;
      expect(throttle.probability(state, nowUs)).toBe(0);
      state = throttle.onAccept(throttle.admit(state, nowUs, 1e-12).state, nowUs);
    }
  });
});
