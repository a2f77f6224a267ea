/** The one clock of a run. Events run by (time, priority, sequence); what is pending is data
 * (handler number, target, payload), never a closure, so that a world can be saved. */
import { EngineError, invariant } from './errors.ts';
import { EventQueue, type PoppedEvent } from './event-queue.ts';

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
  readonly #names = new Set<string>();
  readonly #pushed: PoppedEvent = { timeUs: 0, handler: 0, target: 0, payload: undefined };
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
    invariant(!this.#names.has(name), 'HANDLER_NAME_TAKEN', { name });
    this.#names.add(name);
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
    const event = this.#pushed;
    event.timeUs = timeUs;
    event.handler = handler;
    event.target = target;
    event.payload = payload;
    const key = this.#queue.push(event, priority);
    event.payload = undefined;
    return key;
  }

  cancel(key: EventKey): boolean {
    return this.#queue.cancel(key);
  }

  run(untilUs: number): number {
    const queue = this.#queue;
    const { popped } = queue;
    const before = this.#executed;
    while (queue.nextTimeUs <= untilUs) {
      queue.pop();
      if (popped.timeUs !== this.#nowUs) {
        this.#nowUs = popped.timeUs;
        this.#executedThisInstant = 0;
      }
      this.#executed += 1;
      this.#executedThisInstant += 1;
      this.#checkLimits();
      const handler = this.#handlers[popped.handler] as EventHandler;
      handler(popped.target, popped.payload);
    }
    if (untilUs > this.#nowUs) {
      this.#nowUs = untilUs;
      this.#executedThisInstant = 0;
    }
    return this.#executed - before;
  }

  #checkLimits(): void {
    const { maxEvents, maxEventsPerInstant } = this.#limits;
    const nowUs = this.#nowUs;
    if (this.#executed > maxEvents) {
      throw new EngineError(
        'SIM_MAX_EVENTS',
        `the run reached ${maxEvents} events at ${nowUs} µs and was stopped; ` +
          'look for a model that never ends, or raise limits.maxEvents',
        { limit: maxEvents, nowUs },
      );
    }
    if (this.#executedThisInstant > maxEventsPerInstant) {
      throw new EngineError(
        'SIM_MAX_EVENTS_PER_INSTANT',
        `${maxEventsPerInstant} events ran at the instant ${nowUs} µs and the run was stopped; ` +
          'look for a loop without delay, or raise limits.maxEventsPerInstant',
        { limit: maxEventsPerInstant, nowUs },
      );
    }
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
