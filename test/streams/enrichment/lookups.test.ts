/** Referrers, campaigns, versioned tables and the bounded memory, each on its own. */
import { readFileSync } from 'node:fs';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { remembering } from '../../../src/streams/enrichment/lookups/bounded-cache.ts';
import { campaignOf } from '../../../src/streams/enrichment/lookups/campaign.ts';
import { createReferrerLookup } from '../../../src/streams/enrichment/lookups/referrer.ts';
import { createVersionedTable } from '../../../src/streams/enrichment/lookups/versioned-table.ts';

describe('referrer', () => {
  const lookup = createReferrerLookup(['partner.example']);
  const page = 'https://www.watch.example/title/7';

  it.each([
    ['', 'direct', null, null],
    ['about:blank', 'direct', null, null],
    ['https://www.google.co.uk/search?q=carol', 'search', 'Google', 'google.co.uk'],
    ['https://mail.google.com/mail/u/0/', 'email', 'Gmail', 'google.com'],
    ['https://duckduckgo.com/', 'search', 'DuckDuckGo', 'duckduckgo.com'],
    ['https://t.co/abc', 'social', 'Twitter', 't.co'],
    ['https://m.facebook.com/carol', 'social', 'Facebook', 'facebook.com'],
    ['https://watch.example/', 'internal', null, 'watch.example'],
    ['https://blog.partner.example/x', 'internal', null, 'partner.example'],
    ['https://news.site.co.jp/a?b=carol', 'referral', null, 'site.co.jp'],
    ['http://192.0.2.7/x', 'referral', null, null],
    ['http://[2001:db8::7]/x', 'referral', null, null],
    ['http://carols-computer/', 'referral', null, null],
    ['https://toString.example/', 'referral', null, 'tostring.example'],
  ])('W95 %s is %s', (referrer, ...expected) => {
    const { medium, source, domain } = lookup(referrer, page);
    expect([medium, source, domain]).toEqual(expected);
  });
});

describe('campaign', () => {
  it.each([
    [
      'https://a.example/?utm_source=mail&utm_medium=email&utm_campaign=fall+26',
      { source: 'mail', medium: 'email', campaign: 'fall 26' },
    ],
    ['https://a.example/?UTM_Source=x&utm_source=y#utm_term=z', { source: 'x' }],
    ['https://a.example/?gclid=abc123carol', { clickId: 'gclid', network: 'Google' }],
    [
      'https://a.example/?utm_id=7&msclkid=1&fbclid=2',
      { id: '7', clickId: 'msclkid', network: 'Microsoft' },
    ],
    ['https://a.example/?utm_content=carol%40mail.example', { content: '[address]' }],
    ['https://a.example/?utm_term=%E0%A4%A', { term: '%E0%A4%A' }],
    ['https://a.example/?utm_source=&x=1', undefined],
    ['https://a.example/?constructor=1&=2&toString', undefined],
    ['https://a.example/', undefined],
    ['', undefined],
  ])('W96 %s', (url, found) => {
    expect(campaignOf(url)).toEqual(found);
  });
});

describe('versioned table', () => {
  const changes = fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.nat(20), fc.nat(99)), {
    maxLength: 30,
  });

  test.prop([changes, fc.constantFrom('a', 'b', 'c'), fc.nat(25)], { seed: 97, numRuns: 1_000 })(
    'W97 knows what held at a time, in whatever order changes were told',
    (told, key, timeUs) => {
      const table = createVersionedTable<number>();
      for (const [name, fromUs, value] of told) table.put(name, fromUs, value);
      // The oracle: the last told of the latest changes that are not after the time.
      const own = told.filter(([name]) => name === key);
      const until = own.filter(([, fromUs]) => fromUs <= timeUs).map(([, fromUs]) => fromUs);
      const expected = own.findLast(([, fromUs]) => fromUs === Math.max(...until))?.[2];
      const firstUs = Math.min(...own.map(([, fromUs]) => fromUs));
      const copy = createVersionedTable<number>();
      copy.restore(JSON.parse(JSON.stringify(table.snapshot())));
      for (const one of [table, copy]) {
        expect(one.asOf(key, timeUs)).toBe(expected);
        expect(one.earliest(key)).toBe(own.findLast(([, fromUs]) => fromUs === firstUs)?.[2]);
        expect(one.version).toBe(told.length);
      }
    },
  );

  it('refuses what is no snapshot', () => {
    expect(() => createVersionedTable().restore('table')).toThrow('SNAPSHOT_REFUSED');
  });
});

describe('remembering', () => {
  it('asks once while it remembers, and keeps what is asked again', () => {
    const asked: string[] = [];
    const upper = remembering<string | undefined>(10, (key) => {
      asked.push(key);
      return key === 'none' ? undefined : key.toUpperCase();
    });
    expect([upper('a'), upper('a'), upper('none'), upper('none')]).toEqual([
      'A',
      'A',
      undefined,
      undefined,
    ]);
    for (let i = 0; i < 100; i += 1) expect([upper(`k${i}`), upper('a')]).toEqual([`K${i}`, 'A']);
    expect(asked.filter((key) => key === 'a' || key === 'none')).toEqual(['a', 'none']);
    expect(upper('k3')).toBe('K3');
    expect(asked.filter((key) => key === 'k3')).toHaveLength(2);
  });
});

it('versions of libraries that stages tell are those that are installed', () => {
  const manifest = JSON.parse(
    readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
  ) as { readonly dependencies: Readonly<Record<string, string>> };
  const stages = ['user-agent', 'bot', 'campaign'].map((name) =>
    readFileSync(
      new URL(`../../../src/streams/enrichment/stages/${name}.ts`, import.meta.url),
      'utf8',
    ),
  );
  for (const library of ['bowser', 'isbot', 'tldts']) {
    const told = stages.flatMap((text) => [
      ...text.matchAll(new RegExp(`${library}: '([^']+)'`, 'g')),
    ]);
    expect(told.length).toBeGreaterThan(0);
    for (const match of told) expect(match[1]).toBe(manifest.dependencies[library]);
  }
});
