/** Links: delays from round trips, size and loss. */
import { describe, expect, it } from 'vitest';
import { ms } from '../../src/kernel/time.ts';
import { createLink } from '../../src/queueing/link.ts';

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
