/** What holds for every circuit breaker: purity, plain states, windows that forget, and an opening
 * within a known number of failures. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONSECUTIVE } from '../../../../src/queueing/calls/breakers/consecutive.ts';
import {
  type CircuitBreakerConfig,
  type CircuitBreakerState,
  createCircuitBreaker,
} from '../../../../src/queueing/calls/breakers/create-circuit-breaker.ts';
import { DEFAULT_HYSTRIX } from '../../../../src/queueing/calls/breakers/hystrix.ts';
import {
  DEFAULT_COUNT_WINDOW,
  DEFAULT_TIME_WINDOW,
} from '../../../../src/queueing/calls/breakers/sliding-window.ts';
import { deepFreeze, throughJson } from '../frozen.ts';
import { holdBreaker, MS, SECOND } from './breaker-holder.ts';

const TEN_SECONDS = { ...DEFAULT_TIME_WINDOW, windowUs: 10 * SECOND, minimumCalls: 20 };
const CONFIGS: readonly CircuitBreakerConfig[] = [
  DEFAULT_HYSTRIX,
  { ...DEFAULT_COUNT_WINDOW, size: 50, minimumCalls: 20 },
  TEN_SECONDS,
  DEFAULT_CONSECUTIVE,
];

/** Failures, 10 ms apart, that it takes to open. */
function failuresToOpen(breaker: ReturnType<typeof holdBreaker>, startUs: number): number {
  for (let n = 1; n <= 5_000; n += 1) {
    const nowUs = startUs + n * 10 * MS;
    breaker.record(nowUs, false);
    if (breaker.status(nowUs) === 'open') return n;
  }
  return Number.POSITIVE_INFINITY;
}

describe('windows of time', () => {
  const hour = 3_600 * SECOND;
  it.each([DEFAULT_HYSTRIX, TEN_SECONDS])(
    'Q26: $kind: samples older than the window never count, however long nobody asked',
    (config) => {
      const fresh = failuresToOpen(holdBreaker(config), hour);
      expect(fresh).toBeLessThanOrEqual(51);
      const idle = holdBreaker(config);
      for (let i = 0; i < 1_000; i += 1) idle.record(i * MS, true);
      expect(failuresToOpen(idle, hour)).toBe(fresh);
      const justOver = holdBreaker(config);
      for (let i = 0; i < 1_000; i += 1) justOver.record(hour - 10 * SECOND, true);
      expect(failuresToOpen(justOver, hour)).toBe(fresh);
      const within = holdBreaker(config);
      for (let i = 0; i < 1_000; i += 1) within.record(hour - SECOND, true);
      expect(failuresToOpen(within, hour)).toBeGreaterThan(fresh);
    },
  );
});

describe.each(CONFIGS)('every breaker: $kind', (config) => {
  const steps = fc.array(
    fc.tuple(fc.constantFrom('admit', 'ok', 'fail', 'fail', 'cancel'), fc.nat({ max: 9 * SECOND })),
    { maxLength: 150 },
  );
  test.prop([steps], { numRuns: 100, seed: 20261125 })(
    'Q20: is pure, and its state is plain data',
    (schedule) => {
      const breaker = createCircuitBreaker(config);
      let state: CircuitBreakerState = deepFreeze(breaker.initial);
      let nowUs = 0;
      for (const [step, gapUs] of schedule) {
        nowUs += gapUs;
        const apply = (from: CircuitBreakerState): CircuitBreakerState => {
          if (step === 'admit') return breaker.admit(from, nowUs).state;
          if (step === 'cancel') return breaker.cancel(from, nowUs);
          return breaker.record(from, { ok: step === 'ok', durationUs: MS, nowUs });
        };
        const next = apply(state);
        expect(apply(throughJson(state))).toEqual(next);
        expect(breaker.statusOf(throughJson(next), nowUs)).toBe(breaker.statusOf(next, nowUs));
        state = deepFreeze(next);
      }
    },
  );

  test.prop([fc.array(fc.boolean(), { maxLength: 200 }), fc.nat({ max: 30 * SECOND })], {
    numRuns: 100,
    seed: 20261125,
  })('Q26: opens within its bound, whatever was before', (outcomes, gapUs) => {
    const breaker = holdBreaker(config);
    let nowUs = 0;
    for (const ok of outcomes) {
      nowUs += 20 * MS;
      if (breaker.admit(nowUs)) breaker.record(nowUs, ok);
    }
    if (breaker.status(nowUs) !== 'closed') return;
    // 1,001 failures outnumber whatever 10 s or 50 calls hold, within 10.01 s and one slot more.
    expect(failuresToOpen(breaker, nowUs + gapUs)).toBeLessThanOrEqual(1_001 + 50);
  });

  it('Q26: turns calls away while open, and lets a call through in the end', () => {
    const breaker = holdBreaker(config);
    const opened = failuresToOpen(breaker, 0) * 10 * MS;
    expect(breaker.admit(opened)).toBe(false);
    expect(breaker.status(opened + 61 * SECOND)).toBe('open');
    expect(breaker.admit(opened + 61 * SECOND)).toBe(true);
    expect(breaker.status(opened + 61 * SECOND)).toBe('half-open');
  });
});

describe('a breaker on failures in a row', () => {
  it('Q29: opens on the fifth, and any success starts the row anew', () => {
    const breaker = holdBreaker(DEFAULT_CONSECUTIVE);
    for (let i = 0; i < 4; i += 1) breaker.record(i, false);
    breaker.record(4, true);
    for (let i = 0; i < 4; i += 1) breaker.record(5, false);
    expect(breaker.status(5)).toBe('closed');
    breaker.record(6, false);
    expect(breaker.status(6)).toBe('open');
  });

  it('Q29: one trial decides', () => {
    const breaker = holdBreaker(DEFAULT_CONSECUTIVE);
    for (let i = 0; i < 5; i += 1) breaker.record(0, false);
    expect([breaker.admit(30 * SECOND - 1), breaker.admit(30 * SECOND)]).toEqual([false, true]);
    expect(breaker.admit(30 * SECOND)).toBe(false);
    breaker.record(31 * SECOND, false);
    expect([breaker.admit(60 * SECOND), breaker.admit(61 * SECOND)]).toEqual([false, true]);
    breaker.cancel(62 * SECOND);
    expect([breaker.admit(91 * SECOND), breaker.admit(92 * SECOND)]).toEqual([false, true]);
    breaker.record(93 * SECOND, true);
    expect(breaker.status(93 * SECOND)).toBe('closed');
  });
});
