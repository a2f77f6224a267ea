/** A simulation at rest, as plain data: what `save` gives and `restore` takes. Handlers stand by
 * name, because their numbers depend on the order of registration. Spec: K10. */
import { EngineError, nearestName } from './errors.ts';
import type { EventQueueState, PendingEvent } from './pending-event.ts';

/** A pending event; `handler` is the name it was registered under. */
export interface ScheduledEvent extends Omit<PendingEvent, 'handler' | 'payload'> {
  readonly handler: string;
  /** Plain data, so that it survives JSON. */
  readonly payload?: unknown;
}

/** A simulation between two events; survives JSON where payloads do. */
export interface SimulationState extends Omit<EventQueueState, 'events'> {
  readonly nowUs: number;
  readonly executedCount: number;
  /** Events executed at `nowUs` so far: counts towards `maxEventsPerInstant`. */
  readonly executedThisInstant: number;
  /** Seed of the order of ties; left out: the order of scheduling. */
  readonly tieOrder?: number | undefined;
  /** In the order in which they are due. */
  readonly events: readonly ScheduledEvent[];
}

/** The queue of a state, with handlers by number. @param names - Registered names by number.
 * @throws EngineError `SNAPSHOT_REFUSED` when a handler is not registered, naming all. */
export function queueStateOf(state: SimulationState, names: readonly string[]): EventQueueState {
  const { sequence, generations, freeSlots } = state;
  const numbers = new Map(names.map((name, handler) => [name, handler]));
  const missing = new Set<string>();
  const events = state.events.map(({ handler: name, payload, ...event }): PendingEvent => {
    const handler = numbers.get(name);
    if (handler === undefined) missing.add(name);
    return { ...event, payload, handler: handler ?? -1 };
  });
  if (missing.size > 0) {
    throw snapshotRefused([...missing].map((name) => missingHandler(name, names)));
  }
  return { sequence, generations, freeSlots, events };
}

/** The refusal of a saved state. @param problems - All that is wrong with it. */
export function snapshotRefused(problems: readonly string[]): EngineError {
  const message = `the saved state does not fit: ${problems.join('; ')}`;
  return new EngineError('SNAPSHOT_REFUSED', message, { problems });
}

function missingHandler(name: string, names: readonly string[]): string {
  const near = nearestName(name, names);
  const hint = near === undefined ? '' : `, the nearest name is "${near}"`;
  return `handler "${name}" is not registered${hint}; register all handlers before restoring`;
}
