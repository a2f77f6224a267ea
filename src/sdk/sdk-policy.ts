/** How an SDK collects and delivers: limits, patience, and who decides to be tracked. The defaults
 * are those of the SDKs in the field, named beside each. Times in µs. Spec: A30–A47. */
import { EngineError } from '../kernel/errors.ts';
import { minutes, seconds, US_PER_HOUR } from '../kernel/time.ts';
import type { RetryPolicy } from '../queueing/retry.ts';

/** Who is thrown out when the queue is full. */
export type DropPolicy = 'newest' | 'oldest';

/** How an SDK batches, sends and drops. */
export interface SdkPolicy {
  readonly maxBatchEvents: number;
  /** Of the request's body, in bytes of JSON as UTF-8. */
  readonly maxBatchBytes: number;
  /** The oldest event waits no longer for company. */
  readonly maxBatchAgeUs: number;
  /** No answer for so long is a failed try. */
  readonly ackTimeoutUs: number;
  /** Events kept while nothing gets through, those of unfinished batches included. */
  readonly maxQueueEvents: number;
  readonly dropPolicy: DropPolicy;
  /** A larger event is dropped at capture. At least 1 KiB below `maxBatchBytes`. */
  readonly maxEventBytes: number;
  readonly retry: RetryPolicy;
  /** Longest that a server's Retry-After is obeyed. */
  readonly maxRetryAfterUs: number;
  /** Tries of a batch that Retry-After puts off without using up an attempt. */
  readonly maxPushbacks: number;
  /** A batch whose youngest event is older, and a waiting event that is, is given up. */
  readonly maxAgeUs: number;
  /** Bytes of bodies that may be under way by beacon, all together. */
  readonly maxBeaconBytes: number;
  readonly sessionIdleUs: number;
  readonly maxSessionUs: number;
  /** A wall clock that moved so much against the monotonic one has jumped. */
  readonly clockJumpUs: number;
  /** Events captured per second in the long run, and at once. */
  readonly eventRatePerSec: number;
  readonly eventBurst: number;
  /** Share of subjects that are tracked, in (0, 1]. */
  readonly sampleRate: number;
  /** `ask`: nothing is sent before the user has decided. */
  readonly consent: 'not-needed' | 'ask';
}

/** Bytes that a request's envelope may take besides its events. */
export const ENVELOPE_ROOM_BYTES = 1_024;

/** Defaults: batch of 10 in 5 s, 10 tries from 0.5 s to 60 s within 12 h, Retry-After up to 300 s
 * (Segment analytics-next 1.84); 40 000 bytes a request and 1 000 queued events (Snowplow 4.10);
 * 10 events/s with a burst of 100 (PostHog); 32 KB an event (RudderStack); a session ends after 30
 * idle minutes and within 24 h (PostHog); 64 KiB of keepalive requests (Fetch standard). */
export const DEFAULT_SDK_POLICY: SdkPolicy = {
  maxBatchEvents: 10,
  maxBatchBytes: 40_000,
  maxBatchAgeUs: seconds(5),
  ackTimeoutUs: seconds(10),
  maxQueueEvents: 1_000,
  dropPolicy: 'newest',
  maxEventBytes: 32_000,
  retry: { maxAttempts: 10, backoffBaseUs: seconds(0.5), backoffCapUs: seconds(60) },
  maxRetryAfterUs: seconds(300),
  maxPushbacks: 20,
  maxAgeUs: 12 * US_PER_HOUR,
  maxBeaconBytes: 65_536,
  sessionIdleUs: minutes(30),
  maxSessionUs: 24 * US_PER_HOUR,
  clockJumpUs: seconds(1),
  eventRatePerSec: 10,
  eventBurst: 100,
  sampleRate: 1,
  consent: 'not-needed',
};

const WHOLE = [
  'maxBatchEvents',
  'maxBatchBytes',
  'maxBatchAgeUs',
  'ackTimeoutUs',
  'maxQueueEvents',
  'maxEventBytes',
  'maxRetryAfterUs',
  'maxAgeUs',
  'sessionIdleUs',
  'maxSessionUs',
  'clockJumpUs',
] as const;

/** Refuses a policy that cannot work.
 * @throws EngineError `SDK_BAD_POLICY` for the first field that is out of range. */
export function checkSdkPolicy(policy: SdkPolicy): void {
  for (const field of WHOLE) {
    const found = policy[field];
    if (!Number.isSafeInteger(found) || found < 1) throw bad(field, found, 'a whole number ≥ 1');
  }
  for (const field of ['maxPushbacks', 'maxBeaconBytes'] as const) {
    const found = policy[field];
    if (!Number.isSafeInteger(found) || found < 0) throw bad(field, found, 'a whole number ≥ 0');
  }
  const { maxAttempts } = policy.retry;
  if (!(maxAttempts >= 1)) throw bad('retry.maxAttempts', maxAttempts, 'at least 1');
  if (!(policy.eventRatePerSec > 0))
    throw bad('eventRatePerSec', policy.eventRatePerSec, 'above 0');
  if (!(policy.eventBurst >= 1)) throw bad('eventBurst', policy.eventBurst, 'at least 1');
  const { sampleRate } = policy;
  if (!(sampleRate > 0 && sampleRate <= 1)) throw bad('sampleRate', sampleRate, 'in (0, 1]');
  if (policy.maxEventBytes + ENVELOPE_ROOM_BYTES > policy.maxBatchBytes) {
    const rule = `at most maxBatchBytes − ${ENVELOPE_ROOM_BYTES}, so that it fits into a request`;
    throw bad('maxEventBytes', policy.maxEventBytes, rule);
  }
}

function bad(field: string, found: number, rule: string): EngineError {
  const message = `the SDK's ${field} is ${found}; give ${rule}`;
  return new EngineError('SDK_BAD_POLICY', message, { field, found });
}
