/** From a fact to a waiting event: id, capture times, session and sequence are fixed here and never
 * change. Then the gates, each of which counts what it stops: consent, sampling, size, rate, room.
 * Spec: A30, A32, A38–A42. */
import type { TrackedEvent } from '../domain/tracked-event.ts';
import { hashText } from '../kernel/hash.ts';
import { US_PER_SECOND } from '../kernel/time.ts';
import { jsonBytes } from './json-size.ts';
import type { DropReason, SdkMessage } from './sdk-messages.ts';
import { NO_EVENTS, type SdkDraft } from './sdk-state.ts';
import { drop, type SdkTurn } from './sdk-turn.ts';
import { sessionAt } from './session.ts';

type Fact = Extract<SdkMessage, { type: 'fact.captured' }>;

/** Captures a fact. */
export function capture(turn: SdkTurn, fact: Fact): void {
  lookAtClocks(turn);
  const { draft, effects } = turn;
  const event = trackedEvent(turn, fact);
  draft.capturedCount += 1;
  const ago = fact.agoUs === undefined ? {} : { agoUs: fact.agoUs };
  effects.push({ type: 'fact.recorded', event, ...ago });
  const bytes = eventSize(event);
  const reason = refusal(turn, event, bytes);
  if (reason !== undefined) {
    drop(turn, { reason, batch: undefined, count: 1 });
    return;
  }
  const bornUs = turn.now.uptimeUs - (fact.agoUs ?? 0);
  draft.queue = [...draft.queue, { event, bytes, bornUs, life: draft.life }];
  draft.queueBytes += bytes;
}

/** Whether a subject is tracked: the same answer for the same subject, in every life and on every
 * device. @param rate - Share of subjects, in (0, 1]. */
export function isSampled(subject: string, rate: number): boolean {
  return rate >= 1 || (hashText(subject, SAMPLING_SEED) >>> 0) / 2 ** 32 < rate;
}

const SAMPLING_SEED = 0x53a3;

function trackedEvent({ draft, now, rules }: SdkTurn, fact: Fact): TrackedEvent {
  const { policy, names } = rules;
  const agoUs = fact.agoUs ?? 0;
  const session = sessionAt(draft, now.uptimeUs - agoUs, rules);
  draft.session = session;
  const event: TrackedEvent = {
    id: names.event(draft, draft.capturedCount),
    type: fact.event,
    subject: draft.subject,
    sessionId: session.id,
    sequence: session.sequence - 1,
    eventTimeUs: now.wallUs - agoUs,
    uptimeUs: Math.max(0, now.uptimeUs - agoUs),
    data: fact.data,
  };
  return policy.sampleRate < 1 ? { ...event, sampledRate: 1 / policy.sampleRate } : event;
}

/** What is the same in all events: the names of their fields, commas, brackets. */
const FRAME_BYTES = '{"id":,"type":,"subject":,"sessionId":,"sequence":,"eventTimeUs":,"data":}'
  .length;
const UPTIME_BYTES = ',"uptimeUs":'.length;
const RATE_BYTES = ',"sampledRate":'.length;

/** `jsonBytes` of an event, in half the time. */
function eventSize(event: TrackedEvent): number {
  const { uptimeUs, sampledRate } = event;
  let bytes =
    FRAME_BYTES +
    jsonBytes(event.id) +
    jsonBytes(event.type) +
    jsonBytes(event.subject) +
    jsonBytes(event.sessionId) +
    jsonBytes(event.sequence) +
    jsonBytes(event.eventTimeUs) +
    jsonBytes(event.data);
  if (uptimeUs !== undefined) bytes += UPTIME_BYTES + jsonBytes(uptimeUs);
  if (sampledRate !== undefined) bytes += RATE_BYTES + jsonBytes(sampledRate);
  return bytes;
}

/** Notes where the wall clock stands against the monotonic one, and tells of jumps. */
function lookAtClocks({ draft, effects, now, rules }: SdkTurn): void {
  const offsetUs = now.wallUs - now.uptimeUs;
  const before = draft.clockOffsetUs;
  if (before === offsetUs) return;
  draft.clockOffsetUs = offsetUs;
  if (before === null || Math.abs(offsetUs - before) < rules.policy.clockJumpUs) return;
  effects.push({ type: 'clock.jumped', byUs: offsetUs - before });
}

function refusal(turn: SdkTurn, event: TrackedEvent, bytes: number): DropReason | undefined {
  const { draft, rules } = turn;
  const { policy } = rules;
  if (draft.consent === 'denied') return 'sdk_no_consent';
  if (!isSampled(event.subject, policy.sampleRate)) return 'sdk_sampled_out';
  if (bytes > policy.maxEventBytes) return 'sdk_event_too_large';
  if (!takeToken(turn)) return 'sdk_rate_limited';
  return makeRoom(turn) ? undefined : 'sdk_queue_full';
}

/** A token bucket: full at first, refilled by time. */
function takeToken({ draft, now, rules }: SdkTurn): boolean {
  const { eventBurst, eventRatePerSec } = rules.policy;
  const refill = ((now.uptimeUs - draft.tokensAtUs) / US_PER_SECOND) * eventRatePerSec;
  const tokens = Math.min(eventBurst, draft.tokens + refill);
  draft.tokensAtUs = now.uptimeUs;
  draft.tokens = tokens >= 1 ? tokens - 1 : tokens;
  return tokens >= 1;
}

/** Makes room for one more event, if the policy has somebody go for it. */
function makeRoom(turn: SdkTurn): boolean {
  const { draft, rules } = turn;
  const { dropPolicy, maxQueueEvents } = rules.policy;
  if (draft.queue.length + batchedCount(draft) < maxQueueEvents) return true;
  const [oldest, ...others] = draft.queue;
  if (dropPolicy === 'newest' || oldest === undefined) return false;
  draft.queue = others.length === 0 ? NO_EVENTS : others;
  draft.queueBytes -= oldest.bytes;
  draft.flushCount = Math.max(0, draft.flushCount - 1);
  drop(turn, { reason: 'sdk_queue_full', batch: undefined, count: 1 });
  return true;
}

function batchedCount({ batches }: SdkDraft): number {
  let count = 0;
  for (const { events } of batches) count += events.length;
  return count;
}
