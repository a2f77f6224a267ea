/** Segment's calls (track, page, screen, identify, group, alias) as our events. Video events are
 * read by their names in the Video spec. Playback started is a play; content started is not,
 * since both are sent for one. Source: Segment's spec, common fields and Video. Spec: E41, E43. */
import type { TrackedEventData, TrackedEventType } from '../../../domain/tracked-event.ts';
import { timeOfField } from '../../inputs/field-time.ts';
import {
  eventOf,
  type Fields,
  type ForeignContext,
  type ForeignEvent,
  fieldsOf,
  pathOf,
  present,
  textOf,
  wholeSeconds,
} from './foreign-event.ts';

/** Types of Segment's calls. */
export const SEGMENT_TYPES: ReadonlySet<unknown> = new Set([
  'track',
  'page',
  'screen',
  'identify',
  'group',
  'alias',
]);

/** Our types by Segment's event names. The last name of a type is the one that we write. */
export const SEGMENT_EVENTS: Readonly<Record<string, TrackedEventType>> = {
  'Video Playback Started': 'media.play',
  // It may be resumed after it: the viewer has not left.
  'Video Playback Interrupted': 'media.pause',
  'Video Playback Paused': 'media.pause',
  'Video Playback Resumed': 'media.resume',
  'Video Playback Seek Completed': 'media.seek',
  'Video Playback Buffer Started': 'media.buffer_start',
  'Video Playback Buffer Completed': 'media.buffer_end',
  'Video Content Playing': 'media.ping',
  'Video Playback Completed': 'media.end',
  'Video Playback Exited': 'media.end',
  'Products Searched': 'ui.search',
  'Element Clicked': 'ui.click',
  'Element Hovered': 'ui.hover',
  'Page Scrolled': 'ui.scroll',
  'Video Playback Failed': 'media.error',
  'Title Shown': 'ui.impression',
  'HTTP Requested': 'http.request',
  'Page Left': 'page.leave',
  'Element Rage Clicked': 'ui.rage_click',
  'Element Dead Clicked': 'ui.dead_click',
  'Player Rate Changed': 'player.rate',
  'Player Volume Changed': 'player.volume',
  'Player Fullscreen Changed': 'player.fullscreen',
};

/** Reads one call. @param envelope - The body that brought it in a batch, else the call itself.
 * @returns the reason where it is none, in words that hold nothing of it. */
export function fromSegment(
  call: Fields,
  envelope: Fields,
  context: ForeignContext,
): ForeignEvent | string {
  const id = textOf(call['messageId']);
  const about = { ...fieldsOf(envelope['context']), ...fieldsOf(call['context']) };
  const eventTimeUs =
    timeOfField(call['originalTimestamp']) ?? timeOfField(call['timestamp']) ?? undefined;
  if (!SEGMENT_TYPES.has(call['type'])) return 'not a type of Segment’s calls';
  if (id === undefined) return 'no messageId';
  if (eventTimeUs === undefined) return 'no timestamp';
  if (call['type'] === 'track' && textOf(call['event']) === undefined) {
    return 'track without an event';
  }
  const { type, data } = readSegmentCall(call, about);
  const sentTimeUs = timeOfField(call['sentAt'] ?? envelope['sentAt']);
  const receivedTimeUs = timeOfField(call['receivedAt'] ?? envelope['receivedAt']);
  const parts = {
    id,
    type,
    subject: textOf(call['userId'], call['anonymousId']),
    sessionId: textOf(about['sessionId']),
    eventTimeUs,
    data,
    own: fieldsOf(about['backlot']),
  };
  return {
    event: eventOf(parts, context),
    ...(sentTimeUs === undefined ? {} : { sentTimeUs }),
    ...(receivedTimeUs === undefined ? {} : { receivedTimeUs }),
    userAgent: textOf(about['userAgent']) ?? '',
  };
}

/** What a call says by Segment's own fields. Of people's traits nothing is read. */
export function readSegmentCall(
  call: Fields,
  about: Fields,
): { readonly type: TrackedEventType; readonly data: TrackedEventData } {
  const properties = fieldsOf(call['properties']) ?? {};
  if (call['type'] === 'page' || call['type'] === 'screen') {
    const page = fieldsOf(about['page']) ?? {};
    const path = pathOf(properties['path']) ?? pathOf(properties['url']) ?? pathOf(page['path']);
    const name = textOf(call['name'], properties['name']);
    return { type: 'page.view', data: present<TrackedEventData>({ page: name ?? path, path }) };
  }
  const name = call['type'] === 'track' ? (textOf(call['event']) ?? '') : String(call['type']);
  const type = Object.hasOwn(SEGMENT_EVENTS, name) ? SEGMENT_EVENTS[name] : undefined;
  if (type === undefined) return { type: 'record.ingested', data: { target: name } };
  return {
    type,
    data: type.startsWith('media.') ? mediaData(name, properties) : uiData(properties),
  };
}

function mediaData(name: string, properties: Fields): TrackedEventData {
  const ids: unknown = properties['content_asset_ids'];
  const isEnd = SEGMENT_EVENTS[name] === 'media.end';
  return present<TrackedEventData>({
    titleId: textOf(
      properties['asset_id'],
      properties['content_asset_id'],
      Array.isArray(ids) ? ids[0] : undefined,
    ),
    playbackId: textOf(properties['session_id']),
    positionSeconds: wholeSeconds(properties['position']),
    completed: isEnd ? name === 'Video Playback Completed' : undefined,
  });
}

function uiData(properties: Fields): TrackedEventData {
  return present<TrackedEventData>({
    target: textOf(properties['target']),
    query: textOf(properties['query']),
    method: textOf(properties['method']),
    path: pathOf(properties['path']),
    status: wholeSeconds(properties['status']),
  });
}
