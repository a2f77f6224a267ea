/** What an SDK is told, and what it does about it. Plain data both ways: hosts (the simulated
 * device's machine, a browser's adapter) carry the messages in and the effects out. */
import type { TrackedEvent, TrackedEventData, TrackedEventType } from '../domain/tracked-event.ts';

/** The device's clocks at one instant. */
export interface SdkInstant {
  /** The wall clock, µs since the Unix epoch. It may jump. */
  readonly wallUs: number;
  /** The monotonic clock, whole µs ≥ 0 since the SDK's present life began. */
  readonly uptimeUs: number;
}

/** What an SDK understands. */
export type SdkMessage =
  | {
      readonly type: 'fact.captured';
      readonly event: TrackedEventType;
      readonly data: TrackedEventData;
      /** How long ago it happened, where that was not now. */
      readonly agoUs?: number;
    }
  /** The collector has the whole batch. */
  | { readonly type: 'batch.acknowledged'; readonly batch: number }
  /** A try failed: HTTP status, or 0 (the default) for no answer at all. */
  | {
      readonly type: 'batch.refused';
      readonly batch: number;
      /** Whose failure it is; without it, that of the try that is under way. */
      readonly attempt?: number;
      readonly status?: number;
      /** Retry-After, as a delay. */
      readonly retryAfterUs?: number;
    }
  /** The collector answered event by event: id → `ok`, `retry` or anything else (terminal). An
   * event without a result is tried again. */
  | {
      readonly type: 'batch.judged';
      readonly batch: number;
      readonly attempt?: number;
      readonly results: Readonly<Record<string, string>>;
      readonly retryAfterUs?: number;
    }
  | { readonly type: 'network.changed'; readonly online: boolean }
  | { readonly type: 'consent.decided'; readonly granted: boolean }
  /** Somebody else uses the device from here on. What was captured keeps its subject. */
  | { readonly type: 'subject.changed'; readonly subject: string }
  /** The page may end at any moment from now on (`pagehide`, `visibilitychange` to hidden). */
  | { readonly type: 'app.hidden' }
  | { readonly type: 'app.shown' }
  /** Send what is there; nothing, if nothing is. */
  | { readonly type: 'flush.asked' }
  /** The instant that the SDK wanted to be woken at has come. */
  | { readonly type: 'sdk.woken' };

/** Why an SDK gave an event up. */
export type DropReason =
  | 'sdk_queue_full'
  | 'sdk_retries_exhausted'
  | 'sdk_rejected'
  | 'sdk_too_old'
  | 'sdk_event_too_large'
  | 'sdk_rate_limited'
  | 'sdk_sampled_out'
  | 'sdk_no_consent';

/** One try of a batch. */
export interface SentBatchEffect {
  readonly type: 'batch.sent';
  readonly batch: number;
  /** The same for all tries of a batch. */
  readonly requestId: string;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly events: readonly TrackedEvent[];
  /** Both clocks at this try. The monotonic one is absent where the events were captured in an
   * earlier life, whose clock nobody knows any more. */
  readonly sentTimeUs: number;
  readonly sentUptimeUs?: number;
  /** Length of {@link requestBody} as JSON in UTF-8. */
  readonly bodyBytes: number;
  /** Must outlive the page: `fetch` with `keepalive`, or `sendBeacon`. */
  readonly byBeacon: boolean;
}

/** What an SDK does. `fact.recorded` is the truth beside the pipeline, not a message of it. */
export type SdkEffect =
  | {
      readonly type: 'fact.recorded';
      readonly event: TrackedEvent;
      /** How long ago it happened, where that was not now. */
      readonly agoUs?: number;
    }
  | SentBatchEffect
  | {
      readonly type: 'events.dropped';
      readonly reason: DropReason;
      readonly batch: number | undefined;
      readonly count: number;
    }
  | { readonly type: 'clock.jumped'; readonly byUs: number }
  /** Nothing is left to send. */
  | { readonly type: 'sdk.drained' };

/** The body of a request, in the order of its fields. */
export function requestBody(sent: SentBatchEffect) {
  const { requestId, attempt, sentTimeUs, sentUptimeUs, events } = sent;
  return sentUptimeUs === undefined
    ? { requestId, attempt, sentTimeUs, events }
    : { requestId, attempt, sentTimeUs, sentUptimeUs, events };
}
