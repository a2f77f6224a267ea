/** The candidates for the future event list: the bench compares only what does the same. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { FutureEventList } from '../bench/future-event-lists/future-event-list.ts';
import { CANDIDATES } from '../bench/future-event-lists/future-event-lists.bench.ts';
import { EventQueue } from '../src/kernel/event-queue.ts';

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('push'), delayUs: fc.nat(400) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('push'), delayUs: fc.constant(0) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('pop'), delayUs: fc.nat(300) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('cancel'), delayUs: fc.nat(1_000) }) },
);

type Step = { readonly kind: string; readonly delayUs: number };

/** A candidate beside the kernel's list. */
class Pair {
  readonly #list: FutureEventList;
  readonly #reference = new EventQueue();
  readonly #keys: (readonly [number, number])[] = [];
  #nowUs = 0;

  constructor(list: FutureEventList) {
    this.#list = list;
  }

  take({ kind, delayUs }: Step): void {
    if (kind === 'push') this.#push(this.#nowUs + delayUs);
    else if (kind === 'cancel') this.#cancel(delayUs);
    else this.#pop(this.#nowUs + delayUs);
    expect(this.#list.size).toBe(this.#reference.size);
  }

  #push(timeUs: number): void {
    const target = this.#keys.length;
    const key = this.#list.push(timeUs, 0, 0, target, undefined);
    this.#keys.push([key, this.#reference.push(timeUs, 0, 0, target, undefined)]);
  }

  #cancel(pick: number): void {
    const [key, other] = this.#keys[pick % Math.max(1, this.#keys.length)] ?? [12_345, 12_345];
    expect(this.#list.cancel(key)).toBe(this.#reference.cancel(other));
  }

  #pop(untilUs: number): void {
    const isDue = this.#reference.popUntil(untilUs);
    expect(this.#list.popUntil(untilUs)).toBe(isDue);
    const { timeUs, target } = this.#reference.popped;
    this.#nowUs = isDue ? timeUs : untilUs;
    if (!isDue) return;
    expect([this.#list.popped.timeUs, this.#list.popped.target]).toEqual([timeUs, target]);
  }
}

describe('candidates for the future event list', () => {
  for (const [name, create] of Object.entries(CANDIDATES)) {
    test.prop([fc.array(step, { maxLength: 400 })], { numRuns: 300, seed: 20261123 })(
      `K2, K3, K5: ${name} pops and cancels as the kernel's does`,
      (steps) => {
        const pair = new Pair(create());
        for (const each of steps) pair.take(each);
      },
    );
  }
});
