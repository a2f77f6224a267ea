/** The one source of plans that run inside the pipeline: enriched events, as rows. Columns have the
 * names that the warehouse's view `curated_events` gives them, where it has them. Spec: W140. */
import type { SourceRef } from './plan/builder/pipeline.ts';
import { boundedOutOfOrderness } from './plan/builder/window.ts';
import type { ColumnSpec } from './plan/plan.ts';

/** What the source is called in plans. */
export const ENRICHED_EVENT_NAME = 'enriched_event';

/** Column with the event time: corrected, where the pipeline corrects clocks. */
export const ENRICHED_EVENT_TIME = 'event_time_us';

/** Every column, its type, and where an enriched event has it. */
export const ENRICHED_EVENT_COLUMNS = {
  event_id: { type: 'string', path: 'event.id' },
  event_type: { type: 'string', path: 'event.type' },
  subject: { type: 'string', path: 'event.subject' },
  session_id: { type: 'string', path: 'event.sessionId' },
  sequence: { type: 'integer', path: 'event.sequence' },
  event_time_us: { type: 'timestamp', path: 'event.eventTimeUs' },
  ingest_time_us: { type: 'timestamp', path: 'ingestTimeUs' },
  process_time_us: { type: 'timestamp', path: 'processTimeUs' },
  device_kind: { type: 'string', path: 'deviceKind' },
  country: { type: 'string', path: 'country' },
  local_hour: { type: 'integer', path: 'localHour' },
  title_id: { type: 'string', path: 'event.data.titleId' },
  title_name: { type: 'string', path: 'titleName' },
  genre: { type: 'string', path: 'genre' },
  playback_id: { type: 'string', path: 'event.data.playbackId' },
  position_s: { type: 'double', path: 'event.data.positionSeconds' },
  completed: { type: 'boolean', path: 'event.data.completed' },
  status: { type: 'integer', path: 'event.data.status' },
  response_bytes: { type: 'double', path: 'event.data.responseBytes' },
  seek_from_s: { type: 'double', path: 'event.data.seekFromSeconds' },
  watched_s: { type: 'double', path: 'event.data.watchedSeconds' },
  played_s: { type: 'double', path: 'event.data.playedSeconds' },
  paused_s: { type: 'double', path: 'event.data.pausedSeconds' },
  buffered_s: { type: 'double', path: 'event.data.bufferedSeconds' },
  scroll_depth_percent: { type: 'double', path: 'event.data.scrollDepthPercent' },
  page: { type: 'string', path: 'event.data.page' },
  target: { type: 'string', path: 'event.data.target' },
  query: { type: 'string', path: 'event.data.query' },
  method: { type: 'string', path: 'event.data.method' },
  path: { type: 'string', path: 'event.data.path' },
  page_url: { type: 'string', path: 'event.data.pageUrl' },
  referrer: { type: 'string', path: 'event.data.referrer' },
  sampled_rate: { type: 'double', path: 'event.sampledRate' },
} as const satisfies Readonly<Record<string, ColumnSpec>>;

/** How a pipeline tells event time; its plans say the same. */
export interface JobWatermark {
  /** How far events may be out of order without being late. */
  readonly boundUs: number;
  /** A partition silent for this long (process time) no longer holds the watermark back. */
  readonly idleTimeoutUs: number;
}

/** The source under a watermark. A plan that leaves `idleTimeoutUs` out takes the pipeline's.
 *
 * ```ts
 * pipeline('plays').from(enrichedEvents({ boundUs: seconds(30) }))
 *   .filter((f) => f.event_type.eq('media.play'))…
 * ``` */
export function enrichedEvents(
  watermark: Pick<JobWatermark, 'boundUs'> & Partial<JobWatermark>,
): SourceRef<typeof ENRICHED_EVENT_COLUMNS> {
  const { boundUs, idleTimeoutUs } = watermark;
  return {
    name: ENRICHED_EVENT_NAME,
    options: {
      columns: ENRICHED_EVENT_COLUMNS,
      time: ENRICHED_EVENT_TIME,
      watermark: boundedOutOfOrderness(boundUs),
      ...(idleTimeoutUs === undefined ? {} : { idleTimeoutUs }),
    },
  };
}
