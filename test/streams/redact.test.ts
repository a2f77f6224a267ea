/** No address survives in text that is kept, however it is written. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { REDACTED_ADDRESS, redactAddresses } from '../../src/streams/redact.ts';

const wrapped = (address: fc.Arbitrary<string>) =>
  fc.record({
    address,
    before: fc.constantFrom(
      '',
      ' ',
      '"',
      '[',
      'from ',
      'ip=',
      'client',
      '/',
      '{"a":"',
      '\\b',
      'x-',
    ),
    after: fc.constantFrom('', ' ', '"', ']', ':443', ' - -', '/x', ',', '%', '.'),
  });

describe('redactAddresses', () => {
  test.prop([wrapped(fc.ipV4())], { seed: 31, numRuns: 300 })(
    'removes IPv4 addresses',
    ({ address, before, after }) => {
      const text = redactAddresses(`${before}${address}${after}`);
      expect(text).not.toContain(address);
      expect(text).toContain(REDACTED_ADDRESS);
    },
  );

  test.prop([wrapped(fc.ipV6())], { seed: 32, numRuns: 1_000 })(
    'removes IPv6 addresses in every notation',
    ({ address, before, after }) => {
      for (const written of [address, address.toUpperCase(), address.replaceAll(':', '%3A')]) {
        const text = redactAddresses(`${before}${written}${after}`);
        expect(text).toContain(REDACTED_ADDRESS);
        // Where one is glued to other text, a group or two may be left, which tell nobody.
        const left = text.split(REDACTED_ADDRESS).join('|');
        expect(left).not.toMatch(/[\da-f]{1,4}(:|%3a)+[\da-f]{1,4}(:|%3a)+[\da-f]/i);
      }
    },
  );

  it.each([
    ['host 2001:470:1:2:3:4:5:6 said', `host ${REDACTED_ADDRESS} said`],
    ['ip-10-0-0-1.ec2.internal', `ip-${REDACTED_ADDRESS}.ec2.internal`],
    ['::1', REDACTED_ADDRESS],
    ['[::ffff:192.0.2.7]:80', `[${REDACTED_ADDRESS}:${REDACTED_ADDRESS}]:80`],
    ['00:1b:44:11:3a:b7', REDACTED_ADDRESS],
  ])('%s', (text, redacted) => {
    expect(redactAddresses(text)).toBe(redacted);
  });

  it.each([
    '17/May/2015:10:05:03 +0000',
    '2026-11-20T20:00:00.000Z',
    'Chrome/32.0.1700.107 Safari/537.36',
    '1795204800000000',
    'GET /titles/17?from=12:34:56 HTTP/1.1',
  ])('leaves %s alone', (text) => {
    expect(redactAddresses(text)).toBe(text);
  });

  it('takes linear time on hostile text', () => {
    for (const unit of ['1', 'a:', '1.1.1.', '%3a', 'ffff:']) {
      const text = unit.repeat(100_000);
      expect(redactAddresses(text).length).toBeLessThanOrEqual(text.length * 9);
    }
  });
});
