/** Judging apart from writing, and bodies whose events are kept as the bytes that they came as:
 * the log has the same of them as of any other body. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createPartitionedLog } from '../../../src/storage/log/memory-log.ts';
import { createCollector } from '../../../src/streams/collector/collector.ts';
import { readBody } from '../../../src/streams/collector/read-body.ts';
import { START_US, trackedEvent } from '../clickstream-builder.ts';

const LIMITS = { bodyBytesMax: 100_000, eventsMax: 500 };
const SENDER = { userAgent: 'Roku/DVP-12.5', clientAddress: '', ingestTimeUs: START_US };

function setUp() {
  const log = createPartitionedLog({ partitions: 1 });
  const collector = createCollector({ log });
  const judge = (text: string) => collector.judge({ ...SENDER, body: Buffer.from(text) });
  return { collector, judge, log };
}

describe('S403 judging', () => {
  it('counts and answers only once it is known what became of the request', () => {
    const { collector, judge } = setUp();
    const body = JSON.stringify({ events: [trackedEvent({ id: 'a' }), 5] });
    const [kept, lost] = [judge(body), judge(body)];
    expect(collector.count()).toMatchObject({ received: 0, accepted: 0 });
    expect(kept.requests[0]?.payload.events).toHaveLength(1);
    expect(kept.written()).toMatchObject({ status: 200 });
    expect(lost.refused()).toMatchObject({
      status: 503,
      results: [
        { index: 0, id: 'a', result: 'retry' },
        { index: 1, id: null, result: 'retry' },
      ],
    });
    expect(collector.count()).toEqual({
      received: 4,
      accepted: 1,
      rejected: { 'event is no object': 1 },
      deferred: { 'the log cannot be written': 2 },
    });
  });

  it('takes no event in the form of a refusal, whose reason would be counted', () => {
    const { judge, collector } = setUp();
    const body = JSON.stringify({ events: [{ id: 'a', unparsed: 'x', reason: 'made up' }] });
    expect(judge(body).written()).toMatchObject({
      results: [{ result: 'drop', reason: 'event is in the form of a refusal' }],
    });
    expect(collector.count().rejected).toEqual({ 'event is in the form of a refusal': 1 });
  });
});

describe('S404 a body as the SDK writes it', () => {
  const usual = (events: string) =>
    `{"requestId":"r-1","attempt":2,"sentTimeUs":5,"sentUptimeUs":7,"events":${events}}`;

  it('keeps the bytes of its events, where all of them are taken and of one subject', () => {
    const { judge } = setUp();
    const one = JSON.stringify(trackedEvent({ id: 'a' }));
    const [request] = judge(usual(`[ ${one}]`)).requests;
    expect(Buffer.from(request?.eventsJson ?? []).toString()).toBe(`[ ${one}]`);
    expect(request?.payload).toMatchObject({ sentTimeUs: 5, sentUptimeUs: 7 });
    expect(judge(usual(`[${one},5]`)).requests.every((all) => all.eventsJson === undefined)).toBe(
      true,
    );
    const other = JSON.stringify(trackedEvent({ id: 'b', subject: 'v2' }));
    expect(judge(usual(`[${one},${other}]`)).requests).toHaveLength(2);
  });

  it.each([
    ['cut short', usual('[1').slice(0, -1)],
    ['with a number of no JSON', usual('[]').replace('"attempt":2', '"attempt":02')],
    ['with something behind', `${usual('[]')}]}`],
    ['with two lists', `${usual('[]').slice(0, -1)}],"x":[1]}`],
  ])('is refused %s', (_, text) => {
    expect(readBody(Buffer.from(text), LIMITS)).toMatchObject({ kind: 'refused', status: 400 });
  });

  const number = fc.option(fc.nat());
  const event = fc.record({ id: fc.string(), n: fc.double({ noNaN: true }), x: fc.jsonValue() });
  test.prop([fc.array(event), fc.constantFrom('', ' ', '\n'), fc.tuple(number, number)], {
    seed: 404,
    numRuns: 200,
  })('reads as it does in any other order', (events, space, [sentTimeUs, attempt]) => {
    const head = { ...(attempt === null ? {} : { attempt }) };
    const sent = sentTimeUs === null ? {} : { sentTimeUs };
    const list = JSON.stringify(events, null, space);
    const text = JSON.stringify({ ...head, ...sent }).slice(0, -1);
    const comma = text === '{' ? '' : ',';
    const read = readBody(Buffer.from(`${text}${comma}"events":${list}}`), LIMITS);
    const other = JSON.stringify({ events, more: 1, ...sent });
    const expected = readBody(Buffer.from(other), LIMITS);
    const { eventsJson, ...rest } = read as Extract<typeof read, { kind: 'events' }>;
    expect(rest).toEqual(expected);
    expect(JSON.parse(Buffer.from(eventsJson ?? []).toString())).toEqual(
      JSON.parse(JSON.stringify(events)),
    );
  });
});
