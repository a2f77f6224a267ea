/** Validation: what passes, what becomes a bad row, and why. */
import { fc, test } from '@fast-check/vitest';
import { from } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { BadRow, LogRecord } from '../../src/domain/pipeline-ports.ts';
import { TRACKED_EVENT_TYPES } from '../../src/domain/tracked-event.ts';
import { StageCounter } from '../../src/streams/stage-counter.ts';
import { type ValidRecord, validate } from '../../src/streams/validate.ts';
import { logRecord, START_US, trackedEvent } from './clickstream-builder.ts';

function run(records: readonly LogRecord[]) {
  const counter = new StageCounter('validate');
  const badRows: BadRow[] = [];
  const valid: ValidRecord[] = [];
  const onBadRow = (row: BadRow) => badRows.push(row);
  from(records)
    .pipe(validate({ counter, onBadRow }))
    .subscribe((one) => valid.push(one));
  return { badRows, valid, counts: counter.counts() };
}

const event = trackedEvent();

describe('validate', () => {
  it.each(TRACKED_EVENT_TYPES)('passes %s', (type) => {
    const { valid, counts } = run([logRecord({ raw: trackedEvent({ type }) })]);
    expect(valid[0]?.event.type).toBe(type);
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

  it('W2 keeps the payload without addresses, at most 4,000 characters of it', () => {
    const { badRows } = run([
      logRecord({ raw: { query: 'who is 192.0.2.9 or 2001:db8::7?' } }),
      logRecord({ raw: { unparsed: '198.51.100.3 - - "GET', reason: 'at 198.51.100.3' } }),
      logRecord({ raw: 'y'.repeat(9_000) }),
    ]);
    expect(badRows.map(({ payload }) => payload.slice(0, 50))).toEqual([
      '{"query":"who is [address] or [address]?"}',
      '[address] - - "GET',
      `"${'y'.repeat(49)}`,
    ]);
    expect(badRows[1]?.reason).toBe('at [address]');
    expect(badRows[2]?.payload).toHaveLength(4_000);
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
