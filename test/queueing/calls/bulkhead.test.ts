/** Bulkheads: who starts, who waits, who is turned away and who waited too long. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  type Bulkhead,
  type BulkheadState,
  createBulkhead,
  DEFAULT_BULKHEAD,
} from '../../../src/queueing/calls/bulkhead.ts';
import { deepFreeze } from './frozen.ts';

const WAITING = { kind: 'semaphore', maxConcurrent: 1, maxWaiting: 2, maxWaitUs: 100 } as const;
const STEPS = ['enter', 'enter', 'leave', 'expire', 'withdraw'] as const;

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

  it('Q30: who is withdrawn leaves the line, and the place in it is free', () => {
    const bulkhead = createBulkhead<string>(WAITING);
    let { state } = bulkhead.enter(bulkhead.initial, 'a', 0);
    for (const call of ['b', 'c']) state = bulkhead.enter(deepFreeze(state), call, 0).state;
    const { state: without, withdrawn } = bulkhead.withdraw(deepFreeze(state), (c) => c === 'b');
    expect(withdrawn).toBe('b');
    expect(bulkhead.enter(deepFreeze(without), 'd', 10).verdict).toBe('waiting');
    expect(bulkhead.leave(deepFreeze(without), 10).next).toBe('c');
    const stranger = bulkhead.withdraw(without, (c) => c === 'a');
    expect(stranger).toEqual({ state: without, withdrawn: undefined });
  });

  test.prop(
    [
      fc.record({
        maxConcurrent: fc.integer({ min: 1, max: 4 }),
        maxWaiting: fc.integer({ min: 0, max: 4 }),
        maxWaitUs: fc.integer({ min: 0, max: 50 }),
      }),
      fc.array(fc.tuple(fc.constantFrom(...STEPS), fc.nat({ max: 20 })), { maxLength: 200 }),
    ],
    { numRuns: 300, seed: 20261125 },
  )('Q30: is never overfull, and every call ends up in one place', (numbers, steps) => {
    const walk = new Walk(createBulkhead<number>({ kind: 'semaphore', ...numbers }));
    let nowUs = 0;
    for (const [step, number] of steps) {
      nowUs += number;
      walk[step](nowUs, number);
      const { state, ends } = walk;
      expect(state.active).toBeLessThanOrEqual(numbers.maxConcurrent);
      expect(state.waiting.length).toBeLessThanOrEqual(numbers.maxWaiting);
      expect(ends.started - ends.left).toBe(state.active);
      const gone = ends.rejected + ends.expired + ends.withdrawn;
      expect(ends.started + gone + state.waiting.length).toBe(ends.entered);
    }
  });
});

/** A bulkhead under way, and what became of the calls that came to it. */
class Walk {
  state: BulkheadState<number>;
  readonly ends = { entered: 0, started: 0, rejected: 0, expired: 0, withdrawn: 0, left: 0 };
  readonly #bulkhead: Bulkhead<number>;

  constructor(bulkhead: Bulkhead<number>) {
    this.#bulkhead = bulkhead;
    this.state = deepFreeze(bulkhead.initial);
  }

  enter(nowUs: number): void {
    const { state, verdict } = this.#bulkhead.enter(this.state, this.ends.entered, nowUs);
    this.ends.entered += 1;
    if (verdict !== 'waiting') this.ends[verdict] += 1;
    this.state = deepFreeze(state);
  }

  expire(nowUs: number): void {
    const { state, expired } = this.#bulkhead.expire(this.state, nowUs);
    this.ends.expired += expired.length;
    this.state = deepFreeze(state);
  }

  withdraw(_nowUs: number, number: number): void {
    const { waiting } = this.state;
    const { call } = waiting[number % Math.max(1, waiting.length)] ?? {};
    const { state, withdrawn } = this.#bulkhead.withdraw(this.state, (other) => other === call);
    expect(withdrawn).toBe(call);
    if (withdrawn !== undefined) this.ends.withdrawn += 1;
    this.state = deepFreeze(state);
  }

  leave(nowUs: number): void {
    if (this.state.active === 0) return;
    const { state, next } = this.#bulkhead.leave(this.state, nowUs);
    this.ends.left += 1;
    if (next !== undefined) this.ends.started += 1;
    this.state = deepFreeze(state);
  }
}
