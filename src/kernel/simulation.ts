/** The one clock of a run. Events run by (time, priority, sequence); what is pending is data
 * (handler number, target, payload), never a closure, so that a world can be saved. */

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
