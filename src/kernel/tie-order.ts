/** Another legal order of simultaneous events: those of equal time and priority run lane by lane,
 * the lanes in an order that a seed permutes anew at every instant; within a lane they keep the
 * order of scheduling. A lane is what one handler tells one target, unless the handler says else.
 * The place of an event hangs on (seed, time, lane) alone: nothing to save, and one event less
 * leaves the others where they were, so that failures shrink. Spec: K12. */
import type { EventQueue } from './event-queue.ts';
import { finalMix, hashText, hashWord } from './hash.ts';
import type { PendingEvent } from './pending-event.ts';

/** What of a handler's events keeps its order. */
export interface Lanes {
  /** Handlers of one group share lanes. Default: the handler's name. */
  readonly group?: string;
  /** The lane of an event, a whole number. Default: its target. */
  readonly laneOf?: (target: number, payload: unknown) => number;
}

/** An event of the instant. */
interface Tied {
  readonly key: number;
  readonly priority: number;
  readonly rank: number;
  readonly sequence: number;
}

interface HandlerLanes {
  /** Hash of the group and the seed. */
  readonly group: number;
  readonly laneOf: Lanes['laneOf'];
}

/** Which of the simultaneous events is next. One instance belongs to one simulation. */
export class TieOrder {
  readonly seed: number;
  readonly #queue: EventQueue;
  readonly #lanes: HandlerLanes[] = [];
  /** A binary heap of events of the instant; those that were cancelled are still in it. */
  readonly #heap: Tied[] = [];
  /** Events scheduled for the instant since the last pop. Their lanes are asked for at the next
   * one, when whoever scheduled them is done. */
  readonly #fresh: number[] = [];
  #instantUs = -1;

  constructor(seed: number, queue: EventQueue) {
    this.seed = seed;
    this.#queue = queue;
  }

  /** Handlers in the order of their numbers. */
  addHandler(name: string, { group = name, laneOf }: Lanes): void {
    this.#lanes.push({ group: hashText(group, this.seed), laneOf });
  }

  /** An event was scheduled. */
  pushed(key: number, timeUs: number): void {
    if (timeUs === this.#instantUs) this.#fresh.push(key);
  }

  /** As {@link EventQueue.popUntil}. Cost O(log n) for n events of the instant. */
  popUntil(untilUs: number): boolean {
    for (;;) {
      for (const key of this.#fresh) this.#queue.visit(key, this.#add);
      this.#fresh.length = 0;
      while (this.#heap.length > 0 && this.#instantUs <= untilUs) {
        if (this.#queue.takeKey(this.#removeFirst().key)) return true;
      }
      if (this.#heap.length > 0) return false;
      const instantUs = this.#queue.openUntil(untilUs);
      if (instantUs < 0) return false;
      this.#instantUs = instantUs;
      this.#queue.visitOpened(this.#add);
    }
  }

  readonly #add = (event: PendingEvent): void => {
    const { key, priority, sequence, handler, target, payload } = event;
    const { group, laneOf } = this.#lanes[handler] as HandlerLanes;
    const lane = laneOf === undefined ? target : laneOf(target, payload);
    const rank = rankOf(group, lane, this.#instantUs);
    this.#insert({ key, priority, rank, sequence });
  };

  #insert(event: Tied): void {
    const heap = this.#heap;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(event, heap[parent] as Tied)) break;
      heap[at] = heap[parent] as Tied;
      at = parent;
    }
    heap[at] = event;
  }

  #removeFirst(): Tied {
    const heap = this.#heap;
    const first = heap[0] as Tied;
    const last = heap.pop() as Tied;
    const { length } = heap;
    if (length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= length) break;
      const isRightFirst =
        child + 1 < length && isBefore(heap[child + 1] as Tied, heap[child] as Tied);
      if (isRightFirst) child += 1;
      if (!isBefore(heap[child] as Tied, last)) break;
      heap[at] = heap[child] as Tied;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

/** Lanes of one rank, which are rare, mix in the order of scheduling: legal as well. */
function rankOf(group: number, lane: number, timeUs: number): number {
  const ofLane = hashWord(hashWord(group, lane | 0), Math.floor(lane / 2 ** 32));
  return finalMix(hashWord(hashWord(ofLane, timeUs | 0), Math.floor(timeUs / 2 ** 32)));
}

function isBefore(a: Tied, b: Tied): boolean {
  return (a.priority - b.priority || a.rank - b.rank || a.sequence - b.sequence) < 0;
}
