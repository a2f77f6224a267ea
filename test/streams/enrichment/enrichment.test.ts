/** The chain: order as data, counts, versions, swaps at barriers, snapshots; and the stages that no
 * other test looks at alone. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { LogRecord } from '../../../src/domain/pipeline-ports.ts';
import type { PlainValue } from '../../../src/domain/plain-value.ts';
import { hours, minutes, seconds } from '../../../src/kernel/time.ts';
import {
  createBasicEnrichment,
  createFullEnrichment,
} from '../../../src/streams/enrichment/chains.ts';
import {
  createEnrichment,
  type Enrichment,
  type EnrichmentResult,
} from '../../../src/streams/enrichment/enrichment.ts';
import { createVersionedTable } from '../../../src/streams/enrichment/lookups/versioned-table.ts';
import type { Stage } from '../../../src/streams/enrichment/stage.ts';
import { createBotStage } from '../../../src/streams/enrichment/stages/bot.ts';
import { createDedupeStage } from '../../../src/streams/enrichment/stages/dedupe.ts';
import {
  createProfileStage,
  createTitleHistoryStage,
  type MissPolicy,
  type Profile,
  type TitleVersion,
} from '../../../src/streams/enrichment/stages/profile.ts';
import { createRouteStage } from '../../../src/streams/enrichment/stages/route.ts';
import { createSchemaStage } from '../../../src/streams/enrichment/stages/schema.ts';
import { createSessionStage } from '../../../src/streams/enrichment/stages/session.ts';
import { createPseudonymizer } from '../../../src/streams/privacy/pseudonyms.ts';
import { createTimeStage } from '../../../src/streams/time-correction/time-stage.ts';
import { logRecord, REFERENCE, START_US, trackedEvent } from '../clickstream-builder.ts';

const TIME = { processTimeUs: START_US + minutes(1) };
const run = (stages: readonly Stage[], records: readonly LogRecord[]) => {
  const chain = createEnrichment({ stages: [createSchemaStage(), ...stages] });
  return { chain, results: records.map((record) => chain.enrich(record, TIME)) };
};
const event = (part: Parameters<typeof trackedEvent>[0] = {}, record: Partial<LogRecord> = {}) =>
  logRecord({ ...record, raw: trackedEvent(part) });
const annotationsOf = (result: EnrichmentResult | undefined) =>
  result?.kind === 'event' ? result.enriched.annotations : undefined;
const timesOf = (results: readonly EnrichmentResult[]) =>
  results.map((one) =>
    one.kind === 'event' ? one.enriched.event.eventTimeUs - START_US : one.kind,
  );
const full = () =>
  createFullEnrichment({
    reference: REFERENCE,
    dedupeTtlUs: hours(1),
    time: { strategy: 'minimum-round-trip' },
    pseudonymizer: createPseudonymizer([{ id: 'k1', secret: 'sixteen letters!' }]),
    profile: { profiles: createVersionedTable<Profile>() },
  });

describe('order', () => {
  const stages = [createSchemaStage(), createDedupeStage({ ttlUs: 1 }), createTimeStage()];

  it('W78 is data; each stage has its name and version in every result', () => {
    const chain = createEnrichment({
      stages: stages.toReversed(),
      order: ['schema', 'dedupe', 'time'],
    });
    expect(chain.counts().map(({ stage }) => stage)).toEqual(['schema', 'dedupe', 'time']);
    expect(chain.versions).toEqual({
      schema: '1.0.0',
      'schema/newest': 'backlot/tracked_event/jsonschema/1-2-0',
      dedupe: '2.0.0',
      time: '1.0.0',
      'time/strategy': 'none',
    });
  });

  it.each([
    [
      ['schema', 'dedup', 'time'],
      /no stage "dedup" \(did you mean "dedupe"\?\); "dedupe" is not in/,
    ],
    [['schema', 'dedupe', 'dedupe', 'time'], /"dedupe" stands twice/],
    [['dedupe', 'schema', 'time'], /"schema" must come before "dedupe"/],
    [['schema', 'dedupe'], /"time" is not in the order/],
  ])('W78 refuses %j', (order, message) => {
    expect(() => createEnrichment({ stages, order })).toThrow(/^ENRICHMENT_BAD_ORDER/);
    expect(() => createEnrichment({ stages, order })).toThrow(message);
  });
});

describe('swapping', () => {
  const marker = (mark: string): Stage => ({
    name: 'mark',
    version: mark,
    part: 'enrich',
    apply: (draft) => {
      draft.genre = mark;
      return draft;
    },
  });

  it('W79 takes effect at the next barrier, with what the old stage remembers', () => {
    const chain = createEnrichment({
      stages: [createSchemaStage(), createDedupeStage({ ttlUs: hours(1) }), marker('a')],
    });
    const kinds = () => chain.enrich(event(), TIME).kind;
    const genre = (id: string) => {
      const result = chain.enrich(event({ id }), TIME);
      return result.kind === 'event' ? result.enriched.genre : result.kind;
    };
    expect(kinds()).toBe('event');
    chain.swap(marker('b'));
    chain.swap(createDedupeStage({ ttlUs: hours(2) }));
    expect(genre('e2')).toBe('a');
    chain.passBarrier();
    expect([genre('e3'), kinds(), chain.versions['mark']]).toEqual(['b', 'dropped', 'b']);
    expect(() => chain.swap(createTimeStage())).toThrow('ENRICHMENT_BAD_ORDER');
  });
});

describe('counts and snapshots', () => {
  const deliveries = fc.array(
    fc.record({
      id: fc.nat(30),
      atSeconds: fc.nat(7_200),
      isBroken: fc.nat(4).map((n) => n === 0),
      hasSession: fc.boolean(),
      subject: fc.constantFrom('v1', 'v2'),
      userAgent: fc.constantFrom('', 'Mozilla/5.0 (SMART-TV)', 'Googlebot/2.1'),
    }),
    { maxLength: 60 },
  );
  const recordsOf = (
    sent: readonly {
      id: number;
      atSeconds: number;
      isBroken: boolean;
      hasSession: boolean;
      subject: string;
      userAgent: string;
    }[],
  ) =>
    sent.map(({ id, atSeconds, isBroken, hasSession, subject, userAgent }, i) =>
      logRecord({
        offset: i,
        ingestTimeUs: START_US + seconds(i * 30),
        userAgent,
        raw: {
          ...trackedEvent({ id: `e${id}`, subject, eventTimeUs: START_US + seconds(atSeconds) }),
          ...(hasSession ? {} : { sessionId: '' }),
          ...(isBroken ? { sequence: 'first' } : {}),
        },
      }),
    );
  const sum = (counts: Readonly<Record<string, number>>) =>
    Object.values(counts).reduce((total, one) => total + one, 0);

  test.prop([deliveries], { seed: 70, numRuns: 200 })(
    'W1, W70 every stage’s count adds up, and each receives what the last one passed',
    (sent) => {
      const chain = full();
      const results = recordsOf(sent).map((record) => chain.enrich(record, TIME));
      for (const counts of [chain.counts(), chain.countsByPart()]) {
        let expected = sent.length;
        for (const { received, passed, rejected, dropped } of counts) {
          expect(received).toBe(expected);
          expect(received).toBe(passed + sum(rejected) + sum(dropped));
          expected = passed;
        }
        expect(results.filter(({ kind }) => kind === 'event')).toHaveLength(expected);
      }
    },
  );

  test.prop([deliveries, fc.nat(60)], { seed: 79, numRuns: 200 })(
    'W79 the same records give the same results, also through a snapshot in between',
    (sent, at) => {
      const whole = full();
      let halved: Enrichment = full();
      for (const [i, record] of recordsOf(sent).entries()) {
        if (i === at) {
          const saved = JSON.parse(JSON.stringify(halved.snapshot())) as PlainValue;
          halved = full();
          halved.restore(saved);
        }
        expect(halved.enrich(record, TIME)).toEqual(whole.enrich(record, TIME));
      }
      expect([halved.counts(), halved.notes()]).toEqual([whole.counts(), whole.notes()]);
    },
  );

  it('W79 refuses the snapshot of another chain', () => {
    const basic = createBasicEnrichment({ reference: REFERENCE, dedupeTtlUs: 1 });
    expect(() => full().restore(basic.snapshot())).toThrow('SNAPSHOT_REFUSED');
    expect(() => full().restore(null)).toThrow('SNAPSHOT_REFUSED');
  });
});

describe('time', () => {
  const late = event({ eventTimeUs: START_US + hours(9_000) });
  const early = event({ eventTimeUs: 0 });

  it('W86 flags times that cannot be, and leaves them', () => {
    const { chain, results } = run(
      [createTimeStage({ pastToleranceUs: hours(1) })],
      [late, early, event()],
    );
    expect(timesOf(results)).toEqual([hours(9_000), -START_US, 0]);
    expect(results.map((one) => annotationsOf(one)?.time?.flag)).toEqual([
      'future',
      'past',
      undefined,
    ]);
    expect(chain.notes()).toEqual({ 'event time in the future': 1, 'event time in the past': 1 });
  });

  it('W86 moves them to the limit where the rule says so, and tells the device’s time', () => {
    const stage = createTimeStage({ beyond: 'clamp', pastToleranceUs: hours(1) });
    const { chain, results } = run([stage], [late, early]);
    expect(timesOf(results)).toEqual([seconds(1), seconds(1) - hours(1)]);
    expect(annotationsOf(results[1])?.time).toEqual({
      strategy: 'none',
      deviceTimeUs: 0,
      flag: 'past',
    });
    expect(chain.notes()).toEqual({
      'event time in the future, moved': 1,
      'event time in the past, moved': 1,
    });
  });

  it('W80 corrects by the strategy; the record stays as it was', () => {
    const record = event({ uptimeUs: seconds(50) }, { sentUptimeUs: seconds(60) });
    const { results } = run([createTimeStage({ strategy: 'monotonic-anchor' })], [record]);
    expect(timesOf(results)).toEqual([-seconds(9)]);
    expect(annotationsOf(results[0])?.time).toEqual({
      strategy: 'monotonic-anchor',
      deviceTimeUs: START_US,
    });
    expect(record.raw).toEqual(trackedEvent({ uptimeUs: seconds(50) }));
  });
});

describe('bots', () => {
  it('W93 are told by user agent and by pace; only counted, or dropped by the route', () => {
    const records = [
      event({ id: 'a', subject: 'g' }, { userAgent: 'Googlebot/2.1' }),
      event({ id: 'b', subject: 'n' }, { userAgent: '' }),
      ...Array.from({ length: 12 }, (_, i) => event({ id: `c${i}`, subject: 'fast' })),
      event({ id: 'd', subject: 'fast', eventTimeUs: START_US + hours(1) }),
    ];
    const { results } = run([createBotStage({ eventsPerSecondMax: 10 })], records);
    expect(results.map((one) => annotationsOf(one)?.bot)).toEqual([
      { isBot: true, indicators: ['user_agent'] },
      { isBot: false, indicators: ['no_user_agent'] },
      ...Array.from({ length: 10 }, () => ({ isBot: false, indicators: [] })),
      ...Array.from({ length: 3 }, () => ({ isBot: true, indicators: ['pace'] })),
    ]);
    const dropping = [
      createBotStage({ eventsPerSecondMax: 10 }),
      createRouteStage({ bots: 'drop' }),
    ];
    const { chain } = run(dropping, records);
    expect(chain.counts().at(-1)).toMatchObject({ received: 15, passed: 11, dropped: { bot: 4 } });
  });
});

describe('joins', () => {
  const at = (hour: number) => event({ id: `h${hour}`, eventTimeUs: START_US + hours(hour) });

  it.each([
    ['null', [null, { plan: 'basic' }, { plan: 'family' }]],
    ['earliest', [{ plan: 'basic' }, { plan: 'basic' }, { plan: 'family' }]],
  ] as const)(
    'W97 a profile is that of the event’s time; before the first: %s',
    (onMiss, expected) => {
      const profiles = createVersionedTable<Profile>();
      profiles.put('v1', START_US + hours(4), { plan: 'family' });
      profiles.put('v1', START_US + hours(2), { plan: 'basic' });
      const { results } = run([createProfileStage({ profiles, onMiss })], [at(1), at(3), at(5)]);
      expect(results.map((one) => annotationsOf(one)?.profile)).toEqual(expected);
    },
  );

  it('W97 a miss may be a bad row, and a late change mends what comes after it', () => {
    const titles = createVersionedTable<TitleVersion>();
    const onMiss: MissPolicy = 'reject';
    const chain = createEnrichment({
      stages: [createSchemaStage(), createTitleHistoryStage({ titles, onMiss })],
    });
    expect(chain.enrich(at(1), TIME)).toMatchObject({
      row: { reason: 'no such title', failureType: 'enrichment_failure', field: 'data.titleId' },
    });
    titles.put('t1', START_US, { name: 'Nine Lives', genre: 'Drama' });
    expect(chain.enrich(at(1), TIME)).toMatchObject({ enriched: { titleName: 'Nine Lives' } });
    expect(chain.enrich(event({ data: {} }), TIME)).toMatchObject({
      enriched: { titleName: null },
    });
  });

  it('W89 finds profiles that are stored under an old key', () => {
    const [oldKey, newKey] = [
      { id: 'k1', secret: 'a secret of long ago' },
      { id: 'k2', secret: 'a secret of these days' },
    ];
    const profiles = createVersionedTable<Profile>();
    profiles.put(createPseudonymizer([oldKey]).pseudonym('v1'), 0, { plan: 'old' });
    const { candidates } = createPseudonymizer([newKey, oldKey]);
    const { results } = run([createProfileStage({ profiles, keysOf: candidates })], [event()]);
    expect(annotationsOf(results[0])?.profile).toEqual({ plan: 'old' });
  });
});

describe('sessions', () => {
  const at = (minute: number, part: object = {}) =>
    event({ id: `m${minute}`, sessionId: '', eventTimeUs: START_US + minutes(minute), ...part });
  const sessionsOf = (records: readonly LogRecord[]) =>
    run([createSessionStage()], records).results.map((one) => {
      const session = annotationsOf(one)?.session;
      const startUs = Number(session?.id.split('~')[1] ?? Number.NaN);
      return session === undefined
        ? 'own'
        : `${session.index}@${(startUs - START_US) / minutes(1)}`;
    });

  it('W98 end after a gap of more than half an hour, by event time', () => {
    expect(sessionsOf([0, 30, 60, 91, 100].map((minute) => at(minute)))).toEqual([
      '0@0',
      '0@0',
      '0@0',
      '1@91',
      '1@91',
    ]);
  });

  it('W98 take events out of order, and those from before by themselves', () => {
    expect(sessionsOf([100, 80, 10, 120].map((minute) => at(minute)))).toEqual([
      '0@100',
      '0@100',
      '0@10',
      '0@100',
    ]);
  });

  it('W98 last a day at most, and leave events with a session alone', () => {
    const dayLong = Array.from({ length: 52 }, (_, i) => at(i * 29));
    expect(new Set(sessionsOf(dayLong))).toEqual(new Set(['0@0', '1@1450']));
    expect(sessionsOf([at(0, { sessionId: 's7' })])).toEqual(['own']);
  });
});
