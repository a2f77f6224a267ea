/** Datacentre links: how far two places are apart, and how long a message takes between them.
 * Connections there are open and their windows large. Spec: Q82. */
import { type DistributionSpec, quantileOf } from '../../kernel/distributions/distribution.ts';
import { checkArguments } from '../bad-argument.ts';
import { lossRepairUs, segmentsOf } from './tcp.ts';

/** Where something runs. Zones are numbered within their region. */
export interface Place {
  readonly region: number;
  readonly zone: number;
}

/** How far two places are apart. */
export type PlaceDistance = 'same-zone' | 'other-zone' | 'other-region';

/** How far two places are apart. */
export function distanceBetween(a: Place, b: Place): PlaceDistance {
  if (a.region !== b.region) return 'other-region';
  return a.zone === b.zone ? 'same-zone' : 'other-zone';
}

/** What the links of a datacentre are like: round trips in µs by distance. */
export interface DatacentreProfile {
  readonly sameZone: DistributionSpec;
  readonly otherZone: DistributionSpec;
  readonly otherRegion: DistributionSpec;
  readonly bandwidthBitsPerSec: number;
  /** Chance that a segment is lost: 0 ≤ p < 1. */
  readonly lossProbability: number;
}

/** Uniforms of a message where segments are lost. */
export interface LossyDraws {
  /** Decides the round trip. */
  readonly u: number;
  /** As in `LossDraw`. */
  readonly uLoss: number;
  readonly uRepeat: number;
}

/** Links between places. */
export interface DatacentreLinks {
  readonly isLossy: boolean;
  /** One-way delay of a message in whole µs ≥ 1; `u` decides the round trip. */
  delayUs(distance: PlaceDistance, sizeBytes: number, u: number): number;
  /** The same where segments may be lost. */
  lossyDelayUs(distance: PlaceDistance, sizeBytes: number, draws: LossyDraws): number;
  /** A round trip without payload (a handshake) in whole µs ≥ 1. */
  roundTripUs(distance: PlaceDistance, u: number): number;
}

/** Makes the links of a profile.
 * @throws EngineError `QUEUEING_BAD_ARGUMENT`, `CHANCE_BAD_PARAMETER`. */
export function createDatacentreLinks(profile: DatacentreProfile): DatacentreLinks {
  const { bandwidthBitsPerSec: bitsPerSec, lossProbability } = profile;
  const isShare = lossProbability >= 0 && lossProbability < 1;
  checkArguments([
    ['bandwidthBitsPerSec', bitsPerSec, bitsPerSec > 0, 'give a number > 0'],
    ['lossProbability', lossProbability, isShare, 'give a share in [0, 1)'],
  ]);
  const usPerByte = 8_000_000 / bitsPerSec;
  const roundTrips: Readonly<Record<PlaceDistance, (u: number) => number>> = {
    'same-zone': quantileOf(profile.sameZone),
    'other-zone': quantileOf(profile.otherZone),
    'other-region': quantileOf(profile.otherRegion),
  };
  return {
    isLossy: lossProbability > 0,
    delayUs: (distance, sizeBytes, u) =>
      Math.max(1, Math.round(roundTrips[distance](u) / 2 + sizeBytes * usPerByte)),
    lossyDelayUs(distance, sizeBytes, { u, uLoss, uRepeat }) {
      const roundTripUs = roundTrips[distance](u);
      const segments = segmentsOf(sizeBytes);
      const repairUs = lossRepairUs({ segments, lossProbability, roundTripUs, uLoss, uRepeat });
      return Math.max(1, Math.round(roundTripUs / 2 + sizeBytes * usPerByte + repairUs));
    },
    roundTripUs: (distance, u) => Math.max(1, Math.round(roundTrips[distance](u))),
  };
}
