/** A 4-ary heap with a bucket for the instant before it: events without delay and of priority 0
 * wait in the order of pushing, and never see the heap. */
import { DaryHeap } from './dary-heap.ts';
import { type FutureEventList, NOT_PENDING, SlotTable } from './future-event-list.ts';

const ARITY = 4;

/** Two tiers. Zero delays cost O(1), all others O(log size). Keys of the bucket are odd. */
export class TwoTier implements FutureEventList {
  readonly popped = { timeUs: 0, target: 0 };
  readonly #heap = new DaryHeap(ARITY);
  readonly #instant = new SlotTable();
  #nowUs = 0;
  /** Slots in order, holes where events were cancelled; the first `#taken` are gone. */
  #bucket: number[] = [];
  #taken = 0;

  get size(): number {
    return this.#heap.size + this.#instant.size;
  }

  push(
    timeUs: number,
    priority: number,
    handler: number,
    target: number,
    payload: unknown,
  ): number {
    if (timeUs !== this.#nowUs || priority !== 0) {
      return 2 * this.#heap.push(timeUs, priority, handler, target, payload);
    }
    const slot = this.#instant.take(timeUs, 0, handler, target, payload);
    this.#instant.position[slot] = this.#bucket.push(slot) - 1;
    return 2 * this.#instant.keyOf(slot) + 1;
  }

  popUntil(untilUs: number): boolean {
    if (this.#instant.size === 0 || this.#heap.isDueBefore(this.#nowUs)) {
      return this.#popHeap(untilUs);
    }
    if (!(this.#nowUs <= untilUs)) return false;
    while (this.#bucket[this.#taken] === NOT_PENDING) this.#taken += 1;
    this.#instant.pop(this.#bucket[this.#taken] as number);
    this.#taken += 1;
    this.popped.timeUs = this.#nowUs;
    this.popped.target = this.#instant.popped.target;
    if (this.#instant.size === 0) this.#emptyBucket();
    return true;
  }

  cancel(key: number): boolean {
    if (key % 2 === 0) return this.#heap.cancel(key / 2);
    const slot = this.#instant.slotOf((key - 1) / 2);
    if (slot === NOT_PENDING) return false;
    this.#bucket[this.#instant.position[slot] as number] = NOT_PENDING;
    this.#instant.release(slot);
    if (this.#instant.size === 0) this.#emptyBucket();
    return true;
  }

  #emptyBucket(): void {
    this.#bucket.length = 0;
    this.#taken = 0;
  }

  #popHeap(untilUs: number): boolean {
    if (!this.#heap.popUntil(untilUs)) return false;
    this.popped.timeUs = this.#heap.popped.timeUs;
    this.popped.target = this.#heap.popped.target;
    this.#nowUs = this.popped.timeUs;
    return true;
  }
}
