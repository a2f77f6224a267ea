/** The scenario's words for networks: the wide-area network of a device class, the links of
 * datacentres, regions and zones, and what bytes cost. Figures without a source are assumptions.
 * `station-configs.ts` makes the parts' configs of them. Spec: Q83, Q84. */
import { z } from 'zod';
import { ms, us } from '../../kernel/time.ts';
import { distributionSchema as distribution, linkSchema } from './distribution-schema.ts';
import { poolSchema } from './station-schema.ts';
import { lognormal } from './values.ts';

const count = z.int().positive();
const price = z.number().nonnegative();
/** Of a segment; a link that loses everything is none. */
const loss = z.number().min(0).lt(1);

const bitsPerSec = (megabits: number, sigma: number) => ({
  kind: 'lognormal' as const,
  median: megabits * 1e6,
  sigma,
});

/** The wide-area network of a device class. */
export const wanSchema = z.strictObject({
  roundTripTime: distribution.default(lognormal(ms(38), 0.5)),
  /** Whether a round trip is drawn once a client, once a connection or for every message. */
  roundTripPer: z.enum(['client', 'connection', 'message']).default('connection'),
  /** Bits per second, drawn once a client. */
  downBitsPerSec: distribution.default(bitsPerSec(30, 0.7)),
  upBitsPerSec: distribution.default(bitsPerSec(10, 0.7)),
  /** Chance that a segment is lost. */
  lossProbability: loss.default(0.001),
  tls: z.enum(['none', '1.2', '1.3', '1.3-early-data']).default('1.3'),
  /** Whether TCP forgets its window while nothing is sent, as Linux does unless told otherwise. */
  restartsWhenIdle: z.boolean().default(true),
});

/** A link in short. As a wide-area network: TLS 1.3, a round trip a message, the same rate up and
 * down for every client. In a datacentre: zones are as near as neighbours. */
export const simpleLinkSchema = z.strictObject({
  ...linkSchema.shape,
  /** Of a segment. */
  lossProbability: loss.default(0),
});

/** A wide-area network in full or in short. */
export const anyWanSchema = z.union([wanSchema, simpleLinkSchema]);

/** The links between places of a datacentre: round trips by distance. */
export const datacentreSchema = z.strictObject({
  sameZone: distribution.default(lognormal(us(350), 0.4)),
  otherZone: distribution.default(lognormal(us(1_000), 0.3)),
  otherRegion: distribution.default(lognormal(ms(65), 0.1)),
  bandwidthBitsPerSec: z.number().positive().default(10e9),
  /** Chance that a segment is lost. */
  lossProbability: loss.default(0),
});

/** USD a GB (10⁹ bytes) by where it goes. Defaults: list prices of AWS in us-east-1, the first tier
 * to the internet; between zones it is 0.01 on either side. What comes in is free. */
export const trafficPricesSchema = z.strictObject({
  sameZone: price.default(0),
  otherZone: price.default(0.02),
  otherRegion: price.default(0.02),
  internet: price.default(0.09),
});

/** Networks but for those of device classes. */
export const networkSchema = z.strictObject({
  /** Connections of a client to whom it asks. */
  connections: poolSchema.prefault({ protocol: 'http/1.1' }),
  /** Zones of each region, which the replicas of every server there are spread over. */
  zones: count.default(1),
  /** Clients reach region 0; a server says with `region` where it stands. */
  regions: count.default(1),
  datacentre: z.union([datacentreSchema, simpleLinkSchema]).prefault({}),
  database: linkSchema.default({
    roundTripTime: lognormal(ms(1.2), 0.6),
    bandwidthBitsPerSec: 10e9,
    lossProbability: 0,
  }),
  /** With prices, the result says what traffic costs. */
  prices: trafficPricesSchema.optional(),
});

/** Broadband at home, by wire or Wi-Fi. Round trips: mean 21 ms, standard deviation 19 ms. Source:
 * Catchpoint 2013 (calendar.perfplanet.com/2013/network-latency-4g). */
export function broadband(megabits: { readonly down: number; readonly up: number }) {
  return {
    roundTripTime: lognormal(ms(15.6), 0.77),
    roundTripPer: 'client' as const,
    downBitsPerSec: bitsPerSec(megabits.down, 0.7),
    upBitsPerSec: bitsPerSec(megabits.up, 0.7),
    lossProbability: 0.0005,
  };
}

/** Nine phones in ten on 4G (mean round trip 55 ms, ibid.), the others on 3G (100 to 500 ms.
 * Source: Grigorik, "High performance browser networking", table 7-2): a mean of 75 ms. */
export const MOBILE = {
  roundTripTime: lognormal(ms(50), 0.9),
  roundTripPer: 'connection' as const,
  downBitsPerSec: bitsPerSec(15, 0.9),
  upBitsPerSec: bitsPerSec(5, 0.9),
  lossProbability: 0.003,
};
