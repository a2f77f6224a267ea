/** The flush of a page that may end at any moment: what waits goes by beacon, in requests that
 * outlive the page and share one budget of bytes. What does not fit stays in the queue, and what is
 * not acknowledged in time is tried again, if need be in the next life. Spec: A43. */

import type { QueuedEvent } from '../sdk-state.ts';
import type { SdkTurn } from '../sdk-turn.ts';
import { dropTooOld, eventBytes, leaveQueue, newBatch, roomFor } from './batching.ts';
import { sendBatch } from './delivery.ts';

/** Sends waiting batches and events by beacon, as far as the budget goes. The pause that the SDK
 * chose itself is cut short, one that the server asked for is not. */
export function flushByBeacon(turn: SdkTurn): void {
  if (!mayBeacon(turn)) return;
  for (const batch of turn.draft.batches) {
    const room = roomFor(eventBytes(batch.events), batch.events.length);
    const isWaiting = batch.deadlineUs === null;
    if (isWaiting && room <= budgetLeft(turn)) sendBatch(turn, batch, { byBeacon: true });
  }
  sendWaiting(turn);
}

/** Sends only what was captured meanwhile: batches that failed wait for their pause. */
export function beaconNews(turn: SdkTurn): void {
  if (mayBeacon(turn)) sendWaiting(turn);
}

function mayBeacon({ draft, now }: SdkTurn): boolean {
  return draft.consent === 'granted' && draft.isOnline && now.uptimeUs >= draft.pushedBackUntilUs;
}

function sendWaiting(turn: SdkTurn): void {
  dropTooOld(turn);
  if (turn.draft.queue.length > 0) leaveQueue(turn, sendHalves(turn, turn.draft.queue));
}

/** Sends events in one request, or each half on its own. @returns those that did not fit. */
function sendHalves(turn: SdkTurn, events: readonly QueuedEvent[]): readonly QueuedEvent[] {
  if (fits(turn, events)) {
    const batch = newBatch(turn, events);
    turn.draft.batches = [...turn.draft.batches, batch];
    sendBatch(turn, batch, { byBeacon: true });
    return [];
  }
  if (events.length === 1) return events;
  const middle = Math.ceil(events.length / 2);
  const left = sendHalves(turn, events.slice(0, middle));
  const right = sendHalves(turn, events.slice(middle));
  return [...left, ...right];
}

function fits(turn: SdkTurn, events: readonly QueuedEvent[]): boolean {
  const { maxBatchBytes, maxBatchEvents } = turn.rules.policy;
  return (
    events.length <= maxBatchEvents &&
    events[0]?.life === events.at(-1)?.life &&
    roomFor(eventBytes(events), events.length) <= Math.min(maxBatchBytes, budgetLeft(turn))
  );
}

/** Bytes that may still be under way by beacon. */
function budgetLeft({ draft, rules }: SdkTurn): number {
  let left = rules.policy.maxBeaconBytes;
  for (const { byBeacon, deadlineUs, bodyBytes } of draft.batches) {
    if (byBeacon && deadlineUs !== null) left -= bodyBytes;
  }
  return left;
}
