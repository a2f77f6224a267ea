/** The future event list: a hierarchical timing wheel. An event waits in the bucket of the highest
 * base-256 digit in which its time differs from the wheel's, and moves to a lower one when the
 * wheel gets there: at most seven times, whatever is pending. Below the microsecond, one level more
 * keeps the events of the instant by priority. Buckets are lists in the order of scheduling, which
 * every move keeps. 49 bytes an event. Spec: K2, K3, K5. Why: docs/decisions/0007.
 * Source: Varghese and Lauck, "Hashed and hierarchical timing wheels", SOSP 1987. */

import {
  byDueOrder,
  type EventQueueState,
  type PendingEvent,
  type PoppedEvent,
} from './pending-event.ts';

/** Slots that a key can name: keys stay exact integers up to 2²⁶ slots × 2²⁷ generations. */
const SLOT_LIMIT = 2 ** 26;
const GENERATION_LIMIT = 2 ** 27;
/** Levels 1 … 7 are bytes of the time, which has 53 bits; level 0 is the priority. */
const LEVELS = 8;
const LEVEL_BUCKETS = 256;
const BUCKETS = LEVELS * LEVEL_BUCKETS;
/** The bucket of priority 0 in the instant. */
const PRIORITY_ZERO = 128;
/** Buckets below it are the instant's, and below the next one those of single microseconds. */
const MICROSECONDS = LEVEL_BUCKETS;
const SPANS = 2 * LEVEL_BUCKETS;
const WORD_US = 2 ** 32;
const NONE = -1;
/** What a bucket of a level spans, in µs. */
const SPAN_US = Float64Array.from({ length: LEVELS }, (_, level) => 256 ** Math.max(0, level - 1));

/** Pending events. One instance belongs to one simulation. */
export class EventQueue {
  /** What was popped last. */
  readonly popped: PoppedEvent = { timeUs: 0, handler: 0, target: 0, payload: undefined };
  #size = 0;
  #sequence = 0;
  /** The wheel's time: ≤ every pending event's and every one to come. */
  #wheelUs = 0;
  #wheelLow = 0;
  #wheelHigh = 0;
  /** Where the high word of the wheel's time ends. */
  #wheelEndUs = WORD_US;
  #capacity: number;
  #time: Float64Array<ArrayBuffer>;
  #order: Float64Array<ArrayBuffer>;
  #priority: Int8Array<ArrayBuffer>;
  #generation: Int32Array<ArrayBuffer>;
  #handler: Int32Array<ArrayBuffer>;
  /** Rings of nodes: node b < BUCKETS is bucket b, node BUCKETS + s is the event in slot s. */
  #next: Int32Array<ArrayBuffer>;
  #previous: Int32Array<ArrayBuffer>;
  #target: number[] = [];
  #payload: unknown[] = [];
  /** The slot to take next; free slots go on along `#next`. `#used` slots were ever taken. */
  #free = NONE;
  #used = 0;
  /** A bit per bucket that may hold events, and a bit per word of them that is not 0. */
  readonly #bucketBits = new Int32Array(BUCKETS / 32);
  readonly #wordBits = new Int32Array(BUCKETS / 1_024);
  /** By bucket of a microsecond: whether a priority besides 0 was in it. */
  readonly #hasPriorities = new Uint8Array(SPANS);

  constructor(capacity = 1_024) {
    this.#capacity = capacity;
    this.#time = new Float64Array(capacity);
    this.#order = new Float64Array(capacity);
    this.#priority = new Int8Array(capacity);
    this.#generation = new Int32Array(capacity);
    this.#handler = new Int32Array(capacity);
    this.#next = new Int32Array(BUCKETS + capacity);
    this.#previous = new Int32Array(BUCKETS + capacity);
    this.#empty();
  }

  /** Events pending. */
  get size(): number {
    return this.#size;
  }

  /** Events ever pushed. */
  get pushedCount(): number {
    return this.#sequence;
  }

  /** Adds an event, at or after the time of the last pop and the bound of the last one that found
   * nothing. @returns its key. Cost O(1). */
  push(
    timeUs: number,
    priority: number,
    handler: number,
    target: number,
    payload: unknown,
  ): number {
    const slot = this.#takeSlot();
    this.#time[slot] = timeUs;
    this.#order[slot] = this.#sequence;
    this.#priority[slot] = priority;
    this.#handler[slot] = handler;
    this.#target[slot] = target;
    this.#payload[slot] = payload;
    this.#sequence += 1;
    this.#size += 1;
    this.#place(slot, timeUs, priority);
    return (this.#generation[slot] as number) * SLOT_LIMIT + slot;
  }

  /** Takes out the next event into {@link EventQueue.popped}, if it is due at `untilUs` or before.
   * @returns false when none is. Cost O(1) amortised over the life of an event. */
  popUntil(untilUs: number): boolean {
    for (;;) {
      const bucket = this.#firstBucket();
      if (bucket < MICROSECONDS) {
        if (bucket === NONE || !(this.#wheelUs <= untilUs)) return false;
        this.#take((this.#next[bucket] as number) - BUCKETS, this.#wheelUs);
        return true;
      }
      const head = this.#next[bucket] as number;
      const timeUs = this.#time[head - BUCKETS] as number;
      const isAlone = this.#next[head] === bucket;
      const spanUs = SPAN_US[bucket >>> 8] as number;
      const startUs = isAlone ? timeUs : Math.floor(timeUs / spanUs) * spanUs;
      if (!(startUs <= untilUs)) return false;
      this.#turnTo(startUs);
      if (isAlone) {
        this.#take(head - BUCKETS, timeUs);
        return true;
      }
      if (bucket < SPANS && this.#hasPriorities[bucket] === 0) this.#openInstant(bucket);
      else this.#spread(bucket);
    }
  }

  /** Removes a pending event. @returns false for a key that is no longer pending. Cost O(1). */
  cancel(key: number): boolean {
    const slot = this.#slotOf(key);
    if (slot === NONE) return false;
    this.#remove(slot);
    return true;
  }

  /** The slot of a pending event; NONE for a key that is no longer pending. */
  #slotOf(key: number): number {
    // Not `%`, which is a call for numbers of this size.
    const generation = Math.floor(key / SLOT_LIMIT);
    const slot = key - generation * SLOT_LIMIT;
    if (slot >= this.#used || generation !== this.#generation[slot]) return NONE;
    return this.#previous[BUCKETS + slot] === NONE ? NONE : slot;
  }

  /** Turns to the next instant due by `untilUs` and takes nothing out. @returns it, or −1. */
  openUntil(untilUs: number): number {
    for (;;) {
      const bucket = this.#firstBucket();
      if (bucket === NONE) return NONE;
      if (bucket < MICROSECONDS) return this.#wheelUs <= untilUs ? this.#wheelUs : NONE;
      const timeUs = this.#time[(this.#next[bucket] as number) - BUCKETS] as number;
      const spanUs = SPAN_US[bucket >>> 8] as number;
      const startUs = Math.floor(timeUs / spanUs) * spanUs;
      if (!(startUs <= untilUs)) return NONE;
      this.#turnTo(startUs);
      this.#spread(bucket);
    }
  }

  /** Visits all events of the instant that was opened, for a visitor that changes nothing. */
  visitOpened(visit: (event: PendingEvent) => void): void {
    for (let bucket = 0; bucket < MICROSECONDS; bucket += 1) {
      let node = this.#next[bucket] as number;
      for (; node !== bucket; node = this.#next[node] as number) {
        visit(this.#pendingEvent(node - BUCKETS));
      }
    }
  }

  /** Visits an event, if it is pending still. */
  visit(key: number, visit: (event: PendingEvent) => void): void {
    const slot = this.#slotOf(key);
    if (slot !== NONE) visit(this.#pendingEvent(slot));
  }

  /** Takes an event of the opened instant out, if it is pending still. @returns whether it was. */
  takeKey(key: number): boolean {
    const slot = this.#slotOf(key);
    if (slot === NONE) return false;
    this.#take(slot, this.#time[slot] as number);
    return true;
  }

  /** All that is pending. Cost O(slots + size · log size). */
  save(): EventQueueState {
    const events: PendingEvent[] = [];
    for (let slot = 0; slot < this.#used; slot += 1) {
      if (this.#previous[BUCKETS + slot] !== NONE) events.push(this.#pendingEvent(slot));
    }
    const freeSlots: number[] = [];
    for (let slot = this.#free; slot !== NONE; slot = this.#next[BUCKETS + slot] ?? NONE) {
      freeSlots.push(slot);
    }
    return {
      sequence: this.#sequence,
      events: events.sort(byDueOrder),
      generations: [...this.#generation.subarray(0, this.#used)],
      freeSlots: freeSlots.reverse(),
    };
  }

  /** Replaces all that is pending by a saved state; its keys name what they named. */
  restore(state: EventQueueState): void {
    while (this.#capacity < state.generations.length) this.#grow();
    this.#empty();
    this.#used = state.generations.length;
    this.#generation.set(state.generations);
    this.#target = Array.from({ length: this.#used }, () => 0);
    this.#payload = Array.from({ length: this.#used });
    for (const slot of state.freeSlots) this.#release(slot);
    for (const event of state.events.toSorted(byDueOrder)) {
      const slot = event.key % SLOT_LIMIT;
      this.#time[slot] = event.timeUs;
      this.#order[slot] = event.sequence;
      this.#priority[slot] = event.priority;
      this.#handler[slot] = event.handler;
      this.#target[slot] = event.target;
      this.#payload[slot] = event.payload;
      this.#place(slot, event.timeUs, event.priority);
    }
    this.#size = state.events.length;
    this.#sequence = state.sequence;
  }

  /** Empties the wheel and turns it back to time 0. */
  #empty(): void {
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      this.#next[bucket] = bucket;
      this.#previous[bucket] = bucket;
    }
    this.#wheelUs = 0;
    this.#wheelLow = 0;
    this.#wheelHigh = 0;
    this.#wheelEndUs = WORD_US;
    this.#free = NONE;
  }

  /** Puts an event at the end of the bucket that its time belongs to now. */
  #place(slot: number, timeUs: number, priority: number): void {
    const low = timeUs | 0;
    let bucket = PRIORITY_ZERO + priority;
    if (timeUs >= this.#wheelEndUs) {
      const high = Math.floor(timeUs / WORD_US);
      const shift = (31 - Math.clz32(high ^ this.#wheelHigh)) & 24;
      bucket = ((shift + 40) << 5) | ((high >>> shift) & 255);
    } else if (low !== this.#wheelLow) {
      const shift = (31 - Math.clz32(low ^ this.#wheelLow)) & 24;
      bucket = ((shift + 8) << 5) | ((low >>> shift) & 255);
      if (priority !== 0 && shift === 0) this.#hasPriorities[bucket] = 1;
    }
    const node = BUCKETS + slot;
    const last = this.#previous[bucket] as number;
    this.#next[last] = node;
    this.#previous[node] = last;
    this.#next[node] = bucket;
    this.#previous[bucket] = node;
    this.#mark(bucket);
  }

  #mark(bucket: number): void {
    const word = bucket >>> 5;
    const bits = this.#bucketBits;
    const half = word >>> 5;
    // A shift takes the lowest five bits of its distance.
    bits[word] = (bits[word] as number) | (1 << bucket);
    this.#wordBits[half] = (this.#wordBits[half] as number) | (1 << word);
  }

  /** The bucket that holds the next event, which is the first that is not empty; NONE when all are.
   * Clears the bits that lead nowhere, where events were popped or cancelled. */
  #firstBucket(): number {
    for (;;) {
      const half = this.#wordBits[0] === 0 ? 1 : 0;
      const words = this.#wordBits[half] as number;
      if (words === 0) return NONE;
      const word = (half << 5) | lowestBit(words);
      const bits = this.#bucketBits[word] as number;
      if (bits === 0) {
        this.#wordBits[half] = words & (words - 1);
        continue;
      }
      const bucket = (word << 5) | lowestBit(bits);
      if (this.#next[bucket] !== bucket) return bucket;
      this.#bucketBits[word] = bits & (bits - 1);
    }
  }

  #turnTo(timeUs: number): void {
    this.#wheelUs = timeUs;
    this.#wheelLow = timeUs | 0;
    if (timeUs < this.#wheelEndUs) return;
    this.#wheelHigh = Math.floor(timeUs / WORD_US);
    this.#wheelEndUs = (this.#wheelHigh + 1) * WORD_US;
  }

  /** Moves the list of the microsecond that has come into the instant, where all is of priority
   * 0, at once. */
  #openInstant(bucket: number): void {
    const first = this.#next[bucket] as number;
    const last = this.#previous[bucket] as number;
    this.#next[PRIORITY_ZERO] = first;
    this.#previous[first] = PRIORITY_ZERO;
    this.#previous[PRIORITY_ZERO] = last;
    this.#next[last] = PRIORITY_ZERO;
    this.#next[bucket] = bucket;
    this.#previous[bucket] = bucket;
    this.#mark(PRIORITY_ZERO);
  }

  /** Moves the events of a bucket that has come to lower levels, in their order. */
  #spread(bucket: number): void {
    let node = this.#next[bucket] as number;
    this.#next[bucket] = bucket;
    this.#previous[bucket] = bucket;
    if (bucket < SPANS) this.#hasPriorities[bucket] = 0;
    while (node !== bucket) {
      const following = this.#next[node] as number;
      const slot = node - BUCKETS;
      this.#place(slot, this.#time[slot] as number, this.#priority[slot] as number);
      node = following;
    }
  }

  #take(slot: number, timeUs: number): void {
    const { popped } = this;
    popped.timeUs = timeUs;
    popped.handler = this.#handler[slot] as number;
    popped.target = this.#target[slot] as number;
    popped.payload = this.#payload[slot];
    this.#remove(slot);
  }

  #remove(slot: number): void {
    const node = BUCKETS + slot;
    const following = this.#next[node] as number;
    const preceding = this.#previous[node] as number;
    this.#next[preceding] = following;
    this.#previous[following] = preceding;
    this.#payload[slot] = undefined;
    this.#generation[slot] = ((this.#generation[slot] as number) + 1) & (GENERATION_LIMIT - 1);
    this.#size -= 1;
    this.#release(slot);
  }

  #release(slot: number): void {
    this.#previous[BUCKETS + slot] = NONE;
    this.#next[BUCKETS + slot] = this.#free;
    this.#free = slot;
  }

  #takeSlot(): number {
    const slot = this.#free;
    if (slot !== NONE) {
      this.#free = this.#next[BUCKETS + slot] as number;
      return slot;
    }
    if (this.#used === this.#capacity) this.#grow();
    this.#used += 1;
    return this.#used - 1;
  }

  #pendingEvent(slot: number): PendingEvent {
    return {
      key: (this.#generation[slot] ?? 0) * SLOT_LIMIT + slot,
      timeUs: this.#time[slot] ?? 0,
      priority: this.#priority[slot] ?? 0,
      sequence: this.#order[slot] ?? 0,
      handler: this.#handler[slot] ?? 0,
      target: this.#target[slot] ?? 0,
      payload: this.#payload[slot],
    };
  }

  #grow(): void {
    const capacity = this.#capacity * 2;
    this.#capacity = capacity;
    this.#time = copied(this.#time, new Float64Array(capacity));
    this.#order = copied(this.#order, new Float64Array(capacity));
    this.#priority = copied(this.#priority, new Int8Array(capacity));
    this.#generation = copied(this.#generation, new Int32Array(capacity));
    this.#handler = copied(this.#handler, new Int32Array(capacity));
    this.#next = copied(this.#next, new Int32Array(BUCKETS + capacity));
    this.#previous = copied(this.#previous, new Int32Array(BUCKETS + capacity));
  }
}

function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

function copied<A extends Float64Array | Int32Array | Int8Array>(from: A, into: A): A {
  into.set(from);
  return into;
}
