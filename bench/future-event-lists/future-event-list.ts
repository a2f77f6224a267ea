/** What the candidates for the future event list have in common: the face of the kernel's own, and
 * the table of slots behind it. */

/** A future event list: events come out by (time, priority, order of pushing). */
export interface FutureEventList {
  readonly size: number;
  /** What was popped last. */
  readonly popped: { readonly timeUs: number; readonly target: number };
  /** @returns a key that cancels the event. */
  push(timeUs: number, priority: number, handler: number, target: number, payload: unknown): number;
  /** @returns false when no event is due. */
  popUntil(untilUs: number): boolean;
  /** @returns false for a key that is no longer pending. */
  cancel(key: number): boolean;
}

const SLOT_LIMIT = 2 ** 26;
/** Priorities and sequences share one exact double. */
const PRIORITY_UNIT = 2 ** 45;

/** Where a slot is when it is not pending. */
export const NOT_PENDING = -1;

/** What every candidate keeps of its events. `position` is the candidate's own. */
export class SlotTable {
  readonly popped = { timeUs: 0, handler: 0, target: 0, payload: undefined as unknown };
  time = new Float64Array(1_024);
  order = new Float64Array(1_024);
  position = new Int32Array(1_024).fill(NOT_PENDING);
  size = 0;
  #handler = new Int32Array(1_024);
  #generation = new Int32Array(1_024);
  readonly #target: number[] = [];
  readonly #payload: unknown[] = [];
  readonly #free: number[] = [];
  #sequence = 0;

  /** @returns the slot. */
  take(
    timeUs: number,
    priority: number,
    handler: number,
    target: number,
    payload: unknown,
  ): number {
    const slot = this.#free.length > 0 ? (this.#free.pop() as number) : this.#target.length;
    if (slot === this.time.length) this.#grow();
    this.time[slot] = timeUs;
    this.order[slot] = priority * PRIORITY_UNIT + this.#sequence;
    this.#handler[slot] = handler;
    this.#target[slot] = target;
    this.#payload[slot] = payload;
    this.#sequence += 1;
    this.size += 1;
    return slot;
  }

  keyOf(slot: number): number {
    return (this.#generation[slot] as number) * SLOT_LIMIT + slot;
  }

  /** @returns the slot of a pending event; NOT_PENDING for a stale key. */
  slotOf(key: number): number {
    const generation = Math.floor(key / SLOT_LIMIT);
    const slot = key - generation * SLOT_LIMIT;
    if (slot >= this.#target.length || generation !== this.#generation[slot]) return NOT_PENDING;
    return this.position[slot] === NOT_PENDING ? NOT_PENDING : slot;
  }

  /** Copies what is popped, and gives the slot back. */
  pop(slot: number): void {
    const { popped } = this;
    popped.timeUs = this.time[slot] as number;
    popped.handler = this.#handler[slot] as number;
    popped.target = this.#target[slot] as number;
    popped.payload = this.#payload[slot];
    this.release(slot);
  }

  release(slot: number): void {
    this.position[slot] = NOT_PENDING;
    this.#payload[slot] = undefined;
    this.#generation[slot] = (this.#generation[slot] as number) + 1;
    this.#free.push(slot);
    this.size -= 1;
  }

  isBefore(a: number, b: number): boolean {
    const aUs = this.time[a] as number;
    const bUs = this.time[b] as number;
    return aUs < bUs || (aUs === bUs && (this.order[a] as number) < (this.order[b] as number));
  }

  #grow(): void {
    const capacity = this.time.length * 2;
    const floats = (old: Float64Array) => {
      const grown = new Float64Array(capacity);
      grown.set(old);
      return grown;
    };
    const ints = (old: Int32Array) => {
      const grown = new Int32Array(capacity);
      grown.set(old);
      return grown;
    };
    this.time = floats(this.time);
    this.order = floats(this.order);
    this.position = ints(this.position);
    this.#handler = ints(this.#handler);
    this.#generation = ints(this.#generation);
  }
}
