/** The stages that every pipeline has, and the kinds of device that user agents tell. */
import { from } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { EnrichedEvent, LogRecord } from '../../../../src/domain/pipeline-ports.ts';
import { hours, minutes } from '../../../../src/kernel/time.ts';
import { enrich } from '../../../../src/streams/enrich.ts';
import { createBasicEnrichment } from '../../../../src/streams/enrichment/chains.ts';
import { createDeviceKind } from '../../../../src/streams/enrichment/lookups/device-kind.ts';
import { logRecord, REFERENCE, START_US, trackedEvent } from '../../clickstream-builder.ts';

function enriched(
  record: Partial<LogRecord>,
  event: Parameters<typeof trackedEvent>[0] = {},
): EnrichedEvent | undefined {
  const enrichment = createBasicEnrichment({ reference: REFERENCE, dedupeTtlUs: hours(1) });
  const out: EnrichedEvent[] = [];
  from([logRecord({ ...record, raw: trackedEvent(event) })])
    .pipe(
      enrich({
        enrichment,
        processTimeUs: () => START_US + minutes(3),
        onBadRow: (row) => expect.fail(row.reason),
      }),
    )
    .subscribe((one) => out.push(one.enriched));
  expect(enrichment.countsByPart()[2]).toMatchObject({ received: 1, passed: 1 });
  return out[0];
}

describe('enrich', () => {
  it('W4 adds title, genre, device, country and times; the address is gone', () => {
    const one = enriched({ clientAddress: '192.0.2.77' });
    expect(one).toEqual({
      event: trackedEvent(),
      ingestTimeUs: logRecord().ingestTimeUs,
      processTimeUs: START_US + minutes(3),
      deviceKind: 'tv',
      country: 'IN',
      localHour: 1,
      titleName: 'Title t1',
      genre: 'Drama',
    });
    expect(JSON.stringify(one)).not.toContain('192.0.2.77');
  });

  it('says null for an unknown title and for none', () => {
    expect(enriched({}, { data: { titleId: 'zz' } })).toMatchObject({ titleName: null });
    expect(enriched({}, { data: {} })).toMatchObject({ titleName: null, genre: null });
  });

  it.each([
    ['192.0.2.1', 0, 1],
    ['192.0.2.1', 22, 23],
    ['192.0.2.1', 23, 0],
    ['203.0.113.1', 0, 15],
    ['203.0.113.1', 9, 0],
    ['198.51.100.1', 3, 23],
    ['198.51.100.1', 4, 0],
  ])('W9 the local hour of %s, %i hours later, is %i', (clientAddress, later, localHour) => {
    const eventTimeUs = START_US + hours(later);
    expect(enriched({ clientAddress }, { eventTimeUs })).toMatchObject({ localHour });
  });
});

describe('the first hours of 1970', () => {
  it('W9 are still the day before in the west', () => {
    const one = enriched({ clientAddress: '203.0.113.1' }, { eventTimeUs: 0 });
    expect(one).toMatchObject({ country: 'US', localHour: 19 });
  });
});

describe('device kind', () => {
  const deviceKind = createDeviceKind();

  it.each([
    ['Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0) AppleWebKit/537.36 TV Safari/537.36', 'tv'],
    ['Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 Chrome/94.0 Safari/537.36', 'tv'],
    ['Roku/DVP-12.5 (12.5.0.4178-88)', 'tv'],
    ['Mozilla/5.0 (Linux; Android 9; AFTMM) AppleWebKit/537.36', 'tv'],
    ['Mozilla/5.0 (PlayStation; PlayStation 5/8.20) AppleWebKit/605.1.15', 'console'],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox One) Edge/44.19041', 'console'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) Mobile/15E148 Safari/604.1', 'phone'],
    ['Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/124.0 Mobile Safari/537.36', 'phone'],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/124.0', 'web'],
    ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'bot'],
    ['backlot-device/console', 'console'],
    ['-', 'unknown'],
    ['', 'unknown'],
  ])('%s is %s', (userAgent, kind) => {
    expect(deviceKind(userAgent)).toBe(kind);
    expect(deviceKind(userAgent)).toBe(kind);
  });

  it('forgets rather than grows, and still answers', () => {
    for (let i = 0; i < 10_050; i += 1) expect(deviceKind(`Roku/DVP-${i}`)).toBe('tv');
  });
});
