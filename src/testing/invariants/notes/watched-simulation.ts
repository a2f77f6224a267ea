/** The clock of a watched run: passes everything on, and keeps a list of its own of what is
 * pending, so that each event that runs can be held against the one that should. Spec: T20–T22. */
import type { EventHandler, EventKey, HandlerId, Simulation } from '../../../kernel/simulation.ts';
import type { SimulationState } from '../../../kernel/simulation-state.ts';
import { type ChangeCount, type Changes, changesOf } from './changes.ts';
import { type DueEvent, DueHeap } from './due-heap.ts';

/** What can be wrong with an event that runs. */
export const KERNEL_FAULTS = ['time-back', 'out-of-order', 'cancelled', 'unscheduled'] as const;
/** One of {@link KERNEL_FAULTS}. */
export type KernelFault = (typeof KERNEL_FAULTS)[number];

/** The first event that was wrong in this way, and how often any could have been. */
export interface KernelFinding {
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What is known of the events of a run. */
export interface KernelNotes {
  /** Events run, events cancelled, and events that were not the only ones of their instant. */
  readonly ran: number;
  readonly cancelled: number;
  readonly tied: number;
  found(fault: KernelFault): KernelFinding | undefined;
}

/** A watched clock. */
export class WatchedSimulation implements Simulation, KernelNotes {
  readonly #inner: Simulation;
  /** Whether simultaneous events run in another order than that of scheduling. */
  readonly #isTieOrdered: boolean;
  readonly #changes: Changes;
  readonly #heap = new DueHeap();
  readonly #byKey = new Map<EventKey, DueEvent>();
  readonly #names: string[] = [];
  readonly #found = new Map<KernelFault, KernelFinding>();
  #cancelledFirst: DueEvent[] = [];
  #sequence = 0;
  #lastUs = 0;
  ran = 0;
  cancelled = 0;
  tied = 0;

  constructor(
    inner: Simulation,
    { isTieOrdered, changes }: { readonly isTieOrdered: boolean; readonly changes: Changes },
  ) {
    this.#inner = inner;
    this.#isTieOrdered = isTieOrdered;
    this.#changes = changes;
  }

  get nowUs(): number {
    return this.#inner.nowUs;
  }

  get pendingCount(): number {
    return this.#inner.pendingCount;
  }

  get executedCount(): number {
    return this.#inner.executedCount;
  }

  found(fault: KernelFault): KernelFinding | undefined {
    return this.#found.get(fault);
  }

  registerHandler(...args: Parameters<Simulation['registerHandler']>): HandlerId {
    const [name, handler, ...rest] = args;
    const changed = changesOf(name, this.#changes);
    const watched: EventHandler = (target, payload) => {
      for (let i = 0; i < changed.length; i += 1) (changed[i] as ChangeCount).count += 1;
      this.#runs(id, target, payload);
      handler(target, payload);
    };
    const id: HandlerId = this.#inner.registerHandler(name, watched, ...rest);
    this.#names[id] = name;
    return id;
  }

  schedule(...args: Parameters<Simulation['schedule']>): EventKey {
    const [delayUs, handler, target, payload, priority = 0] = args;
    const key = this.#inner.schedule(...args);
    const dueUs = this.nowUs + delayUs;
    const sequence = this.#sequence;
    this.#sequence += 1;
    const state = 'pending';
    const event: DueEvent = { dueUs, priority, sequence, handler, target, payload, state };
    this.#heap.push(event);
    this.#byKey.set(key, event);
    return key;
  }

  cancel(key: EventKey): boolean {
    const isCancelled = this.#inner.cancel(key);
    const event = this.#byKey.get(key);
    if (isCancelled && event?.state === 'pending') {
      event.state = 'cancelled';
      this.cancelled += 1;
    }
    this.#byKey.delete(key);
    return isCancelled;
  }

  run(untilUs: number): number {
    return this.#inner.run(untilUs);
  }

  step(untilUs: number): boolean {
    return this.#inner.step(untilUs);
  }

  save(): SimulationState {
    return this.#inner.save();
  }

  restore(state: SimulationState): void {
    this.#inner.restore(state);
  }

  /** An event runs. */
  #runs(handler: HandlerId, target: number, payload: unknown): void {
    const { nowUs } = this;
    this.ran += 1;
    if (nowUs < this.#lastUs) this.#note('time-back', { handler, dueUs: this.#lastUs });
    if (nowUs === this.#lastUs) this.tied += 1;
    else this.#forgetPast();
    this.#lastUs = nowUs;
    const isIt = (one: DueEvent) =>
      one.dueUs === nowUs &&
      one.handler === handler &&
      one.target === target &&
      one.payload === payload;
    const first = this.#firstPending();
    if (first !== undefined && isIt(first)) {
      this.#heap.pop();
      first.state = 'ran';
      return;
    }
    const other = this.#heap.all.find((one) => one.state === 'pending' && isIt(one));
    if (other !== undefined) {
      other.state = 'ran';
      const isTie = first?.dueUs === nowUs;
      if (!(isTie && this.#isTieOrdered)) this.#note('out-of-order', { handler, ...dueOf(first) });
      return;
    }
    const wasCancelled =
      this.#cancelledFirst.some(isIt) ||
      this.#heap.all.some((one) => one.state === 'cancelled' && isIt(one));
    this.#note(wasCancelled ? 'cancelled' : 'unscheduled', { handler, ...dueOf(first) });
  }

  /** The event that should run; it is then the heap's top. What was cancelled before it is kept
   * until its time is past: it may still run, where a kernel forgets to cancel. */
  #firstPending(): DueEvent | undefined {
    let { top } = this.#heap;
    for (; top !== undefined && top.state !== 'pending'; top = this.#heap.top) {
      this.#heap.pop();
      if (top.state === 'cancelled') this.#cancelledFirst.push(top);
    }
    return top;
  }

  /** Time moved on. */
  #forgetPast(): void {
    if (this.#cancelledFirst.length === 0) return;
    this.#cancelledFirst = this.#cancelledFirst.filter(({ dueUs }) => dueUs >= this.nowUs);
  }

  #note(fault: KernelFault, { handler, dueUs }: { readonly handler: number; dueUs?: number }) {
    if (this.#found.has(fault)) return;
    const name = this.#names[handler] ?? '';
    this.#changes.alarms.count += 1;
    this.#found.set(fault, {
      message: `${WHAT[fault]}: ${name} at ${this.nowUs} µs`,
      details: { handler: name, nowUs: this.nowUs, expectedUs: dueUs },
    });
  }
}

const WHAT: Readonly<Record<KernelFault, string>> = {
  'time-back': 'an event ran before the one before it',
  'out-of-order': 'an event ran while another one was due before it',
  cancelled: 'an event ran that was cancelled',
  unscheduled: 'an event ran that was not scheduled for now',
};

function dueOf(event: DueEvent | undefined): { readonly dueUs?: number } {
  return event === undefined ? {} : { dueUs: event.dueUs };
}
