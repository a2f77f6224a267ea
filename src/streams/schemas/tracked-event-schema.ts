/** The tracked event's own schema: what an SDK may send. Versions in the field are kept. */
import { TRACKED_EVENT_TYPES, type TrackedEventType } from '../../domain/tracked-event.ts';
import type { FieldRule, SchemaDocument, SchemaField, SchemaFields } from './schema-document.ts';

const TEXT: FieldRule = { kind: 'text', lengthMax: 2_048 };
const NAME: FieldRule = { kind: 'text', lengthMin: 1, lengthMax: 2_048 };
const COUNT: FieldRule = { kind: 'integer', min: 0 };

const optional = (rule: FieldRule): SchemaField => ({ rule, isOptional: true });

const DATA_1_0_0: SchemaFields = {
  page: optional(TEXT),
  titleId: optional(TEXT),
  playbackId: optional(TEXT),
  positionSeconds: optional(COUNT),
  completed: optional({ kind: 'boolean' }),
  target: optional(TEXT),
  query: optional(TEXT),
  scrollDepthPercent: optional({ kind: 'number', min: 0, max: 100 }),
  status: optional(COUNT),
  responseBytes: optional(COUNT),
  method: optional(TEXT),
  path: optional(TEXT),
};

/** Types that came with 1-2-0, and with 1-1-0. */
const TYPES_SINCE_1_2: ReadonlySet<TrackedEventType> = new Set([
  'page.leave',
  'ui.rage_click',
  'ui.dead_click',
  'player.rate',
  'player.volume',
  'player.fullscreen',
]);
const TYPES_SINCE_1_1: ReadonlySet<TrackedEventType> = new Set(['ui.impression', 'media.error']);
const TYPES_1_1 = TRACKED_EVENT_TYPES.filter((type) => !TYPES_SINCE_1_2.has(type));
const TYPES_1_0 = TYPES_1_1.filter((type) => !TYPES_SINCE_1_1.has(type));

const ENVELOPE: SchemaFields = {
  id: { rule: NAME },
  type: { rule: { kind: 'choice', values: TYPES_1_0 } },
  subject: { rule: NAME },
  sessionId: { rule: TEXT },
  sequence: { rule: COUNT },
  eventTimeUs: { rule: COUNT },
  uptimeUs: optional(COUNT),
  schema: optional(TEXT),
};

const DATA_1_0_1: SchemaFields = {
  ...DATA_1_0_0,
  seekFromSeconds: optional(COUNT),
  watchedSeconds: optional(COUNT),
  playedSeconds: optional(COUNT),
  pausedSeconds: optional(COUNT),
  bufferedSeconds: optional(COUNT),
  pageUrl: optional(TEXT),
  referrer: optional(TEXT),
};

const DATA_1_1_0: SchemaFields = {
  ...DATA_1_0_1,
  errorCode: optional(TEXT),
  bitrateKbps: optional({ kind: 'number', min: 0 }),
  row: optional(TEXT),
  slot: optional(COUNT),
  policyId: optional(TEXT),
  propensity: optional({ kind: 'number', min: 0, max: 1 }),
};

const DATA_1_2_0: SchemaFields = {
  ...DATA_1_1_0,
  durationSeconds: optional({ kind: 'number', min: 0 }),
  clickCount: optional(COUNT),
  playbackRate: optional({ kind: 'number' }),
  volumePercent: optional({ kind: 'number', min: 0, max: 100 }),
  muted: optional({ kind: 'boolean' }),
  fullscreen: optional({ kind: 'boolean' }),
};

const FAMILY = { vendor: 'backlot', name: 'tracked_event', format: 'jsonschema' } as const;

/** The first version. */
export const TRACKED_EVENT_1_0_0: SchemaDocument = {
  ...FAMILY,
  version: '1-0-0',
  fields: { ...ENVELOPE, data: { rule: { kind: 'object', fields: DATA_1_0_0 } } },
};

/** With the page's address and the referrer, and a play's seconds. */
export const TRACKED_EVENT_1_0_1: SchemaDocument = {
  ...FAMILY,
  version: '1-0-1',
  fields: {
    ...ENVELOPE,
    sampledRate: optional({ kind: 'number', min: 1 }),
    data: { rule: { kind: 'object', fields: DATA_1_0_1 } },
  },
};

/** With what a title was shown as, what failed, and the bitrate. New types of event are another
 * choice, so a revision; events of the versions before are valid as they are. */
export const TRACKED_EVENT_1_1_0: SchemaDocument = {
  ...TRACKED_EVENT_1_0_1,
  version: '1-1-0',
  fields: {
    ...TRACKED_EVENT_1_0_1.fields,
    type: { rule: { kind: 'choice', values: TYPES_1_1 } },
    data: { rule: { kind: 'object', fields: DATA_1_1_0 } },
  },
};

/** The current version: with what only a browser's SDK sees: leaving a page, clicks in a rage or
 * into the void, and what people do to a player. */
export const TRACKED_EVENT_1_2_0: SchemaDocument = {
  ...TRACKED_EVENT_1_1_0,
  version: '1-2-0',
  fields: {
    ...TRACKED_EVENT_1_1_0.fields,
    type: { rule: { kind: 'choice', values: TRACKED_EVENT_TYPES } },
    data: { rule: { kind: 'object', fields: DATA_1_2_0 } },
  },
};
