/** The future event list against the simplest model of it: an array, sorted anew each time. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { EventQueue } from '../../src/kernel/event-queue.ts';

type Step =
  | { readonly kind: 'push'; readonly timeUs: number; readonly priority: number }
  | { readonly kind: 'pop' }
  | { readonly kind: 'cancel'; readonly pick: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('push' as const),
      timeUs: fc.nat(50),
      priority: fc.integer({ min: -128, max: 127 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pop' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('cancel' as const), pick: fc.nat(1_000) }),
  },
);

interface Model {
  readonly key: number;
  readonly timeUs: number;
  readonly priority: number;
  readonly sequence: number;
}

function byOrder(a: Model, b: Model): number {
  return a.timeUs - b.timeUs || a.priority - b.priority || a.sequence - b.sequence;
}

describe('the future event list', () => {
  test.prop([fc.array(step, { maxLength: 300 })], { numRuns: 500, seed: 20261120 })(
    'K2, K3, K5: pops by (time, priority, sequence) and cancels only what is pending',
    (steps) => {
      const queue = new EventQueue(2);
      const keys: number[] = [];
      let model: Model[] = [];
      let sequence = 0;
      for (const current of steps) {
        if (current.kind === 'push') {
          const { timeUs, priority } = current;
          const event = { timeUs, handler: 1, target: sequence, payload: undefined };
          const key = queue.push(event, priority);
          keys.push(key);
          model.push({ key, timeUs, priority, sequence });
          sequence += 1;
        } else if (current.kind === 'pop') {
          const [first] = model.toSorted(byOrder);
          expect(queue.pop()).toBe(first !== undefined);
          if (first === undefined) continue;
          expect([queue.popped.timeUs, queue.popped.target]).toEqual([
            first.timeUs,
            first.sequence,
          ]);
          model = model.filter(({ key }) => key !== first.key);
        } else {
          const key = keys[current.pick % Math.max(1, keys.length)] ?? 12_345;
          expect(queue.cancel(key)).toBe(model.some((pending) => pending.key === key));
          model = model.filter((pending) => pending.key !== key);
        }
        expect(queue.size).toBe(model.length);
        const least = model.toSorted(byOrder)[0]?.timeUs ?? Number.POSITIVE_INFINITY;
        expect(queue.nextTimeUs).toBe(least);
      }
    },
  );

  it('K5: a stale key cancels nothing, though its slot is taken again', () => {
    const queue = new EventQueue();
    const event = { timeUs: 5, handler: 0, target: 0, payload: undefined };
    const stale = queue.push(event, 0);
    queue.pop();
    const fresh = queue.push(event, 0);
    expect(stale).not.toBe(fresh);
    expect([queue.cancel(stale), queue.cancel(fresh), queue.cancel(fresh)]).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('K5: keys stay exact integers after many generations', () => {
    const queue = new EventQueue();
    const event = { timeUs: 1, handler: 0, target: 0, payload: undefined };
    const keys = new Set<number>();
    for (let i = 0; i < 10_000; i += 1) {
      const key = queue.push(event, 0);
      expect(Number.isSafeInteger(key)).toBe(true);
      keys.add(key);
      queue.pop();
    }
    expect(keys.size).toBe(10_000);
  });

  it('K2: keeps payloads apart while it grows', () => {
    const queue = new EventQueue(2);
    for (let i = 0; i < 1_000; i += 1) {
      queue.push({ timeUs: 1_000 - i, handler: i, target: i, payload: { i } }, 0);
    }
    for (let i = 999; i >= 0; i -= 1) {
      queue.pop();
      expect(queue.popped).toEqual({ timeUs: 1_000 - i, handler: i, target: i, payload: { i } });
    }
    expect(queue.pop()).toBe(false);
  });
});
