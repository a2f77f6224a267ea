/** Versions of a schema: which may follow which, and events of several versions at once. */
import { describe, expect, it } from 'vitest';
import { createEnrichment } from '../../../src/streams/enrichment/enrichment.ts';
import { createSchemaStage } from '../../../src/streams/enrichment/stages/schema.ts';
import {
  compatibilityProblems,
  gravestChange,
  schemaChanges,
} from '../../../src/streams/schemas/compatibility.ts';
import {
  parseSchemaVersion,
  type SchemaDocument,
  type SchemaFields,
} from '../../../src/streams/schemas/schema-document.ts';
import {
  createSchemaRegistry,
  createTrackedEventRegistry,
} from '../../../src/streams/schemas/schema-registry.ts';
import {
  TRACKED_EVENT_1_0_0,
  TRACKED_EVENT_1_0_1,
  TRACKED_EVENT_1_1_0,
  TRACKED_EVENT_1_2_0,
} from '../../../src/streams/schemas/tracked-event-schema.ts';
import { logRecord, START_US, trackedEvent } from '../clickstream-builder.ts';

const document = (version: string, fields: SchemaFields): SchemaDocument => ({
  vendor: 'acme',
  name: 'click',
  format: 'jsonschema',
  version,
  fields,
});
const BASE: SchemaFields = {
  id: { rule: { kind: 'text', lengthMax: 10 } },
  size: { rule: { kind: 'integer' }, isOptional: true },
};
const LONGER: SchemaFields = { ...BASE, id: { rule: { kind: 'text', lengthMax: 20 } } };
const ADDED: SchemaFields = { ...BASE, note: { rule: { kind: 'text' }, isOptional: true } };
const REQUIRED: SchemaFields = { ...BASE, note: { rule: { kind: 'text' } } };
const DROPPED: SchemaFields = { id: { rule: { kind: 'text', lengthMax: 10 } } };
const RETYPED: SchemaFields = { ...BASE, size: { rule: { kind: 'text' }, isOptional: true } };
const WIDENED: SchemaFields = { ...BASE, size: { rule: { kind: 'number' }, isOptional: true } };

describe('versions', () => {
  it.each(['1-0-0', '12-3-40'])('%s is one', (text) => {
    expect(parseSchemaVersion(text)).toBeDefined();
  });
  it.each(['0-0-0', '1-0', '1.0.0', '01-0-0', '1-0-0-', ''])('"%s" is none', (text) => {
    expect(parseSchemaVersion(text)).toBeUndefined();
  });

  it.each([
    ['the same', BASE, 'none'],
    ['an optional field more', ADDED, 'addition'],
    ['another limit', LONGER, 'revision'],
    ['an optional field less', DROPPED, 'revision'],
    ['a wider number', WIDENED, 'revision'],
    ['a required field more', REQUIRED, 'model'],
    ['another kind', RETYPED, 'model'],
  ] as const)('W73 %s is a change of the right kind', (_what, fields, kind) => {
    const changes = schemaChanges(document('1-0-0', BASE), document('9-0-0', fields));
    expect(gravestChange(changes)).toBe(kind);
    const follows = (version: string) =>
      compatibilityProblems(document('1-0-0', BASE), document(version, fields)).length === 0;
    const order = ['none', 'addition', 'revision', 'model'].indexOf(kind);
    expect([follows('1-0-1'), follows('1-1-0'), follows('2-0-0')]).toEqual([
      order <= 1,
      order <= 2,
      true,
    ]);
  });

  it('W73 a version comes after the one before, in one family', () => {
    expect(compatibilityProblems(document('1-0-1', BASE), document('1-0-1', BASE))).toEqual([
      'acme/click/jsonschema/1-0-1: it does not come after 1-0-1',
    ]);
    expect(compatibilityProblems(document('1-0-0', BASE), TRACKED_EVENT_1_0_0)[0]).toMatch(
      /family/,
    );
    expect(compatibilityProblems(document('one', BASE), document('1-0-0', BASE))[0]).toMatch(
      /reads like 1-0-0/,
    );
  });

  it('the tracked event itself keeps the rules', () => {
    expect(compatibilityProblems(TRACKED_EVENT_1_0_0, TRACKED_EVENT_1_0_1)).toEqual([]);
    expect(gravestChange(schemaChanges(TRACKED_EVENT_1_0_0, TRACKED_EVENT_1_0_1))).toBe('addition');
    expect(compatibilityProblems(TRACKED_EVENT_1_0_1, TRACKED_EVENT_1_1_0)).toEqual([]);
    expect(gravestChange(schemaChanges(TRACKED_EVENT_1_0_1, TRACKED_EVENT_1_1_0))).toBe('revision');
    expect(compatibilityProblems(TRACKED_EVENT_1_1_0, TRACKED_EVENT_1_2_0)).toEqual([]);
    expect(gravestChange(schemaChanges(TRACKED_EVENT_1_1_0, TRACKED_EVENT_1_2_0))).toBe('revision');
  });

  it('an event of a version before its type is told so, and its fields are none of it', () => {
    const chain = createEnrichment({
      stages: [createSchemaStage({ registry: createTrackedEventRegistry() })],
    });
    const outcome = (version: string, event: object) =>
      chain.enrich(
        logRecord({
          raw: {
            ...trackedEvent(),
            ...event,
            schema: `backlot/tracked_event/jsonschema/${version}`,
          },
        }),
        { processTimeUs: START_US },
      );
    const shown = { type: 'ui.impression', data: { titleId: 't1', row: 'new', slot: 2 } };
    expect(outcome('1-1-0', shown).kind).toBe('event');
    expect(outcome('1-0-1', trackedEvent()).kind).toBe('event');
    expect(outcome('1-0-1', { type: 'media.error' })).toMatchObject({
      row: { reason: 'type: invalid_value' },
    });
    expect(outcome('1-0-1', { data: shown.data })).toMatchObject({
      row: { reason: 'data: unrecognized_keys' },
    });
  });

  it('a registry tells all its problems at once', () => {
    const documents = [
      document('1-0-0', BASE),
      document('1-0-1', REQUIRED),
      document('2-0-0', BASE),
    ];
    expect(() =>
      createSchemaRegistry({ documents, defaultFamily: 'acme/clock/jsonschema' }),
    ).toThrow(
      /SCHEMA_INCOMPATIBLE: .*no upgrade to 2-0-0.*note: a new required.*no schema of the default/,
    );
  });
});

describe('several versions at once', () => {
  /** Version 2 renames the sequence, which version 1 still has. */
  const TWO: SchemaDocument = {
    ...TRACKED_EVENT_1_0_1,
    version: '2-0-0',
    fields: { ...TRACKED_EVENT_1_0_1.fields, device: { rule: { kind: 'text', lengthMin: 1 } } },
  };
  const other = document('1-0-0', BASE);
  const registry = createSchemaRegistry({
    documents: [TWO, other, TRACKED_EVENT_1_0_1, TRACKED_EVENT_1_0_0],
    upgrades: {
      'backlot/tracked_event/jsonschema/1-0-1': (event) => ({
        ...event,
        device: event['subject'] === 'v9' ? '' : 'unknown',
      }),
    },
    defaultFamily: 'backlot/tracked_event/jsonschema',
  });
  const chain = createEnrichment({ stages: [createSchemaStage({ registry })] });
  const named = (version: string) => `backlot/tracked_event/jsonschema/${version}`;
  const outcome = (raw: object) => chain.enrich(logRecord({ raw }), { processTimeUs: START_US });

  it('W74 takes each by its own rules and brings it to the newest', () => {
    for (const version of ['1-0-0', '1-0-1']) {
      expect(outcome({ ...trackedEvent(), schema: named(version) })).toMatchObject({
        kind: 'event',
        enriched: { event: { device: 'unknown', sequence: 0 } },
      });
    }
    expect(outcome({ ...trackedEvent(), schema: named('2-0-0'), device: 'tv' })).toMatchObject({
      kind: 'event',
    });
    expect(outcome(trackedEvent())).toMatchObject({ row: { reason: 'device: invalid_type' } });
    const url = { pageUrl: 'https://a.example/' };
    expect(outcome({ ...trackedEvent({ data: url }), schema: named('1-0-1') }).kind).toBe('event');
    expect(outcome({ ...trackedEvent({ data: url }), schema: named('1-0-0') })).toMatchObject({
      row: { reason: 'data: unrecognized_keys' },
    });
  });

  it('W74 validates what an upgrade made', () => {
    const raw = { ...trackedEvent({ subject: 'v9' }), schema: named('1-0-1') };
    expect(outcome(raw)).toMatchObject({ row: { reason: 'device: too_small' } });
  });

  it.each([named('7-0-0'), 'acme/clock/jsonschema/1-0-0', 'acme/click/jsonschema/1-0-0', ''])(
    'W72 %s is an unknown version, and the known ones are told',
    (schema) => {
      expect(outcome({ ...trackedEvent(), schema, id: 'x' })).toMatchObject({
        kind: 'bad',
        row: {
          reason: schema.startsWith('acme/click')
            ? 'event: unrecognized_keys'
            : 'unknown schema version',
        },
      });
    },
  );

  it('W72 a bad row of an unknown version says which there are', () => {
    const result = outcome({ ...trackedEvent(), schema: named('7-0-0') });
    expect(result).toMatchObject({
      row: {
        failureType: 'unknown_schema',
        field: 'schema',
        recoverable: true,
        messages: [{ error: `schema: unknown version; known are ${registry.keys.join(', ')}` }],
      },
    });
    expect(createTrackedEventRegistry().keys).toEqual([
      named('1-0-0'),
      named('1-0-1'),
      named('1-1-0'),
      named('1-2-0'),
    ]);
  });
});
