/** The future event list: a 4-ary heap on typed arrays ordered by (time, priority, sequence). A
 * slot holds what an event is; its key carries the slot's generation, so that a stale key cancels
 * nothing. Cancellation removes at once. 44 bytes an event besides the payload.
 * Spec: K2, K3, K5. */

/** Slots that a key can name: keys stay exact integers up to 2²⁶ slots × 2²⁷ generations. */
const SLOT_LIMIT = 2 ** 26;
const GENERATION_LIMIT = 2 ** 27;
const NOT_PENDING = -1;
const ARITY = 4;
/** Priorities and sequences share one exact double: priority · 2⁴⁵ + sequence. */
const PRIORITY_UNIT = 2 ** 45;

/** The event that {@link EventQueue.pop} took out; overwritten by the next pop. */
export interface PoppedEvent {
  timeUs: number;
  handler: number;
  target: number;
  payload: unknown;
}

/** Pending events. One instance belongs to one simulation. */
export class EventQueue {
  /** What was popped last. */
  readonly popped: PoppedEvent = { timeUs: 0, handler: 0, target: 0, payload: undefined };
  #size = 0;
  #capacity: number;
  #sequence = 0;
  #heap: Int32Array;
  #time: Float64Array;
  #order: Float64Array;
  #position: Int32Array;
  #generation: Int32Array;
  #handler: Int32Array;
  #target: Float64Array;
  readonly #payload: unknown[] = [];
  /** Slots that are free, as a stack; `#used` slots were ever taken. */
  #free: Int32Array;
  #freeCount = 0;
  #used = 0;

  constructor(capacity = 1_024) {
    this.#capacity = capacity;
    this.#heap = new Int32Array(capacity);
    this.#time = new Float64Array(capacity);
    this.#order = new Float64Array(capacity);
    this.#position = new Int32Array(capacity).fill(NOT_PENDING);
    this.#generation = new Int32Array(capacity);
    this.#handler = new Int32Array(capacity);
    this.#target = new Float64Array(capacity);
    this.#free = new Int32Array(capacity);
  }

  /** Events pending. */
  get size(): number {
    return this.#size;
  }

  /** Time of the next event in µs; Infinity when empty. */
  get nextTimeUs(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : (this.#time[this.#heap[0] ?? 0] ?? 0);
  }

  /** Adds an event. @returns its key. Cost O(log size). */
  push(event: Readonly<PoppedEvent>, priority: number): number {
    const slot = this.#takeSlot();
    this.#time[slot] = event.timeUs;
    this.#order[slot] = priority * PRIORITY_UNIT + this.#sequence;
    this.#sequence += 1;
    this.#handler[slot] = event.handler;
    this.#target[slot] = event.target;
    this.#payload[slot] = event.payload;
    const position = this.#size;
    this.#size += 1;
    this.#siftUp(slot, position);
    return (this.#generation[slot] ?? 0) * SLOT_LIMIT + slot;
  }

  /** Takes out the next event into {@link EventQueue.popped}. @returns false when empty. */
  pop(): boolean {
    if (this.#size === 0) return false;
    const slot = this.#heap[0] ?? 0;
    this.popped.timeUs = this.#time[slot] ?? 0;
    this.popped.handler = this.#handler[slot] ?? 0;
    this.popped.target = this.#target[slot] ?? 0;
    this.popped.payload = this.#payload[slot];
    this.#remove(slot, 0);
    return true;
  }

  /** Removes a pending event. @returns false for a key that is no longer pending. */
  cancel(key: number): boolean {
    const slot = key % SLOT_LIMIT;
    if (slot >= this.#used || Math.floor(key / SLOT_LIMIT) !== this.#generation[slot]) return false;
    const position = this.#position[slot] ?? NOT_PENDING;
    if (position === NOT_PENDING) return false;
    this.#remove(slot, position);
    return true;
  }

  #remove(slot: number, position: number): void {
    this.#size -= 1;
    this.#position[slot] = NOT_PENDING;
    this.#payload[slot] = undefined;
    this.#generation[slot] = ((this.#generation[slot] ?? 0) + 1) % GENERATION_LIMIT;
    this.#free[this.#freeCount] = slot;
    this.#freeCount += 1;
    if (position === this.#size) return;
    const last = this.#heap[this.#size] ?? 0;
    const parent = (position - 1) >> 2;
    if (position > 0 && this.#isBefore(last, this.#heap[parent] ?? 0)) {
      this.#siftUp(last, position);
    } else {
      this.#siftDown(last, position);
    }
  }

  #siftUp(slot: number, start: number): void {
    const heap = this.#heap;
    const time = this.#time;
    const timeUs = time[slot] as number;
    let position = start;
    while (position > 0) {
      const parent = (position - 1) >> 2;
      const other = heap[parent] as number;
      const otherUs = time[other] as number;
      if (otherUs < timeUs) break;
      if (otherUs === timeUs && (this.#order[other] as number) < (this.#order[slot] as number))
        break;
      heap[position] = other;
      this.#position[other] = position;
      position = parent;
    }
    heap[position] = slot;
    this.#position[slot] = position;
  }

  #siftDown(slot: number, start: number): void {
    const heap = this.#heap;
    const size = this.#size;
    let position = start;
    for (;;) {
      const first = position * ARITY + 1;
      if (first >= size) break;
      let best = heap[first] as number;
      let bestPosition = first;
      const end = Math.min(first + ARITY, size);
      for (let child = first + 1; child < end; child += 1) {
        const candidate = heap[child] as number;
        if (this.#isBefore(candidate, best)) {
          best = candidate;
          bestPosition = child;
        }
      }
      if (!this.#isBefore(best, slot)) break;
      heap[position] = best;
      this.#position[best] = position;
      position = bestPosition;
    }
    heap[position] = slot;
    this.#position[slot] = position;
  }

  #isBefore(a: number, b: number): boolean {
    const aUs = this.#time[a] as number;
    const bUs = this.#time[b] as number;
    return aUs < bUs || (aUs === bUs && (this.#order[a] as number) < (this.#order[b] as number));
  }

  #takeSlot(): number {
    if (this.#freeCount > 0) {
      this.#freeCount -= 1;
      return this.#free[this.#freeCount] ?? 0;
    }
    if (this.#used === this.#capacity) this.#grow();
    this.#used += 1;
    return this.#used - 1;
  }

  #grow(): void {
    const capacity = this.#capacity * 2;
    this.#capacity = capacity;
    this.#heap = grownInts(this.#heap, capacity);
    this.#time = grownFloats(this.#time, capacity);
    this.#order = grownFloats(this.#order, capacity);
    this.#position = grownInts(this.#position, capacity);
    this.#generation = grownInts(this.#generation, capacity);
    this.#handler = grownInts(this.#handler, capacity);
    this.#target = grownFloats(this.#target, capacity);
    this.#free = grownInts(this.#free, capacity);
  }
}

function grownInts(old: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(capacity);
  grown.set(old);
  return grown;
}

function grownFloats(old: Float64Array, capacity: number): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(capacity);
  grown.set(old);
  return grown;
}
