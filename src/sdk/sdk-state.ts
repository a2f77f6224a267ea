/** All that an SDK remembers: plain data, replaced and never changed, so that a store may keep it
 * as it is and a state machine may carry it. Every event that was captured is in exactly one
 * place: waiting, in a batch, acknowledged, or dropped with the reason. Spec: A30. */
import type { TrackedEvent } from '../domain/tracked-event.ts';
import type { DropReason } from './sdk-messages.ts';
import type { SdkPolicy } from './sdk-policy.ts';

/** Whose SDK it is. */
export interface SdkIdentity {
  /** Pseudonymous subject of its events. */
  readonly subject: string;
  /** Names the device's draws and ids. */
  readonly entity: number;
}

/** An event that is not through yet. */
export interface QueuedEvent {
  readonly event: TrackedEvent;
  readonly bytes: number;
  /** Monotonic time of capture, on the clock of the present life (negative if before it). */
  readonly bornUs: number;
  /** In which life of the SDK it was captured. */
  readonly life: number;
}

/** Events that travel together until each is settled. */
export interface SdkBatch {
  readonly number: number;
  readonly events: readonly QueuedEvent[];
  /** Times it was sent. */
  readonly attempt: number;
  /** Times that count against the policy's attempts. */
  readonly triesUsed: number;
  readonly pushbacks: number;
  /** When the present try has failed; null while it is not under way. */
  readonly deadlineUs: number | null;
  /** Size of the body under way. */
  readonly bodyBytes: number;
  readonly byBeacon: boolean;
}

/** One session of use. */
export interface SdkSession {
  /** 0 for the first of this device. */
  readonly number: number;
  readonly id: string;
  readonly startedUs: number;
  readonly lastUs: number;
  /** Sequence of its next event. */
  readonly sequence: number;
}

/** Where an SDK stands. */
export type SdkPhase =
  | 'idle'
  | 'collecting'
  | 'sending'
  | 'backingOff'
  | 'offline'
  | 'awaitingConsent';

/** What an SDK remembers. Monotonic times in µs. */
export interface SdkState extends SdkIdentity {
  /** Lives before the present one: page loads that ended. */
  readonly life: number;
  readonly capturedCount: number;
  readonly acknowledgedCount: number;
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  readonly batchCount: number;
  readonly session: SdkSession | null;
  readonly consent: 'granted' | 'denied' | 'undecided';
  readonly isOnline: boolean;
  readonly isHidden: boolean;
  /** Waiting for a batch, oldest first. */
  readonly queue: readonly QueuedEvent[];
  readonly queueBytes: number;
  /** How many of the queue's first events are to go without waiting for company. */
  readonly flushCount: number;
  /** Unfinished batches, next one first. At most one is under way, besides beacons. */
  readonly batches: readonly SdkBatch[];
  readonly backoffUntilUs: number;
  /** The server's own word on when to come back. */
  readonly pushedBackUntilUs: number;
  readonly tokens: number;
  readonly tokensAtUs: number;
  /** Wall clock less monotonic clock when last looked at; null before that. */
  readonly clockOffsetUs: number | null;
  readonly phase: SdkPhase;
  /** When the SDK wants to be woken; null: not before something happens. */
  readonly wakeAtUs: number | null;
}

/** The state while a step changes it. */
export type SdkDraft = { -readonly [Field in keyof SdkState]: SdkState[Field] };

/** Of an SDK that never ran. */
export function initialSdkState(identity: SdkIdentity, policy: SdkPolicy): SdkState {
  return {
    subject: identity.subject,
    entity: identity.entity,
    life: 0,
    capturedCount: 0,
    acknowledgedCount: 0,
    dropped: NOTHING_DROPPED,
    batchCount: 0,
    session: null,
    consent: policy.consent === 'ask' ? 'undecided' : 'granted',
    isOnline: true,
    isHidden: false,
    queue: NO_EVENTS,
    queueBytes: 0,
    flushCount: 0,
    batches: NO_BATCHES,
    backoffUntilUs: 0,
    pushedBackUntilUs: 0,
    tokens: policy.eventBurst,
    tokensAtUs: 0,
    clockOffsetUs: null,
    phase: 'idle',
    wakeAtUs: null,
  };
}

/** No events, shared. */
export const NO_EVENTS: readonly QueuedEvent[] = Object.freeze([]);
/** No batches, shared. */
export const NO_BATCHES: readonly SdkBatch[] = Object.freeze([]);
const NOTHING_DROPPED: SdkState['dropped'] = Object.freeze({});

/** The books of an SDK: captured = acknowledged + queued + in flight + dropped. */
export interface SdkLedger {
  readonly captured: number;
  readonly acknowledged: number;
  /** Waiting for a batch, or in one that is not under way. */
  readonly queued: number;
  readonly inFlight: number;
  readonly dropped: number;
  readonly droppedByReason: SdkState['dropped'];
  /** 0, or there is a bug. */
  readonly residual: number;
}

/** Adds up what became of every event. */
export function sdkLedger(state: SdkState): SdkLedger {
  const { capturedCount: captured, acknowledgedCount: acknowledged } = state;
  let queued = state.queue.length;
  let inFlight = 0;
  for (const { deadlineUs, events } of state.batches) {
    if (deadlineUs === null) queued += events.length;
    else inFlight += events.length;
  }
  let dropped = 0;
  for (const count of Object.values(state.dropped)) dropped += count;
  const residual = captured - acknowledged - queued - inFlight - dropped;
  const droppedByReason = state.dropped;
  return { captured, acknowledged, queued, inFlight, dropped, droppedByReason, residual };
}

/** Events that are not through yet. */
export function backlogOf(state: SdkState): number {
  let count = state.queue.length;
  for (const { events } of state.batches) count += events.length;
  return count;
}
