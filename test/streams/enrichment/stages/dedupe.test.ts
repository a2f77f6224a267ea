/** Deduplication by event id, with a time to live; and two payloads under one id. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { minutes } from '../../../../src/kernel/time.ts';
import { createEnrichment } from '../../../../src/streams/enrichment/enrichment.ts';
import { fingerprint } from '../../../../src/streams/enrichment/lookups/fingerprint.ts';
import { createDedupeStage } from '../../../../src/streams/enrichment/stages/dedupe.ts';
import { createSchemaStage } from '../../../../src/streams/enrichment/stages/schema.ts';
import { logRecord, START_US, trackedEvent } from '../../clickstream-builder.ts';

const TTL_US = minutes(10);
const chainOf = () =>
  createEnrichment({ stages: [createSchemaStage(), createDedupeStage({ ttlUs: TTL_US })] });

/** Each delivery: an id and minutes after the start at which the collector took it in. */
function run(deliveries: readonly (readonly [id: string, minute: number])[]) {
  const chain = chainOf();
  const passed: string[] = [];
  for (const [id, minute] of deliveries) {
    const ingestTimeUs = START_US + minutes(minute);
    const record = logRecord({ ingestTimeUs, raw: trackedEvent({ id }) });
    const result = chain.enrich(record, { processTimeUs: ingestTimeUs });
    if (result.kind === 'event') passed.push(`${id}@${minute}`);
  }
  const counts = chain.countsByPart()[1];
  if (counts === undefined) throw new Error('no counts');
  return { passed, counts };
}

describe('dedupe', () => {
  it('W3 passes the first of an id and drops the later ones', () => {
    const { passed, counts } = run([
      ['a', 0],
      ['b', 0],
      ['a', 0],
      ['a', 9],
    ]);
    expect(passed).toEqual(['a@0', 'b@0']);
    expect(counts).toMatchObject({ received: 4, passed: 2, dropped: { duplicate: 2 } });
  });

  it('W3 forgets an id between one and two times to live after it came', () => {
    expect(run([...filler(0, 9), ['a', 9], ['a', 19]]).passed).not.toContain('a@19');
    expect(run([...filler(0, 9), ['a', 9], ...filler(10, 29), ['a', 30]]).passed).toContain('a@30');
  });

  test.prop([fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(12)), { maxLength: 60 })], {
    seed: 51,
    numRuns: 300,
  })('W3 never passes an id twice within the time to live', (gaps) => {
    let minute = 0;
    const deliveries = gaps.map(([id, gap]): [string, number] => {
      minute += gap;
      return [id, minute];
    });
    const { passed, counts } = run(deliveries);
    const lastPass = new Map<string, number>();
    for (const one of passed) {
      const [id = '', at] = one.split('@');
      const before = lastPass.get(id) ?? Number.NEGATIVE_INFINITY;
      expect(Number(at) - before).toBeGreaterThanOrEqual(TTL_US / minutes(1));
      lastPass.set(id, Number(at));
    }
    expect(counts.passed + (counts.dropped['duplicate'] ?? 0)).toBe(deliveries.length);
  });
});

describe('two payloads under one id', () => {
  const at = (part: Parameters<typeof trackedEvent>[0], offset: number) =>
    logRecord({ raw: trackedEvent(part), offset });

  it('W77 drops the natural duplicate and keeps the synthetic one as a bad row', () => {
    const chain = chainOf();
    const results = [
      at({}, 0),
      at({}, 1),
      at({ data: { titleId: 't2' } }, 2),
      at({ data: { titleId: 't2' } }, 3),
      at({ eventTimeUs: START_US + 1 }, 4),
    ].map((record) => chain.enrich(record, { processTimeUs: START_US }));
    expect(results.map(({ kind }) => kind)).toEqual(['event', 'dropped', 'bad', 'bad', 'bad']);
    const [first, second] = [
      fingerprint(trackedEvent()),
      fingerprint(trackedEvent({ data: { titleId: 't2' } })),
    ];
    expect(results[2]).toMatchObject({
      row: {
        offset: 2,
        reason: 'duplicate id with another payload',
        failureType: 'identity_violation',
        processor: 'dedupe',
        field: 'id',
        messages: [
          { error: `id: payload ${second.toString(16)} came after payload ${first.toString(16)}` },
        ],
      },
    });
    expect(chain.counts()[1]).toMatchObject({
      received: 5,
      passed: 1,
      dropped: { duplicate: 1 },
      rejected: { 'duplicate id with another payload': 3 },
    });
  });

  test.prop(
    [
      fc.dictionary(fc.constantFrom('page', 'titleId', 'target', 'query', 'path'), fc.string()),
      fc.nat(),
    ],
    { seed: 52, numRuns: 500 },
  )('W77 a fingerprint hangs on what is in a payload, not on its order', (data, sequence) => {
    const event = trackedEvent({ data, sequence });
    const turned = Object.fromEntries(Object.entries(data).reverse());
    const print = fingerprint(event);
    expect(Number.isSafeInteger(print) && print >= 0).toBe(true);
    expect(fingerprint({ ...event, data: turned, id: 'another' })).toBe(print);
    expect(fingerprint({ ...event, sequence: sequence + 1 })).not.toBe(print);
    expect(fingerprint({ ...event, data: { ...data, query: `${data['query'] ?? ''}!` } })).not.toBe(
      print,
    );
    const [query = '', page = ''] = [data['query'], data['page']];
    if (query !== page) {
      const swapped = fingerprint({ ...event, data: { ...data, query: page, page: query } });
      expect(swapped).not.toBe(fingerprint({ ...event, data: { ...data, query, page } }));
    }
  });

  it('W77 tells 200,000 payloads apart', () => {
    const prints = new Set<number>();
    for (let i = 0; i < 200_000; i += 1) {
      prints.add(fingerprint(trackedEvent({ sequence: i % 1_000, eventTimeUs: START_US + i })));
    }
    expect(prints.size).toBe(200_000);
  });

  it('W79 goes on from a snapshot as if nothing had happened', () => {
    const deliveries = Array.from({ length: 60 }, (_, i): [string, number] => [`e${i % 7}`, i]);
    const whole = chainOf();
    let halved = chainOf();
    for (const [i, [id, minute]] of deliveries.entries()) {
      const record = logRecord({
        ingestTimeUs: START_US + minutes(minute),
        raw: trackedEvent({ id }),
      });
      const time = { processTimeUs: START_US + minutes(minute) };
      if (i % 13 === 0) {
        const saved = JSON.parse(JSON.stringify(halved.snapshot()));
        halved = chainOf();
        halved.restore(saved);
      }
      expect(halved.enrich(record, time)).toEqual(whole.enrich(record, time));
    }
    expect(halved.counts()).toEqual(whole.counts());
    expect(() => halved.restore({ no: 'snapshot' })).toThrow('SNAPSHOT_REFUSED');
  });
});

/** Other ids, one a minute: what makes generations pass. */
function filler(fromMinute: number, toMinute: number): readonly [string, number][] {
  const count = toMinute - fromMinute + 1;
  return Array.from({ length: count }, (_, i) => [`x${fromMinute + i}`, fromMinute + i]);
}
