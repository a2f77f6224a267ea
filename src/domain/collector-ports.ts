/** The ports around the collector: the log that it writes, and what it answers. The collector
 * (`streams`) and the log (`storage`) do not know each other. Times are µs since the Unix epoch. */
import type { CollectorPayload } from './tracked-event.ts';

/** One payload to append. */
export interface AppendRequest {
  readonly payload: CollectorPayload;
  readonly ingestTimeUs: number;
  /** Records of one key stay in one partition, in order. */
  readonly partitionKey: string;
  /** JSON of `payload.events` in UTF-8, where there is one already: it need not be made again. */
  readonly eventsJson?: Uint8Array;
}

/** Where a payload's records are: `count` offsets from `firstOffset` on. */
export interface AppendReceipt {
  readonly partition: number;
  readonly firstOffset: number;
  readonly count: number;
}

/** Writes the log. Who has a receipt may acknowledge: its records survive what the log promises to
 * survive. Spec: S10. */
export interface LogWriter {
  readonly partitionCount: number;
  /** Appends one record for each event of the payload: all of them or none.
   * @throws EngineError `LOG_UNWRITABLE`; then nothing was appended, and a later try may work. */
  append(request: AppendRequest): AppendReceipt;
  /** Appends all requests or none, in order, with one write a partition: cheaper than one by one.
   * @throws EngineError `LOG_UNWRITABLE`. */
  appendAll(requests: readonly AppendRequest[]): readonly AppendReceipt[];
}

/** What becomes of one event of a request, as the SDK hears it: `ok` is done, `drop` must not be
 * sent again, `retry` may be. */
export type EventResult =
  | { readonly index: number; readonly id: string | null; readonly result: 'ok' }
  | {
      readonly index: number;
      readonly id: string | null;
      readonly result: 'drop' | 'retry';
      /** Words that hold nothing of what was sent. */
      readonly reason: string;
    };

/** The answer to one request. Every event of a body that could be read has a result. */
export interface CollectorAnswer {
  /** HTTP's word for it: 200 all heard, 400 no body of ours, 413 too large, 429 too much unread,
   * 503 the log cannot be written. */
  readonly status: 200 | 400 | 413 | 429 | 503;
  /** With 429 and 503: when to try again. */
  readonly retryAfterSeconds?: number;
  /** Why the body as a whole was refused; absent with 200. */
  readonly reason?: string;
  /** One per event, in the order of the body; none where the body could not be read. */
  readonly results: readonly EventResult[];
}

/** What a collector did since it was made: received = accepted + Σ rejected + Σ deferred. A body
 * that cannot be read into events counts as one. */
export interface CollectorCount {
  readonly received: number;
  /** In the log, to be processed. */
  readonly accepted: number;
  /** In the log too, with the reason, for the bad rows. */
  readonly rejected: Readonly<Record<string, number>>;
  /** Not in the log: the sender was told to try again. */
  readonly deferred: Readonly<Record<string, number>>;
}
