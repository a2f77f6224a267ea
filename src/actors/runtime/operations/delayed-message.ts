/** A message that an actor gets later. */
import type { EventObject } from 'xstate';
import type { ActorReference } from './operation.ts';

/** A message that waits for its time. Compiled machines have one object for all their actors. */
export interface DelayedMessage {
  readonly event: EventObject;
  /** The name that cancels it. */
  readonly id: string | undefined;
  /** Number of who gets it; undefined: the actor itself. */
  readonly to: number | undefined;
  /** Who gets it, for inspectors: it may be gone by then. */
  readonly receiver?: ActorReference | undefined;
  /** Of a message whose timer was superseded: its actor may have ended, its place be another's. */
  readonly superseded?: MessageSender;
}

/** Who scheduled a message. */
export interface MessageSender {
  /** The actor's number. */
  readonly actor: number;
  /** Number of the root actor of its family. */
  readonly root: number;
}

const US_PER_MS = 1_000;

/** A delay of XState's, in ms, as whole microseconds. */
export function microseconds(delayMs: number): number {
  return Math.max(0, Math.round(delayMs * US_PER_MS));
}
