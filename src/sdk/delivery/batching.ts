/** When the waiting events are due, and how many of them make a batch: bounded by count and by true
 * bytes, all of one life, in the order of capture. Spec: A31, A33. */
import { ENVELOPE_ROOM_BYTES } from '../sdk-policy.ts';
import { NO_EVENTS, type QueuedEvent, type SdkBatch, type SdkState } from '../sdk-state.ts';
import { drop, type SdkTurn } from '../sdk-turn.ts';

/** Whether waiting events are to go without more company. */
export function isDue({ draft, now, rules }: SdkTurn): boolean {
  const { policy } = rules;
  const [oldest] = draft.queue;
  if (oldest === undefined) return false;
  return (
    draft.isHidden ||
    draft.flushCount > 0 ||
    draft.queue.length >= policy.maxBatchEvents ||
    roomFor(draft.queueBytes, draft.queue.length) >= policy.maxBatchBytes ||
    now.uptimeUs - oldest.bornUs >= policy.maxBatchAgeUs ||
    oldest.life !== draft.life
  );
}

/** When the waiting events will be due by age; undefined when none waits. */
export function dueAtUs(state: SdkState, maxBatchAgeUs: number): number | undefined {
  const [oldest] = state.queue;
  return oldest === undefined ? undefined : oldest.bornUs + maxBatchAgeUs;
}

/** Moves the first waiting events into a batch of their own, the last of the batches. */
export function formBatch(turn: SdkTurn): void {
  const { draft, rules } = turn;
  const { maxBatchEvents, maxBatchBytes } = rules.policy;
  const life = draft.queue[0]?.life;
  let count = 0;
  let bytes = 0;
  for (const queued of draft.queue) {
    if (count === maxBatchEvents || queued.life !== life) break;
    if (count > 0 && roomFor(bytes + queued.bytes, count + 1) > maxBatchBytes) break;
    bytes += queued.bytes;
    count += 1;
  }
  const batch = newBatch(turn, draft.queue.slice(0, count));
  leaveQueue(turn, draft.queue.slice(count));
  draft.batches = [...draft.batches, batch];
}

/** A batch that was not sent yet, under the next number. */
export function newBatch({ draft }: SdkTurn, events: readonly QueuedEvent[]): SdkBatch {
  draft.batchCount += 1;
  return {
    number: draft.batchCount,
    events,
    attempt: 0,
    triesUsed: 0,
    pushbacks: 0,
    deadlineUs: null,
    bodyBytes: 0,
    byBeacon: false,
  };
}

/** Leaves only these events waiting, which waited before. */
export function leaveQueue({ draft }: SdkTurn, rest: readonly QueuedEvent[]): void {
  draft.flushCount = Math.max(0, draft.flushCount - (draft.queue.length - rest.length));
  draft.queue = rest.length === 0 ? NO_EVENTS : rest;
  draft.queueBytes = eventBytes(rest);
}

/** Gives up waiting events that are too old to be of use. */
export function dropTooOld(turn: SdkTurn): void {
  const { draft, now, rules } = turn;
  const [oldest] = draft.queue;
  if (oldest === undefined || now.uptimeUs - oldest.bornUs <= rules.policy.maxAgeUs) return;
  const young = draft.queue.filter(({ bornUs }) => now.uptimeUs - bornUs <= rules.policy.maxAgeUs);
  const count = draft.queue.length - young.length;
  leaveQueue(turn, young);
  drop(turn, { reason: 'sdk_too_old', batch: undefined, count });
}

/** Sum of the events' bytes. */
export function eventBytes(events: readonly QueuedEvent[]): number {
  let sum = 0;
  for (const { bytes } of events) sum += bytes;
  return sum;
}

/** Bytes that a body with such events takes at most. */
export function roomFor(bytes: number, count: number): number {
  return bytes + count + ENVELOPE_ROOM_BYTES;
}
