/** The compiled validator beside zod, whose judgement and whose words it must share, on valid
 * events and on events spoilt in every way. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { TRACKED_EVENT_TYPES } from '../../../src/domain/tracked-event.ts';
import { compileSchema } from '../../../src/streams/schemas/compile-schema.ts';
import { toJsonSchema } from '../../../src/streams/schemas/schema-document.ts';
import { TRACKED_EVENT_1_2_0 } from '../../../src/streams/schemas/tracked-event-schema.ts';
import { trackedEvent } from '../clickstream-builder.ts';

const text = z.string().max(2_048);
const count = z.int().nonnegative();
const oracle = z.strictObject({
  id: text.min(1),
  type: z.enum(TRACKED_EVENT_TYPES),
  subject: text.min(1),
  sessionId: text,
  sequence: count,
  eventTimeUs: count,
  uptimeUs: count.optional(),
  schema: text.optional(),
  sampledRate: z.number().min(1).optional(),
  data: z.strictObject({
    page: text.optional(),
    titleId: text.optional(),
    playbackId: text.optional(),
    positionSeconds: count.optional(),
    completed: z.boolean().optional(),
    target: text.optional(),
    query: text.optional(),
    scrollDepthPercent: z.number().min(0).max(100).optional(),
    status: count.optional(),
    responseBytes: count.optional(),
    method: text.optional(),
    path: text.optional(),
    seekFromSeconds: count.optional(),
    watchedSeconds: count.optional(),
    playedSeconds: count.optional(),
    pausedSeconds: count.optional(),
    bufferedSeconds: count.optional(),
    pageUrl: text.optional(),
    referrer: text.optional(),
    errorCode: text.optional(),
    bitrateKbps: z.number().min(0).optional(),
    row: text.optional(),
    slot: count.optional(),
    policyId: text.optional(),
    propensity: z.number().min(0).max(1).optional(),
    durationSeconds: z.number().min(0).optional(),
    clickCount: count.optional(),
    playbackRate: z.number().optional(),
    volumePercent: z.number().min(0).max(100).optional(),
    muted: z.boolean().optional(),
    fullscreen: z.boolean().optional(),
  }),
});
const FIELDS = Object.keys(oracle.shape);
const DATA_FIELDS = Object.keys(oracle.shape.data.shape);

const validator = compileSchema(TRACKED_EVENT_1_2_0);
const noHash = () => null;

const value = fc.oneof(
  fc.constantFrom(
    undefined,
    null,
    true,
    '',
    'media.play',
    'x'.repeat(2_048),
    'x'.repeat(2_049),
    0,
    -0,
    -1,
    0.5,
    100,
    100.5,
    1e300,
    Number.MAX_SAFE_INTEGER,
    Number.MAX_SAFE_INTEGER + 1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    [],
    {},
  ),
  fc.jsonValue(),
);
const spoilt = fc
  .tuple(
    fc.dictionary(fc.constantFrom(...FIELDS, 'extra', '__proto__', 'toString'), value, {
      maxKeys: 3,
    }),
    fc.dictionary(fc.constantFrom(...DATA_FIELDS, 'extra', 'constructor'), value, { maxKeys: 3 }),
    fc.constantFrom('merge', 'data only', 'as it is'),
  )
  .map(([fields, data, how]): unknown => {
    const event = trackedEvent();
    if (how === 'as it is') return { ...fields, data };
    const merged = { ...event, data: { ...event.data, ...data } };
    return how === 'data only' ? merged : { ...merged, ...fields };
  });

describe('compileSchema', () => {
  test.prop([fc.oneof({ weight: 6, arbitrary: spoilt }, { weight: 1, arbitrary: value })], {
    seed: 71,
    numRuns: 2_000,
  })('W71 judges as zod does, and tells the same problems', (raw) => {
    const parsed = oracle.safeParse(raw);
    expect(validator.isValid(raw)).toBe(parsed.success);
    const problems = validator.problemsOf(raw, noHash).map(({ error }) => error);
    const issues = parsed.success ? [] : parsed.error.issues;
    expect(problems.length === 0).toBe(parsed.success);
    expect(problems[0]).toBe(
      issues[0] === undefined
        ? undefined
        : `${issues[0].path.join('.') || 'event'}: ${issues[0].code}`,
    );
    // zod may tell two problems of one value; one is enough.
    const fields = validator.problemsOf(raw, noHash).map(({ field }) => field);
    expect(new Set(fields)).toEqual(
      new Set(issues.map((issue) => issue.path.join('.') || 'event')),
    );
  });

  it('W71 tells no value: neither in words nor as a name', () => {
    const raw = { ...trackedEvent(), 'carol@example.org': 1, data: { query: 7, carol: 1 } };
    const problems = validator.problemsOf(raw, (found) => `#${JSON.stringify(found).length}`);
    expect(JSON.stringify(problems)).not.toContain('carol');
    expect(problems.map(({ valueHash }) => valueHash)).toEqual(['#1', '#9', '#21']);
  });

  it('travels as JSON Schema, which zod reads to the same shape', () => {
    const schema = toJsonSchema(TRACKED_EVENT_1_2_0) as {
      readonly required: readonly string[];
      readonly properties: Readonly<Record<string, unknown>>;
    };
    const zods = z.toJSONSchema(oracle) as typeof schema;
    expect(Object.keys(schema.properties)).toEqual(Object.keys(zods.properties));
    expect(schema.required).toEqual(zods.required);
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  });
});
