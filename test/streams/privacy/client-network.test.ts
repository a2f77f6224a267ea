/** Networks of client addresses: nothing below /24 and /48 is left. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { clientNetwork } from '../../../src/streams/privacy/client-network.ts';

describe('clientNetwork', () => {
  it.each([
    ['192.0.2.77', '192.0.2'],
    ['::ffff:192.0.2.77', '192.0.2'],
    ['2001:db8:7:8:9:a:b:c', '2001:db8:7'],
    ['2001:0db8:0007::1', '2001:db8:7'],
    ['2001:db8::1', '2001:db8:0'],
    ['::1', '0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0'],
    ['64:ff9b::192.0.2.33', '64:ff9b:0'],
    ['', ''],
    ['carol', ''],
    ['300.1.1.1', ''],
    ['1:2:3', ''],
    ['1::2::3', ''],
    ['1:2:3:4:5:6:7:8:9', ''],
    ['g::1', ''],
  ])('W88 %s is of %s', (address, network) => {
    expect(clientNetwork(address)).toBe(network);
  });

  test.prop([fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(255)], { seed: 81, numRuns: 500 })(
    'W88 of an address tells the network and no more',
    (address, last) => {
      const network = clientNetwork(address);
      expect(network).toMatch(
        address.includes('.') && !address.includes(':')
          ? /^\d+\.\d+\.\d+$/
          : /^[\da-f]+:[\da-f]+:[\da-f]+$|^\d+\.\d+\.\d+$/,
      );
      const neighbour = address.replace(
        /[\da-f]+$/i,
        address.includes('.') ? `${last}` : last.toString(16),
      );
      if (!/::$/.test(address)) expect(clientNetwork(neighbour)).toBe(network);
    },
  );
});
