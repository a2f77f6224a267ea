/** Our events as Segment's calls: what {@link fromSegment} reads back as the same event, people's
 * pseudonyms apart. What Segment has no field for travels in `context.backlot`. Spec: E45. */
import type { TrackedEvent, TrackedEventData } from '../../../domain/tracked-event.ts';
import { type Fields, ownOf, present } from './foreign-event.ts';
import { isoTime } from './iso-time.ts';
import { readSegmentCall, SEGMENT_EVENTS } from './segment.ts';

/** Event names by our types: the last one of each. */
const NAMES = new Map(Object.entries(SEGMENT_EVENTS).map(([name, type]) => [type, name]));

/** The body of a batch, as Segment's libraries post it. */
export function toSegmentBatch(events: readonly TrackedEvent[], sentTimeUs: number): Fields {
  return { batch: events.map(toSegment), sentAt: isoTime(sentTimeUs) };
}

/** One call. */
export function toSegment(event: TrackedEvent): Fields {
  const { id, subject, sessionId, eventTimeUs } = event;
  const call = callOf(event);
  return {
    ...call,
    messageId: id,
    userId: subject,
    timestamp: isoTime(eventTimeUs),
    context: { sessionId, backlot: ownOf(event, readSegmentCall(call, {})) },
  };
}

function callOf({ type, data }: TrackedEvent): Fields {
  if (type === 'page.view') {
    const { page, path } = data;
    return { type: 'page', ...present({ name: page }), properties: present({ path }) };
  }
  if (type === 'record.ingested') {
    return { type: 'track', event: data.target || 'Record Ingested', properties: {} };
  }
  const isCompleted = type === 'media.end' && data.completed === true;
  const name = isCompleted ? 'Video Playback Completed' : NAMES.get(type);
  const properties = type.startsWith('media.') ? mediaProperties(name, data) : uiProperties(data);
  return { type: 'track', event: name, properties };
}

/** Content events name their asset, playback events the assets of the session: all at its start,
 * then the one that plays. */
function mediaProperties(name: string | undefined, data: TrackedEventData): Fields {
  const { titleId, playbackId, positionSeconds } = data;
  const isStart = name === 'Video Playback Started';
  const isContent = name === 'Video Content Playing';
  return present({
    session_id: playbackId,
    position: positionSeconds,
    asset_id: isContent ? titleId : undefined,
    content_asset_id: isStart || isContent ? undefined : titleId,
    content_asset_ids: isStart && titleId !== undefined ? [titleId] : undefined,
  });
}

function uiProperties({ target, query, method, path, status }: TrackedEventData): Fields {
  return present({ target, query, method, path, status });
}
