/** The collector: every event gets an answer, everything answered for is in the log, and no body
 * can hurt it. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { AppendRequest, LogWriter } from '../../../src/domain/collector-ports.ts';
import { EngineError } from '../../../src/kernel/errors.ts';
import { seconds } from '../../../src/kernel/time.ts';
import {
  type CollectorOptions,
  createCollector,
} from '../../../src/streams/collector/collector.ts';
import { START_US, trackedEvent } from '../clickstream-builder.ts';

const SENDER = { userAgent: 'Roku/DVP-12.5', clientAddress: '192.0.2.1' };
const NOW = { ...SENDER, ingestTimeUs: START_US + seconds(2) };

/** A log that keeps requests, and fails when told to. */
function createListWriter() {
  const requests: AppendRequest[] = [];
  const state = { failure: undefined as Error | undefined };
  const appendAll = (all: readonly AppendRequest[]) => {
    if (state.failure !== undefined) throw state.failure;
    requests.push(...all);
    return all.map(({ payload }) => ({
      partition: 0,
      firstOffset: 0,
      count: payload.events.length,
    }));
  };
  const log: LogWriter = {
    partitionCount: 1,
    appendAll,
    append: (request) => appendAll([request])[0] ?? { partition: 0, firstOffset: 0, count: 0 },
  };
  return { log, requests, state, raws: () => requests.flatMap(({ payload }) => payload.events) };
}

function setUp(options: Partial<CollectorOptions> = {}) {
  const writer = createListWriter();
  const collector = createCollector({ log: writer.log, ...options });
  const send = (body: unknown) =>
    collector.collect({ ...NOW, body: Buffer.from(JSON.stringify(body)) });
  const sendText = (body: string | Uint8Array) =>
    collector.collect({ ...NOW, body: typeof body === 'string' ? Buffer.from(body) : body });
  return { ...writer, collector, send, sendText };
}

function expectBalanced({ collector, raws }: ReturnType<typeof setUp>): void {
  const { received, accepted, rejected, deferred } = collector.count();
  const sum = (counts: Readonly<Record<string, number>>) =>
    Object.values(counts).reduce((total, count) => total + count, 0);
  expect(received).toBe(accepted + sum(rejected) + sum(deferred));
  expect(raws()).toHaveLength(accepted + sum(rejected));
}

const nested = (levels: number): unknown => (levels === 0 ? 0 : [nested(levels - 1)]);

describe('answers', () => {
  it('S20 answers for each event by index and id, after the log has all of them', () => {
    const world = setUp();
    const events = [trackedEvent({ id: 'a' }), 7, trackedEvent({ id: 'b' })];
    expect(world.send({ sentTimeUs: START_US, sentUptimeUs: 5, events })).toEqual({
      status: 200,
      results: [
        { index: 0, id: 'a', result: 'ok' },
        { index: 1, id: null, result: 'drop', reason: 'event is no object' },
        { index: 2, id: 'b', result: 'ok' },
      ],
    });
    expect(world.raws()).toHaveLength(3);
    expect(world.requests[0]).toMatchObject({
      ingestTimeUs: NOW.ingestTimeUs,
      payload: { ...SENDER, sentTimeUs: START_US, sentUptimeUs: 5 },
    });
    expectBalanced(world);
  });

  it('takes an array and a single event, and then knows no time of sending', () => {
    const { send, requests } = setUp();
    expect(send([trackedEvent({ id: 'a' })]).results).toHaveLength(1);
    expect(send(trackedEvent({ id: 'b' })).results).toEqual([{ index: 0, id: 'b', result: 'ok' }]);
    expect(requests.map(({ payload }) => payload.sentTimeUs)).toEqual([
      NOW.ingestTimeUs,
      NOW.ingestTimeUs,
    ]);
    expect(send({ events: [] })).toEqual({ status: 200, results: [] });
  });

  it('puts each subject into its own partition, and keeps its order', () => {
    const { send, requests } = setUp();
    const of = (id: string, subject: string) => trackedEvent({ id, subject });
    send([of('1', 'v1'), of('2', 'v2'), of('3', 'v1')]);
    const found = requests.map(({ partitionKey, payload }) => [
      partitionKey,
      (payload.events as { readonly id: string }[]).map(({ id }) => id),
    ]);
    expect(found).toEqual([
      ['v1', ['1', '3']],
      ['v2', ['2']],
    ]);
  });

  it('takes payloads that are parsed already, whole into one partition', () => {
    const { collector, requests } = setUp();
    const payload = { ...SENDER, sentTimeUs: START_US, events: [trackedEvent(), trackedEvent()] };
    const answer = collector.take(payload, { ingestTimeUs: START_US, partitionKey: 'v9' });
    expect(answer.results.map(({ result }) => result)).toEqual(['ok', 'ok']);
    expect(requests).toEqual([{ payload, ingestTimeUs: START_US, partitionKey: 'v9' }]);
    expect(collector.count()).toEqual({ received: 2, accepted: 2, rejected: {}, deferred: {} });
  });
});

describe('S22, S23 events that are refused', () => {
  const polluted = '{"id":"a","data":{"__proto__":{"isAdmin":true}}}';
  it.each([
    ['null', 'null', 'event is no object', null],
    ['an array', '[1]', 'event is no object', null],
    ['no id', '{"type":"media.play"}', 'event without an id', null],
    ['an empty id', '{"id":""}', 'event without an id', ''],
    ['an id that is no text', '{"id":7}', 'event without an id', null],
    ['an endless id', `{"id":"${'x'.repeat(3_000)}"}`, 'event without an id', null],
    ['a polluting key', polluted, 'forbidden key', 'a'],
    ['a polluting key', '{"id":"a","constructor":{"prototype":1}}', 'forbidden key', 'a'],
    ['a polluting key', '{"id":"a","x":[{"prototype":1}]}', 'forbidden key', 'a'],
    ['33 levels', `{"id":"a","x":${JSON.stringify(nested(32))}}`, 'nested too deeply', 'a'],
    ['33 KB', `{"id":"a","x":"${'y'.repeat(33_000)}"}`, 'event too large', 'a'],
    ['3 MB', `{"id":"a","x":"${'y'.repeat(3e6)}"}`, 'event too large', 'a'],
    ['many numbers', `{"id":"a","x":[${'0,'.repeat(40_000)}0]}`, 'event too large', 'a'],
  ])('%s: kept with the reason', (...[, event, reason, id]) => {
    const world = setUp();
    const good = trackedEvent({ id: 'good' });
    const answer = world.sendText(`[${JSON.stringify(good)},${event}]`);
    expect(answer.results).toEqual([
      { index: 0, id: 'good', result: 'ok' },
      { index: 1, id, result: 'drop', reason },
    ]);
    const kept = world.raws().find((raw) => (raw as { reason?: string }).reason !== undefined);
    expect(kept).toEqual({ unparsed: expect.any(String), reason });
    const { unparsed } = kept as { readonly unparsed: string };
    expect(unparsed.length).toBeLessThanOrEqual(32 * 1024);
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
    if (reason === 'forbidden key') expect(unparsed).toBe(event);
    expect(world.collector.count().rejected).toEqual({ [reason]: 1 });
    expectBalanced(world);
  });

  it('lets 32 levels through, and lets validation judge the rest', () => {
    const { sendText } = setUp();
    const [result] = sendText(`{"id":"a","x":${JSON.stringify(nested(31))}}`).results;
    expect(result).toEqual({ index: 0, id: 'a', result: 'ok' });
    expect(sendText('{"id":"a","type":7,"eventTimeUs":-1e300}').results[0]?.result).toBe('ok');
  });

  it('what only a parsed payload can hold: cycles, functions, dates, NaN', () => {
    const world = setUp({ keptBytesMax: 200 });
    const cycle: Record<string, unknown> = { id: 'cycle' };
    cycle['self'] = cycle;
    const odd = [() => 1, new Date(0), Number.NaN, 1n, Symbol('s'), new Map()];
    const events = [cycle, ...odd.map((value, i) => ({ id: `${i}`, value }))];
    const payload = { ...SENDER, sentTimeUs: START_US, events };
    const { results } = world.collector.take(payload, { ingestTimeUs: START_US });
    expect(results.map((one) => ('reason' in one ? one.reason : ''))).toEqual([
      'nested too deeply',
      ...odd.map(() => 'not plain data'),
    ]);
    expectBalanced(world);
    expect(JSON.stringify(world.raws())).toContain('cycle');
  });

  const value = fc
    .jsonValue({ maxDepth: 4 })
    .filter((one) => !/__proto__|prototype|constructor/.test(JSON.stringify(one)));
  test.prop([value, fc.integer({ min: 10, max: 200 })], { seed: 23, numRuns: 500 })(
    'S23 an event is too large exactly when its JSON is',
    (data, eventBytesMax) => {
      const event = { id: 'a', data };
      const { send } = setUp({ eventBytesMax });
      const isTooLarge = Buffer.byteLength(JSON.stringify(event)) > eventBytesMax;
      expect(send([event]).results[0]?.result).toBe(isTooLarge ? 'drop' : 'ok');
    },
  );
});

describe('S22, S23 bodies that are refused', () => {
  const deep = `${'['.repeat(1_500_000)}${']'.repeat(1_500_000)}`;
  it.each([
    ['cut JSON', '[{"id":"a"}', 400, 'body is not valid JSON'],
    ['nothing', '', 400, 'body is not valid JSON'],
    ['no object', '"text"', 400, 'body is neither an object nor an array'],
    ['null', 'null', 400, 'body is neither an object nor an array'],
    ['no UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 400, 'body is not UTF-8 text'],
    ['events of no array', '{"events":{"length":1e9}}', 400, 'envelope: events is no array'],
    [
      'a time of text',
      '{"events":[],"sentTimeUs":"1"}',
      400,
      'envelope: sentTimeUs is no whole number',
    ],
    [
      'a time below 0',
      '{"events":[],"sentTimeUs":-1}',
      400,
      'envelope: sentTimeUs is no whole number',
    ],
    [
      'a fraction',
      '{"events":[],"sentUptimeUs":1.5}',
      400,
      'envelope: sentUptimeUs is no whole number',
    ],
    ['pollution', '{"events":[],"__proto__":{"a":1}}', 400, 'envelope: forbidden key'],
    ['millions of brackets', deep, 400, 'body is nested too deeply'],
    ['too many events', `[${'0,'.repeat(10_000)}0]`, 413, 'too many events'],
    ['10 MB', new Uint8Array(10e6).fill(0x20), 413, 'body too large'],
  ])('%s: kept with the reason', (...[, body, status, reason]) => {
    const world = setUp();
    expect(world.sendText(body)).toEqual({ status, reason, results: [] });
    expect(world.raws()).toEqual([{ unparsed: expect.any(String), reason }]);
    const { unparsed } = world.raws()[0] as { readonly unparsed: string };
    expect(unparsed.length).toBeLessThanOrEqual(32 * 1024);
    expectBalanced(world);
  });

  it('does not take brackets in text for nesting', () => {
    const { send } = setUp();
    const events = Array.from({ length: 50 }, (_, i) => ({ id: `${i}`, x: '"[{\\'.repeat(500) }));
    expect(send(events).results.every(({ result }) => result === 'ok')).toBe(true);
  });

  it('S26 says nothing of what was sent, in no reason', () => {
    const world = setUp();
    const secret = 'carol@example.com';
    const bodies = [`{"${secret}"`, `["${secret}"]`, `{"events":"${secret}"}`, `"${secret}"`];
    const answers = bodies.map((body) => world.sendText(body));
    expect(JSON.stringify([answers, world.collector.count()])).not.toContain(secret);
    expect(JSON.stringify(world.raws())).toContain(secret);
  });
});

describe('S24 a log that cannot be written', () => {
  const locked = new EngineError('LOG_LOCKED', 'log: x', { path: 'log' });
  const full = new EngineError('LOG_UNWRITABLE', 'log: x', { path: 'log', systemCode: 'ENOSPC' });
  it.each([locked, full])('every event is to be sent again: %s', (failure) => {
    const world = setUp();
    world.state.failure = failure;
    const events = [trackedEvent({ id: 'a' }), 7];
    const reason = 'the log cannot be written';
    expect(world.send({ events })).toEqual({
      status: 503,
      retryAfterSeconds: 5,
      reason,
      results: [
        { index: 0, id: 'a', result: 'retry', reason },
        { index: 1, id: null, result: 'retry', reason },
      ],
    });
    expect(world.sendText('{')).toMatchObject({ status: 503, results: [] });
    expect(world.collector.count()).toMatchObject({ accepted: 0, deferred: { [reason]: 3 } });
    expectBalanced(world);
    world.state.failure = undefined;
    expect(world.send({ events }).status).toBe(200);
    expectBalanced(world);
  });

  it('a bug is no full disk: it is thrown', () => {
    const world = setUp();
    world.state.failure = new TypeError('a bug');
    expect(() => world.send([trackedEvent()])).toThrow('a bug');
  });
});

describe('S25 too much unread', () => {
  it('asks senders to wait, before it reads their bodies', () => {
    const backlog = { unread: () => unread, limit: 100, retryAfterSeconds: 30 };
    let unread = 101;
    const world = setUp({ backlog });
    const waiting = { status: 429, retryAfterSeconds: 30, reason: 'too much unread' };
    expect(world.sendText('{')).toEqual({ ...waiting, results: [] });
    const payload = { ...SENDER, sentTimeUs: START_US, events: [trackedEvent()] };
    const answer = world.collector.take(payload, { ingestTimeUs: START_US });
    expect(answer).toMatchObject({
      ...waiting,
      results: [{ index: 0, id: 'e1', result: 'retry' }],
    });
    expectBalanced(world);
    unread = 100;
    expect(world.send([trackedEvent()]).status).toBe(200);
    expectBalanced(world);
  });
});

describe('S21 the ledger', () => {
  const event = fc.oneof(
    fc.constant(trackedEvent()),
    fc.jsonValue({ maxDepth: 2 }),
    fc.constant(JSON.parse('{"id":"p","__proto__":1}')),
  );
  const body = fc.oneof(
    fc.array(event, { maxLength: 6 }).map((events) => JSON.stringify({ events })),
    fc.array(event, { maxLength: 6 }).map((events) => JSON.stringify(events)),
    fc.string({ maxLength: 40 }),
  );
  const step = fc.record({ body, fails: fc.boolean() });
  test.prop([fc.array(step, { maxLength: 12 })], { seed: 21, numRuns: 300 })(
    'closes whatever comes and whatever fails',
    (steps) => {
      const world = setUp();
      for (const { body: text, fails } of steps) {
        world.state.failure = fails
          ? new EngineError('LOG_LOCKED', 'log: x', { path: 'log' })
          : undefined;
        const before = world.raws().length;
        const answer = world.sendText(text);
        const added = world.raws().length - before;
        const isDone = answer.status === 200 || answer.status === 400;
        expect(added).toBe(isDone ? Math.max(answer.results.length, answer.reason ? 1 : 0) : 0);
        expectBalanced(world);
      }
    },
  );
});
