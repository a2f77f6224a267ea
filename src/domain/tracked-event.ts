/** One fact that an SDK captured on a device: a CloudEvents 1.0 envelope in memory form, its media
 * verbs Snowplow's, its video properties Segment's. What the pipeline must not see is not here. */

/** Every type of tracked event. `http.request` is a line of an ingested access log and
 * `record.ingested` a row of any other historical file. */
export const TRACKED_EVENT_TYPES = [
  'page.view',
  'ui.click',
  'ui.hover',
  'ui.scroll',
  'ui.search',
  'media.play',
  'media.pause',
  'media.resume',
  'media.seek',
  'media.buffer_start',
  'media.buffer_end',
  'media.ping',
  'media.end',
  'http.request',
  'record.ingested',
] as const;
/** One of {@link TRACKED_EVENT_TYPES}. */
export type TrackedEventType = (typeof TRACKED_EVENT_TYPES)[number];

/** A tracked event as the SDK sends it. */
export interface TrackedEvent {
  /** Fixed at capture, unchanged on retry: the dedupe key. */
  readonly id: string;
  readonly type: TrackedEventType;
  /** Pseudonymous subject: viewer (`v17`) or hashed host. */
  readonly subject: string;
  readonly sessionId: string;
  /** Position within the session, from 0. */
  readonly sequence: number;
  /** Device clock at capture, µs since the Unix epoch. */
  readonly eventTimeUs: number;
  /** The device's monotonic clock at capture, µs since it started: no jump of the wall clock moves
   * it. Absent where the source has none. */
  readonly uptimeUs?: number;
  readonly data: TrackedEventData;
}

/** The payload; which fields are there depends on the type. */
export interface TrackedEventData {
  readonly page?: string;
  readonly titleId?: string;
  readonly playbackId?: string;
  /** Content position in whole seconds. */
  readonly positionSeconds?: number;
  /** `media.end`: true where the title was watched to its end. */
  readonly completed?: boolean;
  readonly target?: string;
  readonly query?: string;
  readonly scrollDepthPercent?: number;
  readonly status?: number;
  readonly responseBytes?: number;
  readonly method?: string;
  readonly path?: string;
}

/** One POST of an SDK (or one chunk of an ingested file). */
export interface CollectorPayload {
  /** Device clock at sending, µs since the Unix epoch. */
  readonly sentTimeUs: number;
  /** The device's monotonic clock at sending, µs since it started; absent where it has none. */
  readonly sentUptimeUs?: number;
  readonly userAgent: string;
  /** Network address of the client; the enricher turns it into a country and forgets it. */
  readonly clientAddress: string;
  /** Tracked events as received: not yet validated. */
  readonly events: readonly unknown[];
}
