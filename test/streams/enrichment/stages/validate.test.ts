/** Decoding, guarding and validation: what passes, what becomes a bad row, and why. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { BadRow, LogRecord } from '../../../../src/domain/pipeline-ports.ts';
import { TRACKED_EVENT_TYPES, type TrackedEvent } from '../../../../src/domain/tracked-event.ts';
import { createEnrichment } from '../../../../src/streams/enrichment/enrichment.ts';
import { createDecodeStage } from '../../../../src/streams/enrichment/stages/decode.ts';
import { createGuardStage } from '../../../../src/streams/enrichment/stages/guard.ts';
import { createSchemaStage } from '../../../../src/streams/enrichment/stages/schema.ts';
import { logRecord, START_US, trackedEvent } from '../../clickstream-builder.ts';

function run(records: readonly LogRecord[]) {
  const chain = createEnrichment({
    stages: [createDecodeStage(), createGuardStage(), createSchemaStage()],
  });
  const badRows: BadRow[] = [];
  const valid: TrackedEvent[] = [];
  for (const record of records) {
    const result = chain.enrich(record, { processTimeUs: START_US });
    if (result.kind === 'bad') badRows.push(result.row);
    if (result.kind === 'event') valid.push(result.enriched.event);
  }
  const [counts] = chain.countsByPart();
  if (counts === undefined) throw new Error('no counts');
  return { badRows, valid, counts };
}

const event = trackedEvent();

describe('validate', () => {
  it.each(TRACKED_EVENT_TYPES)('passes %s', (type) => {
    const { valid, counts } = run([logRecord({ raw: trackedEvent({ type }) })]);
    expect(valid[0]?.type).toBe(type);
    expect(counts).toMatchObject({ received: 1, passed: 1, rejected: {} });
  });

  it.each([
    ['no event at all', null, 'event: invalid_type'],
    ['a bare text', 'play', 'event: invalid_type'],
    ['an unknown type', { ...event, type: 'media.explode' }, 'type: invalid_value'],
    ['a time as text', { ...event, eventTimeUs: `${START_US}` }, 'eventTimeUs: invalid_type'],
    ['a fraction of a microsecond', { ...event, eventTimeUs: 1.5 }, 'eventTimeUs: invalid_type'],
    ['a negative sequence', { ...event, sequence: -1 }, 'sequence: too_small'],
    ['no id', { ...event, id: '' }, 'id: too_small'],
    ['an endless text', { ...event, data: { query: 'x'.repeat(3_000) } }, 'data.query: too_big'],
    ['an unknown field', { ...event, ipAddress: '192.0.2.1' }, 'event: unrecognized_keys'],
    ['an unknown datum', { ...event, data: { mood: 1 } }, 'data: unrecognized_keys'],
    ['a line that could not be parsed', { unparsed: '?', reason: 'no log line' }, 'no log line'],
    ['a forged line', { unparsed: 7, reason: {} }, 'id: invalid_type'],
  ])('W2 rejects %s, with the reason', (_what, raw, reason) => {
    const { badRows, valid, counts } = run([logRecord({ raw, offset: 7 })]);
    expect(valid).toEqual([]);
    expect(badRows).toMatchObject([{ partition: 0, offset: 7, reason }]);
    expect(counts).toEqual({
      stage: 'validate',
      received: 1,
      passed: 0,
      rejected: { [reason]: 1 },
      dropped: {},
    });
  });

  it('W75 says who refused it, all that is wrong, and what a replay needs', () => {
    const { badRows } = run([
      logRecord({
        raw: { ...event, sequence: -1, type: 'x', data: { status: 'ok', mood: 1 } },
        clientAddress: '198.51.100.77',
        userAgent: 'tv of carol@example.org',
        sentUptimeUs: 77,
      }),
    ]);
    expect(badRows[0]).toMatchObject({
      failureType: 'schema_violation',
      processor: 'schema',
      processorVersion: '1.0.0',
      failedTimeUs: START_US,
      field: 'type',
      attempt: 1,
      recoverable: true,
      envelope: {
        sentTimeUs: logRecord().sentTimeUs,
        sentUptimeUs: 77,
        userAgent: 'tv of [address]',
        clientNetwork: '198.51.100',
      },
    });
    expect(badRows[0]?.messages.map(({ error }) => error)).toEqual([
      'type: invalid_value',
      'sequence: too_small',
      'data.status: invalid_type',
      'data: unrecognized_keys',
    ]);
  });

  it('W75 parses texts of JSON, and never quotes one that is none', () => {
    const { badRows, valid } = run([
      logRecord({ raw: JSON.stringify(event) }),
      logRecord({ raw: '{"subject": "carol", ' }),
    ]);
    expect(valid).toEqual([event]);
    expect(badRows[0]).toMatchObject({ reason: 'not valid JSON', processor: 'decode' });
    expect(JSON.stringify(badRows[0]?.messages)).not.toContain('carol');
  });

  it('W76 refuses what is too large or too deep, whatever its size, and keeps a part', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 5_000; i += 1) deep = { deep };
    const text = 'x'.repeat(10_000_000);
    const { badRows } = run([
      logRecord({ raw: { ...event, data: { query: text } } }),
      logRecord({ raw: { ...event, deep } }),
      logRecord({ raw: `{"a":"${text}"}` }),
    ]);
    expect(badRows.map(({ reason }) => reason)).toEqual([
      'event: too large',
      'event: nested too deep',
      'text too long',
    ]);
    for (const row of badRows) {
      expect(row).toMatchObject({ failureType: 'size_violation', recoverable: false });
      expect(row.payload.length).toBeLessThanOrEqual(65_536);
    }
  });

  it('refuses keys that would change an object, and is not changed by them', () => {
    const raws = ['{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{"admin":1}}}'].map(
      (text) => ({ ...event, data: JSON.parse(text) as unknown }),
    );
    const { badRows } = run([...raws.map((raw) => logRecord({ raw }))]);
    expect(badRows.map(({ reason }) => reason)).toEqual(
      Array.from(raws, () => 'data: unrecognized_keys'),
    );
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });

  it('W2 keeps the payload without addresses', () => {
    const { badRows } = run([
      logRecord({ raw: { query: 'who is 192.0.2.9 or 2001:db8::7 or carol@example.org?' } }),
      logRecord({ raw: { unparsed: '198.51.100.3 - - "GET', reason: 'at 198.51.100.3' } }),
      logRecord({ raw: 'y'.repeat(9_000) }),
    ]);
    expect(badRows.map(({ payload }) => payload.slice(0, 50))).toEqual([
      '{"query":"who is [address] or [address] or [addres',
      '[address] - - "GET',
      `"${'y'.repeat(49)}`,
    ]);
    expect(badRows[1]?.reason).toBe('at [address]');
    expect(badRows[2]?.payload).toHaveLength(9_002);
    expect(badRows.map(({ recoverable }) => recoverable)).toEqual([true, false, true]);
  });

  test.prop([fc.array(fc.oneof(fc.jsonValue(), fc.constant(event)), { maxLength: 20 })], {
    seed: 41,
    numRuns: 200,
  })('W1 whatever is sent passes or becomes a bad row, in order', (raws) => {
    const { badRows, valid, counts } = run(raws.map((raw, offset) => logRecord({ raw, offset })));
    const rejected = Object.values(counts.rejected).reduce((sum, one) => sum + one, 0);
    expect(counts.received).toBe(raws.length);
    expect(counts.passed).toBe(valid.length);
    expect(rejected).toBe(badRows.length);
    expect(valid.length + badRows.length).toBe(raws.length);
    const offsets = badRows.map(({ offset }) => offset);
    expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
  });
});
