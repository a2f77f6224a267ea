/** A network link: propagation (half a round trip), transmission (size over bandwidth) and loss,
 * which costs a retransmission timeout because the transport repairs it. Pure functions: the
 * caller brings the uniforms. Spec: Q5. */
import { type DistributionSpec, quantileOf } from '../kernel/distributions/distribution.ts';

/** What a link is like. */
export interface LinkProfile {
  /** Round-trip time in µs. */
  readonly roundTripTime: DistributionSpec;
  readonly bandwidthBitsPerSec: number;
  /** Chance 0–1 that a message needs a retransmission. */
  readonly lossProbability: number;
}

/** A link ready for use. */
export interface Link {
  readonly profile: LinkProfile;
  /** One-way delay of a message in µs. `uDelay` decides the round-trip time, `uLoss` the loss. */
  delayUs(sizeBytes: number, uDelay: number, uLoss: number): number;
  /** A whole round trip without payload (a handshake) in µs. */
  roundTripUs(uDelay: number): number;
}

/** Linux' minimal retransmission timeout (RFC 6298 says 1 s; kernels use 200 ms). */
const MIN_RETRANSMISSION_TIMEOUT_US = 200_000;
/** A timeout is never shorter than this many round trips. */
const RETRANSMISSION_ROUND_TRIPS = 2;

/** Makes a link from its profile. */
export function createLink(profile: LinkProfile): Link {
  const roundTrip = quantileOf(profile.roundTripTime);
  const usPerByte = 8_000_000 / profile.bandwidthBitsPerSec;
  return {
    profile,
    delayUs(sizeBytes, uDelay, uLoss) {
      const roundTripUs = roundTrip(uDelay);
      const repairUs =
        uLoss < profile.lossProbability
          ? Math.max(MIN_RETRANSMISSION_TIMEOUT_US, RETRANSMISSION_ROUND_TRIPS * roundTripUs)
          : 0;
      return Math.max(1, Math.round(roundTripUs / 2 + sizeBytes * usPerByte + repairUs));
    },
    roundTripUs: (uDelay) => Math.max(1, Math.round(roundTrip(uDelay))),
  };
}
