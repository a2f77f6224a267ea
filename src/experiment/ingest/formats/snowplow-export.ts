/** Our events as payloads of Snowplow's tracker protocol: what `fromSnowplow` reads back as the
 * same event, people's pseudonyms apart. What Snowplow has no field for travels in an entity of
 * ours. Spec: E45. */
import type { TrackedEvent, TrackedEventData } from '../../../domain/tracked-event.ts';
import { type Fields, ownOf, present } from './foreign-event.ts';
import { MEDIA_VENDOR, OWN_ENTITY, readSnowplow } from './snowplow.ts';

/** The schema of what is posted. */
export const PAYLOAD_SCHEMA = 'iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4';

const VENDOR = 'iglu:com.snowplowanalytics.snowplow';
const WRAPPED_EVENT = `${VENDOR}/unstruct_event/jsonschema/1-0-0`;
const WRAPPED_ENTITIES = `${VENDOR}/contexts/jsonschema/1-0-1`;
/** Names of media events by our types. */
const MEDIA_NAMES: Readonly<Record<string, string>> = {
  'media.play': 'play',
  'media.pause': 'pause',
  'media.resume': 'play',
  'media.seek': 'seek_end',
  'media.buffer_start': 'buffer_start',
  'media.buffer_end': 'buffer_end',
  'media.ping': 'ping',
  'media.end': 'end',
  'media.error': 'error',
};
/** Paths need a host to be an address. */
const HOST = 'https://backlot.invalid';

/** What is posted for some events. */
export function toSnowplowPayload(events: readonly TrackedEvent[], sentTimeUs: number): Fields {
  const stm = String(Math.floor(sentTimeUs / 1_000));
  return { schema: PAYLOAD_SCHEMA, data: events.map((event) => ({ ...toSnowplow(event), stm })) };
}

/** One element of `payload_data`. Times have milliseconds there; the rest of ours is in the
 * entity. */
export function toSnowplow(event: TrackedEvent): Fields {
  const { id, subject, sessionId, eventTimeUs } = event;
  const { fields, entities } = standardOf(event);
  const standard = { ...fields, ...withEntities(entities) };
  const read = readSnowplow(standard);
  const known = typeof read === 'string' ? { type: event.type, data: {} } : read;
  const own = { ...ownOf(event, known), microseconds: eventTimeUs % 1_000 };
  return {
    ...standard,
    ...withEntities([...entities, { schema: OWN_ENTITY, data: own }]),
    eid: id,
    uid: subject,
    sid: sessionId,
    dtm: String(Math.floor(eventTimeUs / 1_000)),
    p: 'web',
    tv: 'backlot',
  };
}

interface Standard {
  readonly fields: Fields;
  readonly entities: readonly Fields[];
}

function standardOf({ type, data }: TrackedEvent): Standard {
  const media = MEDIA_NAMES[type];
  if (media !== undefined) {
    const schema = `iglu:${MEDIA_VENDOR}/${media}_event/jsonschema/1-0-0`;
    const told = present({ errorCode: type === 'media.error' ? data.errorCode : undefined });
    return { fields: selfDescribing(schema, told), entities: mediaEntities(data) };
  }
  const { page, path, target, query } = data;
  const url = path === undefined ? undefined : `${HOST}${path}`;
  switch (type) {
    case 'page.view':
      return { fields: present<Fields>({ e: 'pv', page, url }), entities: [] };
    case 'ui.scroll':
      return { fields: present<Fields>({ e: 'pp', url }), entities: [] };
    case 'ui.click': {
      const click = `${VENDOR}/button_click/jsonschema/1-0-0`;
      return { fields: selfDescribing(click, present({ label: target })), entities: [] };
    }
    case 'ui.search': {
      const search = `${VENDOR}/site_search/jsonschema/1-0-0`;
      const terms = query === undefined ? {} : { terms: [query] };
      return { fields: selfDescribing(search, terms), entities: [] };
    }
    default:
      return { fields: present<Fields>({ e: 'se', se_ca: 'backlot', se_ac: type }), entities: [] };
  }
}

function mediaEntities(data: TrackedEventData): readonly Fields[] {
  const { titleId, playbackId, positionSeconds, completed } = data;
  const player = present({ label: titleId, currentTime: positionSeconds, ended: completed });
  const session = present({ mediaSessionId: playbackId });
  return [
    {
      schema: `iglu:${MEDIA_VENDOR.replace('.media', '')}/media_player/jsonschema/2-0-0`,
      data: player,
    },
    { schema: `iglu:${MEDIA_VENDOR}/session/jsonschema/1-0-0`, data: session },
  ];
}

function selfDescribing(schema: string, data: Fields): Fields {
  const wrapped = { schema: WRAPPED_EVENT, data: { schema, data } };
  return { e: 'ue', ue_px: base64(wrapped) };
}

function withEntities(entities: readonly Fields[]): Fields {
  if (entities.length === 0) return {};
  return { cx: base64({ schema: WRAPPED_ENTITIES, data: entities }) };
}

/** For URLs, as trackers write it. */
function base64(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
