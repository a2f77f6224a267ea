/** One fact that an SDK captured on a device: a CloudEvents 1.0 envelope in memory form, its media
 * verbs Snowplow's, its video properties Segment's. What the pipeline must not see is not here. */

/** Every type of tracked event. `ui.impression` is a title shown in a slot of a row;
 * `http.request` a line of an ingested access log, `record.ingested` a row of any other historical
 * file; `player.*` what is no part of a play's books: those are of the `media.*` types alone. */
export const TRACKED_EVENT_TYPES = [
  'page.view',
  'ui.click',
  'ui.hover',
  'ui.scroll',
  'ui.search',
  'ui.impression',
  'media.play',
  'media.pause',
  'media.resume',
  'media.seek',
  'media.buffer_start',
  'media.buffer_end',
  'media.ping',
  'media.end',
  'media.error',
  'http.request',
  'record.ingested',
  'page.leave',
  'ui.rage_click',
  'ui.dead_click',
  'player.rate',
  'player.volume',
  'player.fullscreen',
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
  /** How many similar events this one stands for, where the SDK samples: 1 / rate, at least 1. */
  readonly sampledRate?: number;
  /** The schema that it was written to, like `backlot/tracked_event/jsonschema/1-1-0`; without it,
   * the newest. */
  readonly schema?: string;
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
  /** `media.seek`: position at which the first of the seeks in a row began. */
  readonly seekFromSeconds?: number;
  /** `media.end`: distinct content seconds watched, and whole seconds played, paused, stalled. */
  readonly watchedSeconds?: number;
  readonly playedSeconds?: number;
  readonly pausedSeconds?: number;
  readonly bufferedSeconds?: number;
  /** Media events: what the player gave up with; on `media.error` as a rule. */
  readonly errorCode?: string;
  /** Media events: what plays from here on. */
  readonly bitrateKbps?: number;
  /** `ui.impression` and clicks: where the title is shown. Slots count from 0 within a row. */
  readonly row?: string;
  readonly slot?: number;
  /** `ui.impression`: what chose the title, and how probable this choice was: in (0, 1]. */
  readonly policyId?: string;
  readonly propensity?: number;
  readonly target?: string;
  readonly query?: string;
  readonly scrollDepthPercent?: number;
  readonly status?: number;
  readonly responseBytes?: number;
  readonly method?: string;
  readonly path?: string;
  /** Address of the page, with its campaign's parameters. */
  readonly pageUrl?: string;
  /** Address of the page before it. */
  readonly referrer?: string;
  /** `page.leave`: how long the page was visible, in seconds; `ui.hover`: how long it took. */
  readonly durationSeconds?: number;
  /** `ui.rage_click`: clicks in a row. */
  readonly clickCount?: number;
  /** `player.*`: how it plays from here on. */
  readonly playbackRate?: number;
  readonly volumePercent?: number;
  readonly muted?: boolean;
  readonly fullscreen?: boolean;
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
