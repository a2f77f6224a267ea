/** Events of Snowplow's tracker protocol as ours: page views and pings, self-describing events
 * (media, clicks, searches), structured ones. A row of the enriched format is brought into the
 * same fields first (`snowplow-tsv.ts`). Source: Snowplow tracker protocol; media plugin. Spec:
 * E42, E43. */
import type { TrackedEventData, TrackedEventType } from '../../../domain/tracked-event.ts';
import {
  eventOf,
  type Fields,
  type ForeignContext,
  type ForeignEvent,
  pathOf,
  present,
  textOf,
  wholeSeconds,
} from './foreign-event.ts';
import { readSelfDescribing, type SelfDescribing } from './snowplow-schemas.ts';

/** Entity that our exporter adds. */
export const OWN_ENTITY = 'iglu:dev.backlot/tracked_event/jsonschema/1-0-0';
/** The schema of media events, up to their name. */
export const MEDIA_VENDOR = 'com.snowplowanalytics.snowplow.media';

/** Our types by the names of self-describing events; of a media event without its `_event`. */
const MEDIA_TYPES: Readonly<Record<string, TrackedEventType>> = {
  play: 'media.play',
  pause: 'media.pause',
  seek_end: 'media.seek',
  buffer_start: 'media.buffer_start',
  buffer_end: 'media.buffer_end',
  ping: 'media.ping',
  end: 'media.end',
  error: 'media.error',
};

/** Reads one element of `payload_data`. @returns the reason where it is no event. */
export function fromSnowplow(payload: Fields, context: ForeignContext): ForeignEvent | string {
  const id = textOf(payload['eid']);
  const createdUs = msOf(payload['dtm']);
  const trueUs = msOf(payload['ttm']);
  const eventTimeUs = trueUs ?? createdUs;
  if (id === undefined) return 'no eid';
  if (eventTimeUs === undefined) return 'no dtm';
  const read = readSnowplow(payload);
  if (typeof read === 'string') return read;
  const sentTimeUs = msOf(payload['stm']);
  const receivedTimeUs = msOf(payload['received']);
  const parts = {
    id,
    type: read.type,
    subject: textOf(payload['uid'], payload['duid'], payload['nuid'], payload['tnuid']),
    sessionId: textOf(payload['sid']),
    eventTimeUs,
    data: read.data,
    own: read.own,
  };
  return {
    event: eventOf(parts, context),
    // A true time needs no correction, and must get none.
    ...(sentTimeUs === undefined || trueUs !== undefined ? {} : { sentTimeUs }),
    ...(receivedTimeUs === undefined ? {} : { receivedTimeUs }),
    userAgent: textOf(payload['ua']) ?? '',
  };
}

/** What an event says by Snowplow's own fields, and by our entity. */
export interface SnowplowReading {
  readonly type: TrackedEventType;
  readonly data: TrackedEventData;
  readonly own: Fields | undefined;
}

/** Reads what happened. @returns the reason where that cannot be told. */
export function readSnowplow(payload: Fields): SnowplowReading | string {
  const entities = readSelfDescribing(payload['co'], payload['cx'], 'contexts');
  if (typeof entities === 'string') return entities;
  const own = entities.find(({ schema }) => schema === OWN_ENTITY)?.data;
  switch (payload['e']) {
    case 'pv': {
      const path = pathOf(payload['url']);
      const data = present<TrackedEventData>({ page: textOf(payload['page']) ?? path, path });
      return { type: 'page.view', data, own };
    }
    case 'pp':
      return { type: 'ui.scroll', data: scrollData(payload), own };
    case 'se': {
      const parts = [payload['se_ca'], payload['se_ac'], payload['se_la']].map((one) =>
        textOf(one),
      );
      const target = parts.filter((part) => part !== undefined).join('/');
      return { type: 'record.ingested', data: { target }, own };
    }
    case 'ue': {
      const events = readSelfDescribing(payload['ue_pr'], payload['ue_px'], 'unstruct_event');
      if (typeof events === 'string') return events;
      const [event] = events;
      return event === undefined
        ? 'self-describing event without a schema'
        : { ...readEvent(event, entities), own };
    }
    case 'tr':
    case 'ti':
      return { type: 'record.ingested', data: { target: `transaction/${payload['e']}` }, own };
    default:
      return 'not a type of Snowplow’s events';
  }
}

function readEvent(
  { vendor, name, data }: SelfDescribing,
  entities: readonly SelfDescribing[],
): { readonly type: TrackedEventType; readonly data: TrackedEventData } {
  if (vendor === MEDIA_VENDOR) {
    return readMedia({ name: name.replace(/_event$/, ''), data }, entities);
  }
  const target = textOf(data['elementId'], data['id'], data['label']) ?? pathOf(data['targetUrl']);
  const terms: unknown = data['terms'];
  switch (name) {
    case 'link_click':
    case 'button_click':
      return { type: 'ui.click', data: present<TrackedEventData>({ target }) };
    case 'site_search': {
      const query = Array.isArray(terms) ? terms.map(String).join(' ') : undefined;
      return { type: 'ui.search', data: present<TrackedEventData>({ query }) };
    }
    default:
      return { type: 'record.ingested', data: { target: name } };
  }
}

function readMedia(
  { name, data: told }: { readonly name: string; readonly data: Fields },
  entities: readonly SelfDescribing[],
) {
  const entity = (wanted: string) => entities.find((one) => one.name === wanted)?.data ?? {};
  const player = entity('media_player');
  const session = entity('session');
  const known = Object.hasOwn(MEDIA_TYPES, name) ? MEDIA_TYPES[name] : undefined;
  const type = known ?? 'record.ingested';
  // There is no verb for going on: a play after something was played is that.
  const isResumed = type === 'media.play' && Number(session['timePlayed']) > 0;
  const ended = player['ended'];
  const data = present<TrackedEventData>({
    titleId: textOf(player['label']),
    playbackId: textOf(session['mediaSessionId']),
    positionSeconds: wholeSeconds(player['currentTime']),
    completed: type === 'media.end' ? ended !== false : undefined,
    errorCode: type === 'media.error' ? textOf(told['errorCode'], told['errorName']) : undefined,
    target: known === undefined ? `media/${name}` : undefined,
  });
  return { type: isResumed ? ('media.resume' as const) : type, data };
}

/** How far down the lower edge of the window has been. */
function scrollData(payload: Fields): TrackedEventData {
  const heights = [payload['vp'], payload['ds']].map((size) =>
    Number(/^\d+x(\d+)$/.exec(textOf(size) ?? '')?.[1]),
  );
  const [viewHeight = Number.NaN, pageHeight = Number.NaN] = heights;
  const percent = ((Number(payload['pp_may']) + viewHeight) / pageHeight) * 100;
  return present<TrackedEventData>({
    path: pathOf(payload['url']),
    scrollDepthPercent: Number.isFinite(percent) ? Math.min(100, Math.max(0, percent)) : undefined,
  });
}

/** µs of a time in ms since the Unix epoch, which the protocol writes as text. */
function msOf(value: unknown): number | undefined {
  const text = textOf(value);
  if (text === undefined || !/^\d{1,15}$/.test(text)) return undefined;
  const timeUs = Number(text) * 1_000;
  return Number.isSafeInteger(timeUs) ? timeUs : undefined;
}
