/** Networks: WAN links by hand and by quantiles, places, and what bytes cost. */
import { describe, expect, it } from 'vitest';
import { createChance } from '../../../src/kernel/chance.ts';
import { ms } from '../../../src/kernel/time.ts';
import { createDatacentreLinks, distanceBetween } from '../../../src/queueing/network/places.ts';
import { createTrafficMeter, trafficCostUsd } from '../../../src/queueing/network/traffic-meter.ts';
import { createWanLink, type WanProfile } from '../../../src/queueing/network/wan-link.ts';

const fixed = (value: number) => ({ kind: 'deterministic', value }) as const;

const PROFILE: WanProfile = {
  roundTripTime: { kind: 'lognormal', median: ms(40), sigma: 0.5 },
  roundTripPer: 'connection',
  downBitsPerSec: fixed(8e6),
  upBitsPerSec: fixed(4e6),
  lossProbability: 0.01,
  tls: '1.3',
  restartsWhenIdle: true,
};

describe('a WAN link', () => {
  const link = createWanLink(PROFILE);
  const message = {
    sizeBytes: 1_000,
    roundTripUs: 40_000,
    uLoss: 0.5,
    uRepeat: 0.5,
  };

  it('draws round trips and rates', () => {
    expect(link.roundTripUs(0.5)).toBe(40_000);
    // The 0.9 quantile of the standard normal is 1.2815515655.
    expect(link.roundTripUs(0.9)).toBe(Math.round(40_000 * Math.exp(0.5 * 1.2815515655)));
    expect([link.downUsPerByte(0.3), link.upUsPerByte(0.3)]).toEqual([1, 2]);
    expect(link.profile.roundTripPer).toBe('connection');
  });

  it('Q80: repairs a message that lost a segment, and tells which may have', () => {
    expect([link.mayLose(1_000, 0.5), link.repairUs(message)]).toEqual([false, 0]);
    const lost = { ...message, uLoss: 0.005 };
    expect([link.mayLose(1_000, 0.005), link.repairUs(lost)]).toEqual([true, 200_000]);
    // Two segments lose one with probability 0.0199, which 0.02 bounds.
    expect(link.mayLose(2_000, 0.01995)).toBe(true);
    expect(link.repairUs({ ...message, sizeBytes: 2_000, uLoss: 0.01995 })).toBe(0);
    expect(createWanLink({ ...PROFILE, lossProbability: 0 }).mayLose(1e6, 1e-9)).toBe(false);
  });

  it('Q81: shakes hands', () => {
    expect(link.handshakeUs(40_000, false, 0.5)).toBe(80_000);
    expect(link.handshakeUs(40_000, false, 0.01)).toBe(1_080_000);
    const early = createWanLink({ ...PROFILE, tls: '1.3-early-data' });
    expect(early.handshakeUs(40_000, true, 0.5)).toBe(40_000);
  });

  it('Q80: has the tail that its losses make', () => {
    const draws = createChance({ seed: 20_261_125, replication: 0 }).draws('wan.test');
    const lossy = createWanLink({ ...PROFILE, lossProbability: 0.05 });
    const delaysUs = Array.from({ length: 50_000 }, (_, i) =>
      lossy.repairUs({ ...message, uLoss: draws.uniform(0, i), uRepeat: draws.uniform(1, i) }),
    ).sort((a, b) => a - b);
    const quantile = (q: number) => delaysUs[Math.floor(q * delaysUs.length)];
    // One in 20 is lost once, one in 400 twice.
    expect([quantile(0.5), quantile(0.945), quantile(0.955)]).toEqual([0, 0, 200_000]);
    expect([quantile(0.9965), quantile(0.9985)]).toEqual([200_000, 600_000]);
  });

  it('refuses a link that loses all, and keeps a rate above none', () => {
    expect(() => createWanLink({ ...PROFILE, lossProbability: 1 })).toThrow(
      'QUEUEING_BAD_ARGUMENT: lossProbability is 1; give a share in [0, 1)',
    );
    const dead = createWanLink({ ...PROFILE, downBitsPerSec: fixed(0) });
    expect(dead.downUsPerByte(0.5)).toBeCloseTo(8e6 / 9_600, 6);
  });
});

describe('places', () => {
  const home = { region: 0, zone: 1 };

  it('Q82: are as far apart as region and zone say', () => {
    expect(distanceBetween(home, { region: 0, zone: 1 })).toBe('same-zone');
    expect(distanceBetween(home, { region: 0, zone: 2 })).toBe('other-zone');
    expect(distanceBetween(home, { region: 1, zone: 1 })).toBe('other-region');
  });

  it('Q82: have each their own round trip', () => {
    const links = createDatacentreLinks({
      sameZone: fixed(400),
      otherZone: fixed(1_200),
      otherRegion: fixed(65_000),
      bandwidthBitsPerSec: 8e9,
      lossProbability: 0.01,
    });
    const distances = ['same-zone', 'other-zone', 'other-region'] as const;
    expect(distances.map((one) => links.delayUs(one, 10_000, 0.5))).toEqual([210, 610, 32_510]);
    expect(distances.map((one) => links.roundTripUs(one, 0.5))).toEqual([400, 1_200, 65_000]);
    // The seventh segment of seven: none follows it, so that a time-out repairs it.
    const late = { u: 0.5, uLoss: 1 - 0.99 ** 6.5, uRepeat: 0.5 };
    expect(links.isLossy).toBe(true);
    expect(links.lossyDelayUs('same-zone', 10_000, late)).toBe(200_210);
    expect(links.lossyDelayUs('same-zone', 10_000, { ...late, uLoss: 0.001 })).toBe(610);
  });

  it('Q82: bytes are counted by class and cost by it', () => {
    const meter = createTrafficMeter();
    meter.add('internet', 3e9);
    meter.add('internet', 1e9);
    meter.add('other-zone', 5e8);
    expect(meter.totalBytes()).toEqual({
      'same-zone': 0,
      'other-zone': 5e8,
      'other-region': 0,
      internet: 4e9,
      inbound: 0,
    });
    const between = { 'same-zone': 0, 'other-zone': 0.02, 'other-region': 0.02 };
    const prices = { ...between, internet: 0.09, inbound: 0 };
    expect(trafficCostUsd(meter.totalBytes(), prices)).toBeCloseTo(0.37, 12);
  });
});
