/** Sending batches, one at a time, and what answers mean for them: settled, tried again after a
 * pause, split, or given up. Spec: A33–A37. */
import { backoffUs } from '../../queueing/retry.ts';
import { jsonBytes } from '../json-size.ts';
import { requestBody, type SdkMessage, type SentBatchEffect } from '../sdk-messages.ts';
import type { QueuedEvent, SdkBatch, SdkDraft, SdkState } from '../sdk-state.ts';
import { drop, giveUp, replaceBatch, type SdkTurn } from '../sdk-turn.ts';
import { dropTooOld, formBatch, isDue, newBatch } from './batching.ts';

type Refusal = Extract<SdkMessage, { type: 'batch.refused' }>;
type Judgement = Extract<SdkMessage, { type: 'batch.judged' }>;

/** Statuses that a later try may change. 0 stands for no answer at all. */
const RETRIED = new Set([0, 408, 429, 500, 502, 503, 504]);
/** Statuses whose Retry-After counts. */
const PUSHING_BACK = new Set([429, 503]);
const TOO_LARGE = 413;

/** The earliest time at which anything may be sent. */
export function mayTryAtUs({ backoffUntilUs, pushedBackUntilUs }: SdkState): number {
  return Math.max(backoffUntilUs, pushedBackUntilUs);
}

/** Whether anything is under way. */
export function isSending({ batches }: SdkState): boolean {
  for (const { deadlineUs } of batches) if (deadlineUs !== null) return true;
  return false;
}

/** Sends what is due, if it may: nothing else under way, online, with consent, no pause. */
export function sendDue(turn: SdkTurn): void {
  const { draft, now } = turn;
  if (draft.consent === 'denied') giveUpWaiting(turn);
  if (draft.consent !== 'granted' || !draft.isOnline || isSending(draft)) return;
  while (now.uptimeUs >= mayTryAtUs(draft)) {
    if (draft.batches.length === 0) {
      dropTooOld(turn);
      if (!isDue(turn)) return;
      formBatch(turn);
    }
    const [next] = draft.batches;
    if (next === undefined) return;
    if (!isWorthTrying(turn, next)) continue;
    sendBatch(turn, next, { byBeacon: false });
    return;
  }
}

/** Without consent no batch is tried again. */
function giveUpWaiting(turn: SdkTurn): void {
  for (const batch of turn.draft.batches) {
    if (batch.deadlineUs === null) giveUp(turn, batch, 'sdk_no_consent');
  }
}

/** Sends a batch now. */
export function sendBatch(
  { draft, effects, now, rules }: SdkTurn,
  batch: SdkBatch,
  { byBeacon }: { readonly byBeacon: boolean },
): void {
  const attempt = batch.attempt + 1;
  const request = {
    type: 'batch.sent' as const,
    batch: batch.number,
    requestId: rules.names.request(draft, batch.number),
    attempt,
    events: batch.events.map(({ event }) => event),
    sentTimeUs: now.wallUs,
    // Of another life's clock nothing can be said.
    ...(batch.events[0]?.life === draft.life ? { sentUptimeUs: now.uptimeUs } : {}),
    byBeacon,
  };
  const bodyBytes = bodySize(request, batch.events);
  effects.push({ ...request, bodyBytes });
  const deadlineUs = now.uptimeUs + rules.policy.ackTimeoutUs;
  replaceBatch(draft, batch.number, [{ ...batch, attempt, deadlineUs, bodyBytes, byBeacon }]);
}

/** The whole batch is with the collector. */
export function acknowledge({ draft }: SdkTurn, number: number): void {
  const batch = find(draft, number);
  if (batch === undefined) return;
  draft.acknowledgedCount += batch.events.length;
  draft.backoffUntilUs = 0;
  replaceBatch(draft, number, []);
}

/** A try failed. An answer to an earlier try says nothing about the present one. */
export function refuse(turn: SdkTurn, refusal: Refusal): void {
  const batch = find(turn.draft, refusal.batch);
  if (batch === undefined || !isPresentTry(batch, refusal.attempt)) return;
  const status = refusal.status ?? 0;
  if (RETRIED.has(status)) {
    const pushbackUs = PUSHING_BACK.has(status) ? readable(refusal.retryAfterUs) : undefined;
    failTry(turn, batch, { hasAnswer: status !== 0, pushbackUs });
    return;
  }
  turn.draft.backoffUntilUs = 0;
  if (status !== TOO_LARGE) giveUp(turn, batch, 'sdk_rejected');
  else if (batch.events.length === 1) giveUp(turn, batch, 'sdk_event_too_large');
  else split(turn, batch);
}

/** The request was too large: each half goes on its own. */
function split(turn: SdkTurn, batch: SdkBatch): void {
  const middle = Math.ceil(batch.events.length / 2);
  replaceBatch(turn.draft, batch.number, [
    newBatch(turn, batch.events.slice(0, middle)),
    newBatch(turn, batch.events.slice(middle)),
  ]);
}

/** The collector's word on each event. A late word on an earlier try counts where it is `ok`. */
export function judge(turn: SdkTurn, judgement: Judgement): void {
  const { draft } = turn;
  const batch = find(draft, judgement.batch);
  if (batch === undefined) return;
  const isPresent = isPresentTry(batch, judgement.attempt);
  const rest: QueuedEvent[] = [];
  let accepted = 0;
  for (const queued of batch.events) {
    const result = resultOf(judgement.results, queued.event.id);
    if (result === 'ok') accepted += 1;
    else if (result === 'retry' || !isPresent) rest.push(queued);
  }
  draft.acknowledgedCount += accepted;
  const count = batch.events.length - accepted - rest.length;
  drop(turn, { reason: 'sdk_rejected', batch: batch.number, count });
  draft.backoffUntilUs = 0;
  const pruned = { ...batch, events: rest };
  replaceBatch(draft, batch.number, rest.length === 0 ? [] : [pruned]);
  if (isPresent && rest.length > 0)
    failTry(turn, pruned, { hasAnswer: true, pushbackUs: readable(judgement.retryAfterUs) });
}

/** Tries that got no answer in time have failed. */
export function expireTries(turn: SdkTurn): void {
  for (const batch of turn.draft.batches) {
    if (batch.deadlineUs !== null && batch.deadlineUs <= turn.now.uptimeUs) {
      failTry(turn, batch, { hasAnswer: false, pushbackUs: undefined });
    }
  }
}

interface FailedTry {
  readonly hasAnswer: boolean;
  /** The server's word on when to come back. */
  readonly pushbackUs: number | undefined;
}

/** A Retry-After that an adapter could not read is none: with it no time would ever come. */
function readable(retryAfterUs: number | undefined): number | undefined {
  return Number.isNaN(retryAfterUs) ? undefined : retryAfterUs;
}

/** The next try of a batch, or its end. Tries that were lost offline or put off by the server use
 * up no attempt, the latter within a budget of their own. */
function failTry(turn: SdkTurn, batch: SdkBatch, { hasAnswer, pushbackUs }: FailedTry): void {
  const { draft, now, rules } = turn;
  const { policy } = rules;
  const isPutOff = pushbackUs !== undefined && batch.pushbacks < policy.maxPushbacks;
  const isFree = isPutOff || (!hasAnswer && !draft.isOnline);
  const triesUsed = batch.triesUsed + (isFree ? 0 : 1);
  const pushbacks = batch.pushbacks + (isPutOff ? 1 : 0);
  if (pushbackUs !== undefined) {
    const untilUs = now.uptimeUs + Math.min(Math.max(0, pushbackUs), policy.maxRetryAfterUs);
    draft.pushedBackUntilUs = Math.max(draft.pushedBackUntilUs, untilUs);
  }
  if (triesUsed >= policy.retry.maxAttempts) {
    draft.backoffUntilUs = 0;
    giveUp(turn, batch, 'sdk_retries_exhausted');
    return;
  }
  if (!isFree) {
    const u = rules.uniform(draft, batch.number, batch.attempt);
    draft.backoffUntilUs = now.uptimeUs + backoffUs(policy.retry, triesUsed, u);
  }
  replaceBatch(draft, batch.number, [{ ...batch, deadlineUs: null, triesUsed, pushbacks }]);
}

/** Whether a batch is young enough and has tries left; if not, it is given up. */
function isWorthTrying(turn: SdkTurn, batch: SdkBatch): boolean {
  const { maxAgeUs, retry } = turn.rules.policy;
  const youngest = batch.events.at(-1);
  if (batch.triesUsed >= retry.maxAttempts) {
    giveUp(turn, batch, 'sdk_retries_exhausted');
    return false;
  }
  if (youngest !== undefined && turn.now.uptimeUs - youngest.bornUs > maxAgeUs) {
    giveUp(turn, batch, 'sdk_too_old');
    return false;
  }
  return true;
}

function isPresentTry(batch: SdkBatch, attempt: number | undefined): boolean {
  return batch.deadlineUs !== null && (attempt === undefined || attempt === batch.attempt);
}

/** Results come from outside: only what they themselves hold counts. Missing: try again. */
function resultOf(results: Readonly<Record<string, string>>, id: string): string | undefined {
  return Object.hasOwn(results, id) ? results[id] : 'retry';
}

function find(draft: SdkDraft, number: number): SdkBatch | undefined {
  return draft.batches.find((batch) => batch.number === number);
}

/** Length of the request's body in bytes. */
function bodySize(
  request: Omit<SentBatchEffect, 'bodyBytes'>,
  events: readonly QueuedEvent[],
): number {
  const envelope = requestBody({ ...request, events: [], bodyBytes: 0 });
  let bytes = jsonBytes(envelope) + Math.max(0, events.length - 1);
  for (const queued of events) bytes += queued.bytes;
  return bytes;
}
