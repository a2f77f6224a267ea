/** Snowplow's payloads and enriched rows as our events, and our events as payloads. */
import { test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { Fields } from '../../../../src/experiment/ingest/formats/foreign-event.ts';
import { fromSnowplow } from '../../../../src/experiment/ingest/formats/snowplow.ts';
import {
  toSnowplow,
  toSnowplowPayload,
} from '../../../../src/experiment/ingest/formats/snowplow-export.ts';
import {
  readSnowplowRow,
  SNOWPLOW_COLUMNS,
} from '../../../../src/experiment/ingest/formats/snowplow-tsv.ts';
import { CONTEXT, readBack, START_US, trackedEvents } from './foreign-builder.ts';

const START_MS = String(START_US / 1_000);
const PAYLOAD: Fields = {
  e: 'pv',
  eid: 'c6ef3124-b53a-4b13-a233-0088f79dcbcb',
  dtm: START_MS,
  stm: String(START_US / 1_000 + 1_000),
  uid: 'carol',
  duid: 'domain-1',
  sid: 'session-1',
  ip: '192.0.2.1',
  ua: 'Roku',
};
const MEDIA = 'iglu:com.snowplowanalytics.snowplow.media';

function wrapped(name: string, data: unknown): string {
  return JSON.stringify({
    schema: `iglu:com.snowplowanalytics.snowplow/${name}/jsonschema/1-0-0`,
    data,
  });
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64url');
}

function eventOf(payload: Fields) {
  const found = fromSnowplow({ ...PAYLOAD, ...payload }, CONTEXT);
  if (typeof found === 'string') throw new Error(found);
  return found.event;
}

function media(name: string, player: Fields = {}, session: Fields = {}): Fields {
  const event = { schema: `${MEDIA}/${name}_event/jsonschema/1-0-0`, data: {} };
  const entities = [
    { schema: 'iglu:com.snowplowanalytics.snowplow/media_player/jsonschema/2-0-0', data: player },
    { schema: `${MEDIA}/session/jsonschema/1-0-0`, data: session },
  ];
  return { e: 'ue', ue_pr: wrapped('unstruct_event', event), co: wrapped('contexts', entities) };
}

describe('fromSnowplow', () => {
  it('E42, E43 keeps ids and times, replaces people', () => {
    const url = 'https://x.example/title/7?user=carol';
    expect(fromSnowplow({ ...PAYLOAD, url, page: 'Title' }, CONTEXT)).toEqual({
      event: {
        id: PAYLOAD['eid'],
        type: 'page.view',
        subject: 'p:carol',
        sessionId: 'p:session-1',
        sequence: 7,
        eventTimeUs: START_US,
        data: { page: 'Title', path: '/title/7' },
      },
      sentTimeUs: START_US + 1_000_000,
      userAgent: 'Roku',
    });
  });

  it('E42 takes a true time for true: nothing is told by which it could be corrected', () => {
    const found = fromSnowplow({ ...PAYLOAD, ttm: '1795204700000' }, CONTEXT);
    expect(found).not.toHaveProperty('sentTimeUs');
    expect(found).toMatchObject({ event: { eventTimeUs: 1_795_204_700_000_000 } });
  });

  it.each([
    ['play', 'media.play'],
    ['pause', 'media.pause'],
    ['seek_end', 'media.seek'],
    ['buffer_start', 'media.buffer_start'],
    ['buffer_end', 'media.buffer_end'],
    ['ping', 'media.ping'],
    ['end', 'media.end'],
  ])('E43 %s is %s, as text and as base64', (name, type) => {
    const player = { label: 'tt1', currentTime: 61.9 };
    const text = media(name, player, { mediaSessionId: 'play1' });
    const coded = {
      e: 'ue',
      ue_px: base64(String(text['ue_pr'])),
      cx: base64(String(text['co'])),
    };
    for (const payload of [text, coded]) {
      expect(eventOf(payload)).toMatchObject({
        type,
        data: { titleId: 'tt1', playbackId: 'play1', positionSeconds: 61 },
      });
    }
  });

  it('E43 a play after something was played goes on; an end may be none', () => {
    expect(eventOf(media('play', {}, { timePlayed: 12 })).type).toBe('media.resume');
    expect(eventOf(media('end')).data.completed).toBe(true);
    expect(eventOf(media('end', { ended: false })).data.completed).toBe(false);
    expect(eventOf(media('ready'))).toMatchObject({
      type: 'record.ingested',
      data: { target: 'media/ready' },
    });
  });

  it('reads clicks, searches, pings and structured events', () => {
    const ue = (name: string, data: Fields) => {
      const schema = `iglu:com.snowplowanalytics.snowplow/${name}/jsonschema/1-0-1`;
      return { e: 'ue', ue_pr: wrapped('unstruct_event', { schema, data }) };
    };
    const events = [
      ue('link_click', { targetUrl: 'https://x.example/a?b=c' }),
      ue('button_click', { label: 'play' }),
      ue('site_search', { terms: ['night', 'train'] }),
      ue('add_to_cart', {}),
      { e: 'pp', pp_may: '600', vp: '1000x400', ds: '1000x2000', url: 'https://x.example/a' },
      { e: 'pp', pp_may: '9000', vp: '1000x400', ds: '1000x2000' },
      { e: 'se', se_ca: 'video', se_ac: 'rate', se_la: '5' },
      { e: 'tr' },
    ].map((payload) => {
      const { type, data } = eventOf(payload);
      return [type, data];
    });
    expect(events).toEqual([
      ['ui.click', { target: '/a' }],
      ['ui.click', { target: 'play' }],
      ['ui.search', { query: 'night train' }],
      ['record.ingested', { target: 'add_to_cart' }],
      ['ui.scroll', { path: '/a', scrollDepthPercent: 50 }],
      ['ui.scroll', { scrollDepthPercent: 100 }],
      ['record.ingested', { target: 'video/rate/5' }],
      ['record.ingested', { target: 'transaction/tr' }],
    ]);
  });

  it.each([
    [{ eid: '' }, 'no eid'],
    [{ dtm: 'now' }, 'no dtm'],
    [{ e: 'sneeze' }, 'not a type of Snowplow’s events'],
    [{ e: 'ue' }, 'self-describing event without a schema'],
    [{ e: 'ue', ue_px: '####' }, 'unstruct_event: not valid JSON'],
    [{ e: 'ue', ue_pr: 7 }, 'unstruct_event: no text'],
    [
      { e: 'ue', ue_pr: '{"schema":"iglu:a/b/jsonschema/1-0-0"}' },
      'unstruct_event: not its schema',
    ],
    [{ co: '{' }, 'contexts: not valid JSON'],
  ])('E44 refuses %j', (payload, reason) => {
    expect(fromSnowplow({ ...PAYLOAD, ...payload }, CONTEXT)).toBe(reason);
  });
});

describe('enriched rows', () => {
  const cells = (changes: Readonly<Record<number, string>>) =>
    Array.from({ length: SNOWPLOW_COLUMNS }, (_, i) => changes[i] ?? '').join('\t');

  it('E42 reads the columns of the canonical event', () => {
    const event = { schema: `${MEDIA}/play_event/jsonschema/1-0-0`, data: {} };
    const row = readSnowplowRow(
      cells({
        3: '2026-11-20 20:00:02.000',
        4: '2026-11-20 20:00:00.000',
        5: 'unstruct',
        6: 'event-1',
        12: 'carol',
        13: '192.0.2.1',
        58: wrapped('unstruct_event', event),
        77: 'Roku',
        119: '2026-11-20 20:00:01.000',
        123: 'session-1',
      }),
    );
    expect(fromSnowplow(row ?? {}, CONTEXT)).toMatchObject({
      event: { id: 'event-1', type: 'media.play', subject: 'p:carol', sessionId: 'p:session-1' },
      sentTimeUs: START_US + 1_000_000,
      receivedTimeUs: START_US + 2_000_000,
      userAgent: 'Roku',
    });
  });

  it('E42 reads pings and true times, and refuses another number of columns', () => {
    const row = readSnowplowRow(
      cells({
        5: 'page_ping',
        6: 'event-1',
        4: '2026-11-20 20:00:00',
        29: 'https://x.example/a',
        76: '600',
        95: '1000',
        96: '400',
        106: '1000',
        107: '2000',
        130: '2026-11-20 19:00:00.000',
      }),
    );
    expect(fromSnowplow(row ?? {}, CONTEXT)).toMatchObject({
      event: {
        eventTimeUs: START_US - 3_600_000_000,
        data: { path: '/a', scrollDepthPercent: 50 },
      },
    });
    expect(readSnowplowRow('a\tb')).toBeUndefined();
  });
});

describe('toSnowplow', () => {
  test.prop([trackedEvents], { seed: 47, numRuns: 500 })(
    'E45 is read back as the same event, pseudonyms apart',
    (event) => {
      const payload = JSON.parse(JSON.stringify(toSnowplow(event))) as Fields;
      expect(fromSnowplow(payload, CONTEXT)).toEqual({ event: readBack(event), userAgent: '' });
    },
  );

  it('E45 speaks Snowplow’s words to those who do not know ours', () => {
    const event = {
      id: 'e1',
      type: 'media.end',
      subject: 'v1',
      sessionId: 's1',
      sequence: 3,
      eventTimeUs: START_US,
      data: { titleId: 'tt1', playbackId: 'play1', positionSeconds: 61, completed: true },
    } as const;
    const { ue_px, cx, ...fields } = toSnowplow(event);
    expect(fields).toEqual({
      e: 'ue',
      eid: 'e1',
      uid: 'v1',
      sid: 's1',
      dtm: START_MS,
      p: 'web',
      tv: 'backlot',
    });
    expect(JSON.parse(Buffer.from(String(ue_px), 'base64').toString())).toMatchObject({
      data: { schema: `${MEDIA}/end_event/jsonschema/1-0-0` },
    });
    expect(JSON.parse(Buffer.from(String(cx), 'base64').toString()).data.slice(0, 2)).toEqual([
      {
        schema: 'iglu:com.snowplowanalytics.snowplow/media_player/jsonschema/2-0-0',
        data: { label: 'tt1', currentTime: 61, ended: true },
      },
      { schema: `${MEDIA}/session/jsonschema/1-0-0`, data: { mediaSessionId: 'play1' } },
    ]);
    expect(toSnowplowPayload([event], START_US + 1_999)).toMatchObject({
      schema: expect.stringMatching(/payload_data/),
      data: [{ eid: 'e1', stm: '1795204800001' }],
    });
  });
});
