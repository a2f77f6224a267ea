/** Links: delays from round trips, size and loss; order that holds. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { ms } from '../../src/kernel/time.ts';
import { createLink, createLinkOrder } from '../../src/queueing/link.ts';

const PROFILE = {
  roundTripTime: { kind: 'deterministic' as const, value: ms(40) },
  bandwidthBitsPerSec: 8e6,
  lossProbability: 0.1,
};

describe('a link', () => {
  it('Q5: takes half a round trip and the time of transmission', () => {
    expect(createLink(PROFILE).delayUs(1_000, 0.5, 0.5)).toBe(20_000 + 1_000);
  });

  it('Q5: repairs a loss after a retransmission timeout of at least 200 ms', () => {
    const link = createLink(PROFILE);
    expect(link.delayUs(0, 0.5, 0.05) - link.delayUs(0, 0.5, 0.5)).toBe(200_000);
    expect(link.delayUs(0, 0.5, 0.1)).toBe(20_000);
  });

  it('tells a whole round trip', () => {
    expect(createLink(PROFILE).roundTripUs(0.3)).toBe(40_000);
  });
});

describe('the order of a link', () => {
  test.prop([fc.array(fc.record({ gap: fc.nat(100), delay: fc.nat(500) }), { minLength: 2 })], {
    numRuns: 200,
    seed: 20261120,
  })('Q6: later messages never overtake earlier ones', (messages) => {
    const order = createLinkOrder();
    let nowUs = 0;
    let lastUs = 0;
    for (const { gap, delay } of messages) {
      nowUs += gap;
      const atUs = order.deliverAtUs(3, nowUs, delay);
      expect(atUs).toBeGreaterThanOrEqual(Math.max(lastUs, nowUs + delay));
      lastUs = atUs;
    }
  });

  it('Q6: links do not hold one another up', () => {
    const order = createLinkOrder();
    order.deliverAtUs(1, 0, 1_000);
    expect(order.deliverAtUs(2, 0, 10)).toBe(10);
  });
});
