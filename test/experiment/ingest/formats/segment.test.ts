/** Segment's calls as our events, and our events as Segment's calls. */
import { test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { Fields } from '../../../../src/experiment/ingest/formats/foreign-event.ts';
import { isoTime } from '../../../../src/experiment/ingest/formats/iso-time.ts';
import { fromSegment } from '../../../../src/experiment/ingest/formats/segment.ts';
import {
  toSegment,
  toSegmentBatch,
} from '../../../../src/experiment/ingest/formats/segment-export.ts';
import { CONTEXT, readBack, START_US, trackedEvents } from './foreign-builder.ts';

const CALL: Fields = {
  type: 'track',
  messageId: 'ajs-1',
  userId: 'carol',
  anonymousId: 'anonymous-1',
  timestamp: '2026-11-20T20:00:00.123Z',
  sentAt: '2026-11-20T20:00:01Z',
};

function read(call: Fields, envelope: Fields = call) {
  return fromSegment({ ...CALL, ...call }, { ...CALL, ...envelope }, CONTEXT);
}

function eventOf(call: Fields) {
  const found = read(call);
  if (typeof found === 'string') throw new Error(found);
  return found.event;
}

describe('fromSegment', () => {
  it('E41, E43 keeps ids and times, replaces people', () => {
    const context = { sessionId: 991, userAgent: 'Roku', ip: '192.0.2.1' };
    const found = read({ event: 'Video Playback Started', context, receivedAt: CALL['sentAt'] });
    expect(found).toEqual({
      event: {
        id: 'ajs-1',
        type: 'media.play',
        subject: 'p:carol',
        sessionId: 'p:991',
        sequence: 7,
        eventTimeUs: START_US + 123_000,
        data: {},
      },
      sentTimeUs: START_US + 1_000_000,
      receivedTimeUs: START_US + 1_000_000,
      userAgent: 'Roku',
    });
  });

  it.each([
    ['Video Playback Started', 'media.play', { content_asset_ids: ['tt1'] }],
    ['Video Playback Paused', 'media.pause', { content_asset_id: 'tt1' }],
    ['Video Playback Interrupted', 'media.pause', { content_asset_id: 'tt1' }],
    ['Video Playback Resumed', 'media.resume', { content_asset_id: 'tt1' }],
    ['Video Playback Seek Completed', 'media.seek', { content_asset_id: 'tt1' }],
    ['Video Playback Buffer Started', 'media.buffer_start', { content_asset_id: 'tt1' }],
    ['Video Playback Buffer Completed', 'media.buffer_end', { content_asset_id: 'tt1' }],
    ['Video Content Playing', 'media.ping', { asset_id: 'tt1' }],
  ])('E43 %s is %s', (event, type, ids) => {
    const properties = { ...ids, session_id: 'play1', position: 61.9, total_length: 3_600 };
    expect(eventOf({ event, properties })).toMatchObject({
      type,
      data: { titleId: 'tt1', playbackId: 'play1', positionSeconds: 61 },
    });
  });

  it('E43 tells the end of a title from leaving it, and counts one play a playback', () => {
    const ends = ['Video Playback Completed', 'Video Playback Exited'].map((event) => {
      return eventOf({ event }).data.completed;
    });
    expect(ends).toEqual([true, false]);
    const others = ['Video Content Started', 'Video Ad Started', 'Signed Up', 'constructor'];
    for (const event of others) {
      expect(eventOf({ event })).toMatchObject({
        type: 'record.ingested',
        data: { target: event },
      });
    }
  });

  it('reads pages, screens and people, of whom only that they were told', () => {
    const properties = { url: 'https://x.example/title/7?email=carol@x.example#a' };
    expect(eventOf({ type: 'page', name: 'Title', properties })).toMatchObject({
      type: 'page.view',
      data: { page: 'Title', path: '/title/7' },
    });
    expect(eventOf({ type: 'screen', name: 'Home' }).data).toEqual({ page: 'Home' });
    const identify = eventOf({ type: 'identify', traits: { email: 'carol@x.example' } });
    expect(identify.data).toEqual({ target: 'identify' });
  });

  it('takes the time on the device where there is a corrected one beside it', () => {
    const { eventTimeUs } = eventOf({ event: 'x', originalTimestamp: '2026-11-20T20:00:00Z' });
    expect(eventTimeUs).toBe(START_US);
    const { subject } = eventOf({ event: 'x', userId: null });
    expect(subject).toBe('p:anonymous-1');
  });

  it('E44 redacts addresses of networks and people in text', () => {
    const event = 'mailed carol@x.example from 192.0.2.1';
    expect(eventOf({ event }).data.target).toBe('mailed [email] from [address]');
    const query = 'dave%40x.example';
    expect(eventOf({ event: 'Products Searched', properties: { query } }).data.query).toBe(
      '[email]',
    );
  });

  it.each([
    [{ type: 'sneeze' }, 'not a type of Segment’s calls'],
    [{ messageId: '' }, 'no messageId'],
    [{ timestamp: 'yesterday' }, 'no timestamp'],
    [{ event: '' }, 'track without an event'],
  ])('E44 refuses %j', (call, reason) => {
    expect(read(call)).toBe(reason);
  });
});

describe('toSegment', () => {
  test.prop([trackedEvents], { seed: 45, numRuns: 500 })(
    'E45 is read back as the same event, pseudonyms apart',
    (event) => {
      const call = JSON.parse(JSON.stringify(toSegment(event))) as Fields;
      expect(fromSegment(call, call, CONTEXT)).toEqual({ event: readBack(event), userAgent: '' });
    },
  );

  test.prop([trackedEvents], { seed: 46, numRuns: 200 })(
    'E45 says the common part in Segment’s own words',
    (event) => {
      const { context: _, ...call } = toSegment(event);
      const found = fromSegment(call, call, CONTEXT);
      if (typeof found === 'string') throw new Error(found);
      expect(found.event.type).toBe(event.type);
      const { titleId, positionSeconds, page } = event.data;
      if (event.type.startsWith('media.')) {
        expect(found.event.data).toMatchObject(
          JSON.parse(JSON.stringify({ titleId, positionSeconds })),
        );
      }
      if (event.type === 'page.view' && page !== undefined)
        expect(found.event.data.page).toBe(page);
    },
  );

  it('makes bodies with the time of sending', () => {
    expect(toSegmentBatch([], START_US + 5)).toEqual({
      batch: [],
      sentAt: '2026-11-20T20:00:00.000005Z',
    });
    expect(isoTime(START_US + 999_999)).toBe('2026-11-20T20:00:00.999999Z');
  });
});
