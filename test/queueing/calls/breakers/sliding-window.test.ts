/** resilience4j's breaker: hand-computed traces, and a model that keeps a list of all results. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_COUNT_WINDOW,
  DEFAULT_TIME_WINDOW,
} from '../../../../src/queueing/calls/breakers/sliding-window.ts';
import { holdBreaker, MS, SECOND } from './breaker-holder.ts';

const SMALL = { ...DEFAULT_COUNT_WINDOW, size: 10, minimumCalls: 5, halfOpenCalls: 4 };

describe('a breaker on the last calls', () => {
  it('Q28: opens at once when half of the window failed, from the minimum on', () => {
    const breaker = holdBreaker(SMALL);
    for (let i = 0; i < 4; i += 1) breaker.record(i, false);
    expect(breaker.status(4)).toBe('closed');
    breaker.record(5, true);
    expect(breaker.status(5)).toBe('open');
  });

  it('Q28: by default judges no fewer than a hundred calls', () => {
    const breaker = holdBreaker(DEFAULT_COUNT_WINDOW);
    for (let i = 0; i < 99; i += 1) breaker.record(i, false);
    expect(breaker.status(99)).toBe('closed');
    breaker.record(99, false);
    expect(breaker.status(99)).toBe('open');
  });

  it('Q28: needs no more calls than the window holds', () => {
    const breaker = holdBreaker({ ...SMALL, minimumCalls: 100 });
    for (let i = 0; i < 10; i += 1) breaker.record(i, false);
    expect(breaker.status(10)).toBe('open');
  });

  it('Q28: lets as many trials through as it says and judges those', () => {
    const breaker = holdBreaker(SMALL);
    for (let i = 0; i < 5; i += 1) breaker.record(0, false);
    expect(breaker.admit(60 * SECOND)).toBe(false);
    expect([1, 2, 3, 4, 5].map(() => breaker.admit(60 * SECOND + 1))).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
    breaker.cancel(61 * SECOND);
    expect([breaker.admit(61 * SECOND), breaker.admit(61 * SECOND)]).toEqual([true, false]);
    for (const ok of [true, false, true]) breaker.record(62 * SECOND, ok);
    expect(breaker.status(62 * SECOND)).toBe('half-open');
    breaker.record(62 * SECOND, true);
    expect(breaker.status(62 * SECOND)).toBe('closed');
    for (let i = 0; i < 4; i += 1) breaker.record(63 * SECOND, false);
    expect(breaker.status(63 * SECOND)).toBe('closed');
  });

  it('Q28: goes back to open where half of the trials fail', () => {
    const breaker = holdBreaker(SMALL);
    for (let i = 0; i < 5; i += 1) breaker.record(0, false);
    for (let i = 0; i < 4; i += 1) breaker.admit(61 * SECOND);
    for (const ok of [true, false, true, false]) breaker.record(62 * SECOND, ok);
    expect(breaker.status(62 * SECOND)).toBe('open');
    expect(breaker.admit(122 * SECOND)).toBe(false);
    expect(breaker.admit(122 * SECOND + 1)).toBe(true);
  });

  it('Q28: opens on slow calls, successes and failures alike', () => {
    const breaker = holdBreaker({ ...SMALL, slowCallRatio: 0.5, slowCallUs: 2 * SECOND });
    for (const durationUs of [2 * SECOND, 2 * SECOND, 3 * SECOND, 3 * SECOND]) {
      breaker.record(0, true, durationUs);
    }
    breaker.record(0, true, 2 * SECOND);
    expect(breaker.status(0)).toBe('closed');
    breaker.record(0, true, 2 * SECOND + 1);
    expect(breaker.status(0)).toBe('open');
  });

  it('Q28: waits for its trials only as long as it says', () => {
    const breaker = holdBreaker({ ...SMALL, halfOpenMaxUs: 5 * SECOND });
    for (let i = 0; i < 5; i += 1) breaker.record(0, false);
    breaker.admit(61 * SECOND);
    expect(breaker.status(66 * SECOND - 1)).toBe('half-open');
    expect(breaker.status(66 * SECOND)).toBe('open');
    expect([breaker.admit(126 * SECOND), breaker.admit(126 * SECOND + 1)]).toEqual([false, true]);
  });
});

const calls = fc.array(
  fc.record({
    gapUs: fc.integer({ min: 0, max: 3 * SECOND }),
    ok: fc.boolean(),
    slow: fc.boolean(),
  }),
  { maxLength: 300 },
);

describe.each(['count-window', 'time-window'] as const)('%s against a list', (kind) => {
  test.prop(
    [
      calls,
      fc.record({
        size: fc.integer({ min: 1, max: 70 }),
        minimumCalls: fc.integer({ min: 1, max: 30 }),
        failureRatio: fc.double({ min: 0.3, max: 1, noNaN: true }),
        slowCallRatio: fc.double({ min: 0.3, max: 1, noNaN: true }),
      }),
    ],
    { numRuns: 300, seed: 20261125 },
  )('Q28: opens at exactly the same result', (schedule, numbers) => {
    const { size, ...thresholds } = numbers;
    const breaker =
      kind === 'count-window'
        ? holdBreaker({ ...DEFAULT_COUNT_WINDOW, ...thresholds, size })
        : holdBreaker({ ...DEFAULT_TIME_WINDOW, ...thresholds, windowUs: size * SECOND });
    const minimum =
      kind === 'count-window' ? Math.min(thresholds.minimumCalls, size) : thresholds.minimumCalls;
    const all: { second: number; ok: boolean; slow: boolean }[] = [];
    let nowUs = 0;
    for (const { gapUs, ok, slow } of schedule) {
      nowUs += gapUs;
      const second = Math.floor(nowUs / SECOND);
      all.push({ second, ok, slow });
      const seen =
        kind === 'count-window'
          ? all.slice(-size)
          : all.filter((one) => second - one.second < size);
      const failed = seen.filter((one) => !one.ok).length / seen.length;
      const slowShare = seen.filter((one) => one.slow).length / seen.length;
      const isBad =
        seen.length >= minimum &&
        (failed >= thresholds.failureRatio || slowShare >= thresholds.slowCallRatio);
      breaker.record(nowUs, ok, slow ? 61 * SECOND : MS);
      expect(breaker.status(nowUs)).toBe(isBad ? 'open' : 'closed');
      if (isBad) return;
    }
  });
});
