/** The one clock of a run. Events run by (time, priority, sequence); what is pending is data
 * (handler number, target, payload), never a closure, so that a world can be saved. */
import { EngineError, invariant } from './errors.ts';
import { EventQueue } from './event-queue.ts';
import { queueStateOf, type SimulationState, snapshotRefused } from './simulation-state.ts';

/** Names a pending event; stale after it ran or was cancelled (generation-checked). */
export type EventKey = number;

/** Runs one scheduled event. `target` is the number given at scheduling (an actor, a station). */
export type EventHandler = (target: number, payload: unknown) => void;

/** A number given to a handler by {@link Simulation.registerHandler}. */
export type HandlerId = number;

/** Bounds that end a run with a named error instead of a hang. */
export interface SimulationLimits {
  /** Events executed in the whole run. Default 500 million. */
  readonly maxEvents: number;
  /** Events waiting at once. Default 20 million. */
  readonly maxPending: number;
  /** Events executed at one instant. Default 1 million. */
  readonly maxEventsPerInstant: number;
}

/** Virtual time and the future event list. */
export interface Simulation {
  /** Now, in µs since the start of the run. */
  readonly nowUs: number;
  readonly pendingCount: number;
  readonly executedCount: number;
  /** Registers a handler once, before the run, under a name that is unique in this simulation. */
  registerHandler(name: string, handler: EventHandler): HandlerId;
  /** Schedules at now + `delayUs` (whole, ≥ 0). Equal times run by priority (lower first, 0 by
   * default, −128 … 127), then in the order of scheduling.
   * @throws EngineError `SIM_BAD_TIME`, `SIM_MAX_PENDING`. Cost O(log pending). */
  schedule(
    delayUs: number,
    handler: HandlerId,
    target: number,
    payload?: unknown,
    priority?: number,
  ): EventKey;
  /** Takes a pending event out. @returns false if it ran or was cancelled already. */
  cancel(key: EventKey): boolean;
  /** Runs events up to and including `untilUs`; the clock then stands at `untilUs`.
   * @returns events executed by this call.
   * @throws EngineError `SIM_MAX_EVENTS`, `SIM_MAX_EVENTS_PER_INSTANT`. */
  run(untilUs: number): number;
  /** All that is pending, and the clock, as plain data. Cost O(pending · log). Spec: K10. */
  save(): SimulationState;
  /** Continues from a saved state: on a simulation on which nothing was scheduled or run, with the
   * handlers of the saved one registered by name, in any order. Event keys stay what they were.
   * @throws EngineError `SNAPSHOT_REFUSED`; nothing is restored then. */
  restore(state: SimulationState): void;
}

/** The default limits: far beyond any sane run, near enough to stop a runaway. */
const DEFAULT_LIMITS: SimulationLimits = {
  maxEvents: 500_000_000,
  maxPending: 20_000_000,
  maxEventsPerInstant: 1_000_000,
};

/** Makes an empty simulation at time 0. */
export function createSimulation(limits: Partial<SimulationLimits> = {}): Simulation {
  return new KernelSimulation({ ...DEFAULT_LIMITS, ...limits });
}

class KernelSimulation implements Simulation {
  readonly #limits: SimulationLimits;
  readonly #queue = new EventQueue();
  readonly #handlers: EventHandler[] = [];
  readonly #names: string[] = [];
  #nowUs = 0;
  #executed = 0;
  #executedThisInstant = 0;

  constructor(limits: SimulationLimits) {
    this.#limits = limits;
  }

  get nowUs(): number {
    return this.#nowUs;
  }

  get pendingCount(): number {
    return this.#queue.size;
  }

  get executedCount(): number {
    return this.#executed;
  }

  registerHandler(name: string, handler: EventHandler): HandlerId {
    invariant(!this.#names.includes(name), 'HANDLER_NAME_TAKEN', { name });
    this.#names.push(name);
    return this.#handlers.push(handler) - 1;
  }

  schedule(
    delayUs: number,
    handler: HandlerId,
    target: number,
    payload?: unknown,
    priority = 0,
  ): EventKey {
    const timeUs = this.#nowUs + delayUs;
    if (!(delayUs >= 0) || !Number.isSafeInteger(timeUs)) throw this.#badTime(timeUs);
    if (this.#queue.size >= this.#limits.maxPending) throw this.#tooManyPending();
    return this.#queue.push(timeUs, priority, handler, target, payload);
  }

  cancel(key: EventKey): boolean {
    return this.#queue.cancel(key);
  }

  run(untilUs: number): number {
    const queue = this.#queue;
    const { popped } = queue;
    const { maxEvents, maxEventsPerInstant } = this.#limits;
    const before = this.#executed;
    while (queue.popUntil(untilUs)) {
      if (popped.timeUs !== this.#nowUs) {
        this.#nowUs = popped.timeUs;
        this.#executedThisInstant = 0;
      }
      this.#executed += 1;
      this.#executedThisInstant += 1;
      if (this.#executed > maxEvents) throw this.#tooManyEvents();
      if (this.#executedThisInstant > maxEventsPerInstant) throw this.#tooManyAtOnce();
      const handler = this.#handlers[popped.handler] as EventHandler;
      handler(popped.target, popped.payload);
    }
    if (untilUs > this.#nowUs) {
      this.#nowUs = untilUs;
      this.#executedThisInstant = 0;
    }
    return this.#executed - before;
  }

  save(): SimulationState {
    const { events, ...queue } = this.#queue.save();
    return {
      nowUs: this.#nowUs,
      executedCount: this.#executed,
      executedThisInstant: this.#executedThisInstant,
      ...queue,
      events: events.map((event) => ({ ...event, handler: this.#names[event.handler] ?? '' })),
    };
  }

  restore(state: SimulationState): void {
    const isFresh = this.#queue.pushedCount === 0 && this.#nowUs === 0;
    if (!isFresh) {
      throw snapshotRefused([
        `events were scheduled or run already (now ${this.#nowUs} µs); ` +
          'restore into a new simulation, before anything is scheduled',
      ]);
    }
    this.#queue.restore(queueStateOf(state, this.#names));
    this.#nowUs = state.nowUs;
    this.#executed = state.executedCount;
    this.#executedThisInstant = state.executedThisInstant;
  }

  #tooManyEvents(): EngineError {
    const limit = this.#limits.maxEvents;
    return new EngineError(
      'SIM_MAX_EVENTS',
      `the run reached ${limit} events at ${this.#nowUs} µs and was stopped; ` +
        'look for a model that never ends, or raise limits.maxEvents',
      { limit, nowUs: this.#nowUs },
    );
  }

  #tooManyAtOnce(): EngineError {
    const limit = this.#limits.maxEventsPerInstant;
    return new EngineError(
      'SIM_MAX_EVENTS_PER_INSTANT',
      `${limit} events ran at the instant ${this.#nowUs} µs and the run was stopped; ` +
        'look for a loop without delay, or raise limits.maxEventsPerInstant',
      { limit, nowUs: this.#nowUs },
    );
  }

  #badTime(atUs: number): EngineError {
    return new EngineError(
      'SIM_BAD_TIME',
      `an event was scheduled at ${atUs} µs while it is ${this.#nowUs} µs; ` +
        'delays are whole microseconds ≥ 0: round them once, where a draw becomes a duration',
      { atUs, nowUs: this.#nowUs },
    );
  }

  #tooManyPending(): EngineError {
    const limit = this.#limits.maxPending;
    return new EngineError(
      'SIM_MAX_PENDING',
      `${limit} events are pending at ${this.#nowUs} µs and the run was stopped; ` +
        'look for a model that schedules faster than it runs, or raise limits.maxPending',
      { limit, nowUs: this.#nowUs },
    );
  }
}
