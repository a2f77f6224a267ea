/** Bulkheads: who starts, who waits, who is turned away and who waited too long. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createBulkhead, DEFAULT_BULKHEAD } from '../../../src/queueing/calls/bulkhead.ts';
import { deepFreeze } from './frozen.ts';

const WAITING = { kind: 'semaphore', maxConcurrent: 1, maxWaiting: 2, maxWaitUs: 100 } as const;

describe('a bulkhead', () => {
  it('Q30: by default has room for 25 and no line', () => {
    const bulkhead = createBulkhead<number>(DEFAULT_BULKHEAD);
    let { initial: state } = bulkhead;
    const verdicts = Array.from({ length: 26 }, (_, call) => {
      const entered = bulkhead.enter(deepFreeze(state), call, 0);
      state = entered.state;
      return entered.verdict;
    });
    expect(verdicts).toEqual([...Array.from({ length: 25 }, () => 'started'), 'rejected']);
    expect(bulkhead.leave(state, 0)).toEqual({
      state: { active: 24, waiting: [] },
      next: undefined,
    });
  });

  it('Q30: gives a free place to who waited longest and still waits', () => {
    const bulkhead = createBulkhead<string>(WAITING);
    let { state } = bulkhead.enter(bulkhead.initial, 'a', 0);
    const verdicts = ['b', 'c', 'd'].map((call, i) => {
      const entered = bulkhead.enter(deepFreeze(state), call, i * 10);
      state = entered.state;
      return entered.verdict;
    });
    expect(verdicts).toEqual(['waiting', 'waiting', 'rejected']);
    expect(bulkhead.leave(deepFreeze(state), 100).next).toBe('b');
    const late = bulkhead.leave(deepFreeze(state), 101);
    expect(late.next).toBe('c');
    expect(bulkhead.expire(deepFreeze(late.state), 101)).toEqual({
      state: { active: 1, waiting: [] },
      expired: ['b'],
    });
    expect(bulkhead.expire(state, 99).expired).toEqual([]);
    expect(bulkhead.expire(state, 110).expired).toEqual(['b', 'c']);
  });

  test.prop(
    [
      fc.record({
        maxConcurrent: fc.integer({ min: 1, max: 4 }),
        maxWaiting: fc.integer({ min: 0, max: 4 }),
        maxWaitUs: fc.integer({ min: 0, max: 50 }),
      }),
      fc.array(
        fc.tuple(fc.constantFrom('enter', 'enter', 'leave', 'expire'), fc.nat({ max: 20 })),
        { maxLength: 200 },
      ),
    ],
    { numRuns: 300, seed: 20261125 },
  )('Q30: is never overfull, and every call ends up in one place', (numbers, steps) => {
    const bulkhead = createBulkhead<number>({ kind: 'semaphore', ...numbers });
    let state = deepFreeze(bulkhead.initial);
    let nowUs = 0;
    const ends = { entered: 0, started: 0, rejected: 0, expired: 0, left: 0 };
    for (const [step, gapUs] of steps) {
      nowUs += gapUs;
      if (step === 'enter') {
        const entered = bulkhead.enter(state, ends.entered, nowUs);
        ends.entered += 1;
        if (entered.verdict !== 'waiting') ends[entered.verdict] += 1;
        state = deepFreeze(entered.state);
      } else if (step === 'expire') {
        const { state: next, expired } = bulkhead.expire(state, nowUs);
        ends.expired += expired.length;
        state = deepFreeze(next);
      } else if (state.active > 0) {
        const { state: next, next: started } = bulkhead.leave(state, nowUs);
        ends.left += 1;
        if (started !== undefined) ends.started += 1;
        state = deepFreeze(next);
      }
      expect(state.active).toBeLessThanOrEqual(numbers.maxConcurrent);
      expect(state.waiting.length).toBeLessThanOrEqual(numbers.maxWaiting);
      expect(ends.started - ends.left).toBe(state.active);
      const placed = ends.started + ends.rejected + ends.expired + state.waiting.length;
      expect(placed).toBe(ends.entered);
    }
  });
});
