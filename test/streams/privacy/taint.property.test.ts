/** The taint test: people marked in every place of valid and of malformed events, of envelopes and
 * of what is no event at all, reach no sink, no bad row and no error. */
import { fc, test } from '@fast-check/vitest';
import { afterAll, describe, expect, it } from 'vitest';
import { TRACKED_EVENT_TYPES } from '../../../src/domain/tracked-event.ts';
import { minutes, seconds } from '../../../src/kernel/time.ts';
import { createFullEnrichment } from '../../../src/streams/enrichment/chains.ts';
import { createVersionedTable } from '../../../src/streams/enrichment/lookups/versioned-table.ts';
import { createPipeline } from '../../../src/streams/pipeline.ts';
import { maskText } from '../../../src/streams/privacy/mask.ts';
import { createPseudonymizer } from '../../../src/streams/privacy/pseudonyms.ts';
import {
  createListLog,
  createListSink,
  pipelineOptions,
  REFERENCE,
  START_US,
  trackedEvent,
} from '../clickstream-builder.ts';

const NAMES = ['Carol Ødegård', 'Nguyễn Văn An', 'mallory.o-brien', 'Zoë', '田中太郎', 'X Æ A-12'];
/** Parsing user agents that nobody has seen costs most of the time. */
const RUNS = process.env['BACKLOT_LONG'] === '1' ? 10_000 : 600;
const octet = fc.integer({ min: 11, max: 255 });
const person = fc.record({
  name: fc.constantFrom(...NAMES),
  userId: fc.integer({ min: 10_000_000, max: 99_999_999 }).map((n) => `user-${n}`),
  ipV4: fc.tuple(octet, octet, octet, octet).map((parts) => parts.join('.')),
  ipV6: fc
    .array(fc.integer({ min: 0x1000, max: 0xffff }), { minLength: 8, maxLength: 8 })
    .map((groups) => groups.map((group) => group.toString(16)).join(':')),
  email: fc.stringMatching(/^[a-z]{6,12}\.[a-z]{4,8}$/).map((local) => `${local}@mail.example`),
});
type Person = typeof person extends fc.Arbitrary<infer P> ? P : never;
const secretsOf = ({ name, userId, ipV4, ipV6, email }: Person) => [
  name,
  userId,
  ipV4,
  ipV6,
  email,
];

/** What a person leaves everywhere in an event that is valid. */
function validEvent(who: Person, id: string) {
  return {
    ...trackedEvent({ id, subject: who.userId, sessionId: `${who.email}-s1` }),
    data: {
      titleId: 't1',
      playbackId: `${who.userId}/p1`,
      query: `films with ${who.name} at ${who.ipV4}, ask ${who.email}`,
      path: `/users/${encodeURIComponent(who.name)}/${who.name}?ip=${who.ipV6}`,
      page: `home ${who.email}`,
      target: `card of ${who.ipV6}`,
      pageUrl:
        `https://watch.example/${who.name}?utm_source=mail&utm_content=${who.email}` +
        `&gclid=${who.userId}`,
      referrer: `https://www.google.com/search?q=${who.name}`,
    },
  };
}

/** Ways to spoil an event, each with a person in a place where none may be. */
const SPOILERS: Readonly<Record<string, (event: object, who: Person) => unknown>> = {
  valid: (event) => event,
  'a wrong time': (event, who) => ({ ...event, eventTimeUs: who.email }),
  'a wrong type': (event, who) => ({ ...event, type: who.name }),
  'a schema of a person': (event, who) => ({ ...event, schema: `acme/${who.email}/x/1-0-0` }),
  'an unknown field': (event, who) => ({ ...event, [who.name]: who.userId, owner: who }),
  'an unknown datum': (event, who) => ({
    ...event,
    data: { [who.email]: who.name, note: who.userId },
  }),
  'data that is a person': (event, who) => ({ ...event, data: who.name }),
  'an object for a subject': (event, who) => ({ ...event, subject: who }),
  'a list of people': (event, who) => ({ ...event, sessionId: secretsOf(who) }),
  'a misspelt field': (event, who) => ({ ...event, subjct: who.userId, qurey: who.name }),
  'text of JSON': (event) => JSON.stringify({ ...event, extra: 1 }),
  'broken text of JSON': (event) => JSON.stringify(event).slice(0, -3),
  prose: (_event, who) => `${who.name} of ${who.ipV4} wrote from ${who.email}`,
  'a forged line': (_event, who) => ({ unparsed: secretsOf(who).join(' '), reason: who.name }),
  'a list': (event, who) => [event, who],
  'a number of a person': (_event, who) => Number(who.userId.slice(5)),
  'too large': (event, who) => ({ ...event, data: { query: `${who.name} `.repeat(20_000) } }),
  'too deep': (event, who) => ({
    ...event,
    data: { a: { b: { c: { d: { e: { f: { g: { h: who } } } } } } } },
  }),
  nothing: () => null,
};

const deliveries = fc.array(
  fc.record({
    who: person,
    how: fc.constantFrom(...Object.keys(SPOILERS)),
    id: fc.constantFrom(
      'user-77-1',
      'user-77-2',
      '0198c5a1-7000-4000-8000-000000000001',
      'user-77-3',
    ),
    type: fc.constantFrom(...TRACKED_EVENT_TYPES),
    hasSession: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
);

describe('taint', () => {
  const seen = { facts: 0, bad: 0, synthetic: 0, sessions: 0 };
  const reasons = new Set<string>();

  afterAll(() => {
    expect(seen.facts).toBeGreaterThan(100);
    expect(seen.bad).toBeGreaterThan(1_500);
    expect(seen.synthetic).toBeGreaterThan(3);
    expect(seen.sessions).toBeGreaterThan(30);
    expect(reasons.size).toBeGreaterThan(12);
  });

  test.prop([deliveries], { seed: 91, numRuns: RUNS })(
    'W90, W91 nobody who is in an event is in what is stored, counted or told',
    (sent) => {
      const pseudonymizer = createPseudonymizer([{ id: 'k1', secret: 'sixteen letters!' }]);
      const log = createListLog(1);
      const sink = createListSink();
      const enrichment = createFullEnrichment({
        reference: REFERENCE,
        dedupeTtlUs: minutes(60),
        pseudonymizer,
        time: { strategy: 'monotonic-anchor', beyond: 'clamp' },
        profile: { profiles: createVersionedTable() },
      });
      const pipeline = createPipeline(pipelineOptions({ log, sink, enrichment }));
      for (const { who, how, id, type, hasSession } of sent) {
        const event = { ...validEvent(who, id), type };
        const raw = SPOILERS[how]?.(hasSession ? event : { ...event, sessionId: '' }, who);
        log.append({
          raw,
          userAgent: `${who.name}/1.0 (${who.email}; ${who.userId}) at ${who.ipV4}`,
          clientAddress: sent.length % 2 === 0 ? who.ipV4 : who.ipV6,
          clientHints: { 'sec-ch-ua': `"${who.name}";v="1"`, 'sec-ch-ua-platform': who.name },
        });
      }
      pipeline.finish(START_US + seconds(sent.length));
      const written = JSON.stringify([sink.batches, pipeline.counts(), enrichment.notes()]);
      for (const secret of sent.flatMap(({ who }) => secretsOf(who))) {
        expect(written).not.toContain(JSON.stringify(secret).slice(1, -1));
        expect(written).not.toContain(encodeURIComponent(secret));
      }
      expect(written).not.toMatch(/mail\.example|user-\d/);
      const badRows = sink.all('badRows');
      const facts = sink.all('facts');
      expect(facts.length + badRows.length + duplicates(pipeline.counts())).toBe(sent.length);
      seen.facts += facts.length;
      seen.bad += badRows.length;
      seen.synthetic += badRows.filter(({ processor }) => processor === 'dedupe').length;
      seen.sessions += facts.filter(({ annotations }) => annotations?.session !== undefined).length;
      for (const { reason } of badRows) reasons.add(reason);
    },
  );

  it('finds people where nothing protects them: the test can fail', () => {
    const log = createListLog(1);
    const sink = createListSink();
    const pipeline = createPipeline(pipelineOptions({ log, sink }));
    log.append({ raw: trackedEvent({ subject: 'carol' }) });
    log.append({ raw: { ...trackedEvent(), owner: 'carol' } });
    pipeline.finish(START_US);
    expect(JSON.stringify(sink.all('facts'))).toContain('carol');
    expect(JSON.stringify(sink.all('badRows'))).toContain('carol');
  });

  it('W91 keeps what a patch needs: the rest of the event, and misspelt names', () => {
    const log = createListLog(1);
    const sink = createListSink();
    const pseudonymizer = createPseudonymizer([{ id: 'k1', secret: 'sixteen letters!' }]);
    const enrichment = createFullEnrichment({
      reference: REFERENCE,
      dedupeTtlUs: 1,
      pseudonymizer,
    });
    const pipeline = createPipeline(pipelineOptions({ log, sink, enrichment }));
    const { eventTimeUs, ...rest } = trackedEvent({ subject: 'carol' });
    log.append({ raw: { ...rest, evenTimeUs: String(eventTimeUs), note: 'of carol' } });
    pipeline.finish(START_US);
    const [row] = sink.all('badRows');
    expect(row).toMatchObject({ reason: 'eventTimeUs: invalid_type', recoverable: true });
    expect(row?.envelope.userAgent).toBe('backlot-device/tv');
    expect(JSON.parse(row?.payload ?? '')).toEqual({
      ...rest,
      id: pseudonymizer.pseudonym('e1'),
      subject: pseudonymizer.pseudonym('carol'),
      sessionId: pseudonymizer.pseudonym('s1'),
      evenTimeUs: String(eventTimeUs),
      unknown_1: null,
      data: { ...rest.data, playbackId: pseudonymizer.pseudonym('p1') },
    });
  });

  it('W91 of text only the shape is kept', () => {
    expect(maskText('Zoë, 42: "a@b.c" 田中')).toBe('xxx, 99: "x@x.x" xx');
  });
});

function duplicates(counts: readonly { readonly dropped: Readonly<Record<string, number>> }[]) {
  return counts.reduce((sum, { dropped }) => sum + (dropped['duplicate'] ?? 0), 0);
}
