/** The future event list against the simplest model of it: an array, sorted anew each time. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { EventQueue } from '../../src/kernel/event-queue.ts';
import type { PendingEvent } from '../../src/kernel/pending-event.ts';

type Step =
  | { readonly kind: 'push'; readonly delayUs: number; readonly priority: number }
  | { readonly kind: 'pop'; readonly withinUs: number }
  | { readonly kind: 'cancel'; readonly pick: number }
  | { readonly kind: 'restore' };

/** Delays of every magnitude, so that events wait on every level of the wheel. */
const delayUs: fc.Arbitrary<number> = fc.oneof(
  fc.nat(3),
  fc.nat(300),
  fc.tuple(fc.nat(52), fc.nat(3)).map(([power, more]) => 2 ** power - 1 + more),
);
const priority = fc.oneof(fc.constant(0), fc.integer({ min: -128, max: 127 }));
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('push'), delayUs, priority }) },
  { weight: 7, arbitrary: fc.record({ kind: fc.constant('pop'), withinUs: delayUs }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('cancel'), pick: fc.nat(1_000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restore') }) },
);

type Model = Omit<PendingEvent, 'handler' | 'target' | 'payload'>;

function byOrder(a: Model, b: Model): number {
  return a.timeUs - b.timeUs || a.priority - b.priority || a.sequence - b.sequence;
}

/** A queue and its model, side by side. */
class Pair {
  #queue = new EventQueue(2);
  readonly #keys: number[] = [];
  #model: Model[] = [];
  #nowUs = 0;

  take(step: Step): void {
    if (step.kind === 'push') this.#push(step.delayUs, step.priority);
    else if (step.kind === 'pop') this.#pop(step.withinUs);
    else if (step.kind === 'cancel') this.#cancel(step.pick);
    else this.#restore();
    expect(this.#queue.size).toBe(this.#model.length);
    expect(this.#queue.pushedCount).toBe(this.#keys.length);
  }

  #push(delayUs: number, priority: number): void {
    const timeUs = this.#nowUs + delayUs;
    if (!Number.isSafeInteger(timeUs)) return;
    const sequence = this.#keys.length;
    const key = this.#queue.push(timeUs, priority, 1, sequence, undefined);
    this.#keys.push(key);
    this.#model.push({ key, timeUs, priority, sequence });
  }

  #pop(withinUs: number): void {
    const first = this.#model.toSorted(byOrder)[0];
    const untilUs = this.#nowUs + withinUs;
    const isDue = first !== undefined && first.timeUs <= untilUs;
    expect(this.#queue.popUntil(untilUs)).toBe(isDue);
    this.#nowUs = isDue ? first.timeUs : untilUs;
    if (!isDue) return;
    const { timeUs, target } = this.#queue.popped;
    expect([timeUs, target]).toEqual([first.timeUs, first.sequence]);
    this.#model = this.#model.filter(({ key }) => key !== first.key);
  }

  #cancel(pick: number): void {
    const key = this.#keys[pick % Math.max(1, this.#keys.length)] ?? 12_345;
    const isPending = this.#model.some((pending) => pending.key === key);
    expect(this.#queue.cancel(key)).toBe(isPending);
    this.#model = this.#model.filter((pending) => pending.key !== key);
  }

  #restore(): void {
    const state = this.#queue.save();
    expect(state.events).toMatchObject(this.#model.toSorted(byOrder));
    this.#queue = new EventQueue(2);
    this.#queue.restore(state);
    expect(this.#queue.save()).toEqual(state);
  }
}

describe('the future event list', () => {
  test.prop([fc.array(step, { maxLength: 300 })], { numRuns: 1_000, seed: 20261120 })(
    'K2, K3, K5, K10: pops by (time, priority, sequence) and cancels only what is pending',
    (steps) => {
      const pair = new Pair();
      for (const current of steps) pair.take(current);
    },
  );

  it('K5: a stale key cancels nothing, though its slot is taken again', () => {
    const queue = new EventQueue();
    const stale = queue.push(5, 0, 0, 0, undefined);
    queue.popUntil(5);
    const fresh = queue.push(5, 0, 0, 0, undefined);
    expect(stale).not.toBe(fresh);
    expect([queue.cancel(stale), queue.cancel(fresh), queue.cancel(fresh)]).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('K5: a key that was not given yet cancels nothing', () => {
    const queue = new EventQueue();
    const key = queue.push(5, 0, 0, 0, undefined);
    queue.cancel(key);
    for (const forged of [key + 2 ** 26, key + 1, -1, Number.NaN]) {
      expect(queue.cancel(forged)).toBe(false);
    }
    expect(queue.push(5, 0, 0, 0, undefined)).toBe(key + 2 ** 26);
  });

  it('K5: keys stay exact integers after many generations', () => {
    const queue = new EventQueue();
    const keys = new Set<number>();
    for (let i = 0; i < 10_000; i += 1) {
      const key = queue.push(1, 0, 0, 0, undefined);
      expect(Number.isSafeInteger(key)).toBe(true);
      keys.add(key);
      queue.popUntil(1);
    }
    expect(keys.size).toBe(10_000);
  });

  it('K2: keeps payloads apart while it grows', () => {
    const queue = new EventQueue(2);
    for (let i = 0; i < 1_000; i += 1) queue.push(1_000 - i, 0, i, i, { i });
    for (let i = 999; i >= 0; i -= 1) {
      queue.popUntil(2_000);
      expect(queue.popped).toEqual({ timeUs: 1_000 - i, handler: i, target: i, payload: { i } });
    }
    expect(queue.popUntil(2_000)).toBe(false);
  });

  it('K2: orders a crowded instant by priority, whether it came from afar or is now', () => {
    const queue = new EventQueue(2);
    const priorities = Array.from({ length: 5_000 }, (_, i) => ((i * 7_919) % 256) - 128);
    for (const startUs of [0, 2 ** 40 + 77]) {
      for (const [i, now] of priorities.entries()) queue.push(startUs, now, 0, i, undefined);
      const popped = priorities.map(() => {
        queue.popUntil(startUs);
        return queue.popped.target;
      });
      const expected = [...priorities.keys()].sort(
        (a, b) => (priorities[a] ?? 0) - (priorities[b] ?? 0) || a - b,
      );
      expect(popped).toEqual(expected);
    }
  });

  it('K6: pops nothing for a bound that is no number', () => {
    const queue = new EventQueue();
    queue.push(0, 0, 0, 0, undefined);
    queue.push(9, 0, 0, 0, undefined);
    expect([queue.popUntil(Number.NaN), queue.popUntil(0)]).toEqual([false, true]);
    expect([queue.popUntil(Number.NaN), queue.popUntil(8), queue.size]).toEqual([false, false, 1]);
  });
});
