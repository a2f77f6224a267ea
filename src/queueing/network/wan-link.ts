/** The wide-area network between a class of devices and an origin: round trips, bandwidths, losses
 * and handshakes, as functions of uniforms. State (a client's rate, a connection's round trip and
 * window) is the caller's, and so is the transfer itself (`tcp.ts`). Spec: Q79–Q81. */
import { type DistributionSpec, quantileOf } from '../../kernel/distributions/distribution.ts';
import { checkArguments } from '../bad-argument.ts';
import {
  handshakeRoundTrips,
  lossRepairUs,
  segmentsOf,
  synRepairUs,
  type TlsVersion,
} from './tcp.ts';

/** What the network of a device class is like. */
export interface WanProfile {
  /** µs. */
  readonly roundTripTime: DistributionSpec;
  /** Whether the caller draws a round trip once a client, once a connection or every message. */
  readonly roundTripPer: 'client' | 'connection' | 'message';
  /** Bits per second, drawn once a client. */
  readonly downBitsPerSec: DistributionSpec;
  readonly upBitsPerSec: DistributionSpec;
  /** Chance that a segment is lost: 0 ≤ p < 1. */
  readonly lossProbability: number;
  readonly tls: TlsVersion;
  /** Whether a connection's window shrinks while nothing is sent. */
  readonly restartsWhenIdle: boolean;
}

/** A message that may lose segments. */
export interface MessageLoss {
  readonly sizeBytes: number;
  readonly roundTripUs: number;
  /** As in `LossDraw`. */
  readonly uLoss: number;
  readonly uRepeat: number;
}

/** The network of a device class, ready for use. Round trips and handshakes are whole µs ≥ 1. */
export interface WanLink {
  readonly profile: WanProfile;
  roundTripUs(u: number): number;
  downUsPerByte(u: number): number;
  upUsPerByte(u: number): number;
  /** A fresh connection until the request can go. `uLoss` decides whether SYNs are lost. */
  handshakeUs(roundTripUs: number, isResumed: boolean, uLoss: number): number;
  /** Whether a message may lose a segment: false spares it {@link WanLink.repairUs}. */
  mayLose(sizeBytes: number, uLoss: number): boolean;
  /** What the repair of a loss adds to a message, 0 where nothing is lost. */
  repairUs(loss: MessageLoss): number;
}

/** Makes the network of a device class.
 * @throws EngineError `QUEUEING_BAD_ARGUMENT`, `CHANCE_BAD_PARAMETER`. */
export function createWanLink(profile: WanProfile): WanLink {
  const { lossProbability, tls } = profile;
  const isShare = lossProbability >= 0 && lossProbability < 1;
  checkArguments([['lossProbability', lossProbability, isShare, 'give a share in [0, 1)']]);
  const roundTrip = quantileOf(profile.roundTripTime);
  const down = quantileOf(profile.downBitsPerSec);
  const up = quantileOf(profile.upBitsPerSec);
  return {
    profile,
    roundTripUs: (u) => wholeUs(roundTrip(u)),
    downUsPerByte: (u) => usPerByte(down(u)),
    upUsPerByte: (u) => usPerByte(up(u)),
    handshakeUs: (roundTripUs, isResumed, uLoss) =>
      wholeUs(
        handshakeRoundTrips(tls, isResumed) * roundTripUs + synRepairUs(lossProbability, uLoss),
      ),
    mayLose: (sizeBytes, uLoss) => uLoss < segmentsOf(sizeBytes) * lossProbability,
    repairUs: ({ sizeBytes, ...chances }) =>
      lossRepairUs({ segments: segmentsOf(sizeBytes), lossProbability, ...chances }),
  };
}

const BITS_TO_US = 8_000_000;
/** No client is slower than a modem of 1990, whatever its distribution says. */
const MIN_BITS_PER_SEC = 9_600;

function usPerByte(bitsPerSec: number): number {
  return BITS_TO_US / Math.max(MIN_BITS_PER_SEC, bitsPerSec);
}

function wholeUs(durationUs: number): number {
  return Math.max(1, Math.round(durationUs));
}
