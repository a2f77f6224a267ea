/** Pending events as plain data. */

/** The event that a queue took out last; overwritten by the next pop. */
export interface PoppedEvent {
  timeUs: number;
  handler: number;
  target: number;
  payload: unknown;
}

/** A pending event as plain data. */
export interface PendingEvent extends Readonly<PoppedEvent> {
  readonly key: number;
  readonly priority: number;
  /** How many events were pushed before it. */
  readonly sequence: number;
}

/** A whole queue as plain data. */
export interface EventQueueState {
  /** How many events were ever pushed. */
  readonly sequence: number;
  /** In the order in which they are due. */
  readonly events: readonly PendingEvent[];
  /** By slot, for all slots ever taken: what makes old keys stale. */
  readonly generations: readonly number[];
  /** The slots that are free; the last is taken next. */
  readonly freeSlots: readonly number[];
}

/** Compares events by when they are due. */
export function byDueOrder(a: PendingEvent, b: PendingEvent): number {
  return a.timeUs - b.timeUs || a.priority - b.priority || a.sequence - b.sequence;
}
