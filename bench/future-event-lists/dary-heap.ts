/** An implicit d-ary heap of slots, each of which knows its position, so that cancelling
 * removes. */
import { type FutureEventList, SlotTable } from './future-event-list.ts';

/** Orders from here on are those of priorities above 0. */
const FIRST_POSITIVE = 2 ** 45;

/** A heap with `arity` children a node. Push, pop and cancel cost O(log size). */
export class DaryHeap implements FutureEventList {
  readonly #slots = new SlotTable();
  readonly #arity: number;
  readonly #heap: number[] = [];

  constructor(arity: number) {
    this.#arity = arity;
  }

  get size(): number {
    return this.#slots.size;
  }

  get popped() {
    return this.#slots.popped;
  }

  /** Whether the first event comes before those of priority 0 that are pushed at `nowUs` now: it
   * was pushed before the instant began, or has a lower priority. */
  isDueBefore(nowUs: number): boolean {
    const [first] = this.#heap;
    if (first === undefined || this.#slots.time[first] !== nowUs) return false;
    return (this.#slots.order[first] as number) < FIRST_POSITIVE;
  }

  push(
    timeUs: number,
    priority: number,
    handler: number,
    target: number,
    payload: unknown,
  ): number {
    const slot = this.#slots.take(timeUs, priority, handler, target, payload);
    this.#heap.push(slot);
    this.#siftUp(slot, this.#heap.length - 1);
    return this.#slots.keyOf(slot);
  }

  popUntil(untilUs: number): boolean {
    const [first] = this.#heap;
    if (first === undefined || !((this.#slots.time[first] as number) <= untilUs)) return false;
    this.#remove(0);
    this.#slots.pop(first);
    return true;
  }

  cancel(key: number): boolean {
    const slot = this.#slots.slotOf(key);
    if (slot < 0) return false;
    this.#remove(this.#slots.position[slot] as number);
    this.#slots.release(slot);
    return true;
  }

  #remove(position: number): void {
    const last = this.#heap.pop() as number;
    if (position === this.#heap.length) return;
    const parent = Math.floor((position - 1) / this.#arity);
    const isEarlier = position > 0 && this.#slots.isBefore(last, this.#heap[parent] as number);
    if (isEarlier) this.#siftUp(last, position);
    else this.#siftDown(last, position);
  }

  #siftUp(slot: number, start: number): void {
    const heap = this.#heap;
    const slots = this.#slots;
    let position = start;
    while (position > 0) {
      const parent = ((position - 1) / this.#arity) | 0;
      const other = heap[parent] as number;
      if (!slots.isBefore(slot, other)) break;
      heap[position] = other;
      slots.position[other] = position;
      position = parent;
    }
    heap[position] = slot;
    slots.position[slot] = position;
  }

  #siftDown(slot: number, start: number): void {
    const heap = this.#heap;
    const slots = this.#slots;
    let position = start;
    for (;;) {
      const first = position * this.#arity + 1;
      if (first >= heap.length) break;
      const end = Math.min(first + this.#arity, heap.length);
      let best = first;
      for (let child = first + 1; child < end; child += 1) {
        if (slots.isBefore(heap[child] as number, heap[best] as number)) best = child;
      }
      const candidate = heap[best] as number;
      if (!slots.isBefore(candidate, slot)) break;
      heap[position] = candidate;
      slots.position[candidate] = position;
      position = best;
    }
    heap[position] = slot;
    slots.position[slot] = position;
  }
}
