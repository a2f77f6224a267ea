/** What TCP and TLS make of a transfer: handshakes, the window's growth, repair of losses. Pure
 * functions of sizes, round trips and uniforms. Left out: tail loss probes, the loss of TLS
 * flights, and a second loss in one message (SACK repairs it in the same round trip).
 * Spec: Q79–Q81, Q85. */

/** Payload of a segment: Ethernet's 1,500 bytes less the headers of IPv4 and TCP. */
export const SEGMENT_BYTES = 1_460;
/** Segments that a fresh connection may send unacknowledged. Source: RFC 6928. */
export const INITIAL_WINDOW_SEGMENTS = 10;
/** Linux' minimum; RFC 6298 says 1 s. */
const MIN_RETRANSMISSION_TIMEOUT_US = 200_000;
/** RFC 6298 §2.4, where a cap is allowed at 60 s or more. */
const MAX_RETRANSMISSION_TIMEOUT_US = 60_000_000;
/** Time-out of a SYN, for which there is no measured round trip. Source: RFC 6298 §2.1. */
const SYN_TIMEOUT_US = 1_000_000;
/** Later segments that must arrive for a loss to be noticed without a time-out. RFC 5681 §3.2. */
const DUPLICATE_ACKS = 3;
/** A retransmission is lost again at most this often in a row; Linux gives up after 15. */
const MAX_REPEATS = 15;
/** The window stops growing at what a receiver's buffer of 6 MB holds (Linux' tcp_rmem). */
const MAX_WINDOW_SEGMENTS = 4_308;

/** How a connection is secured. `1.3-early-data` sends the request with a resumed hello. */
export type TlsVersion = 'none' | '1.2' | '1.3' | '1.3-early-data';

/** Segments of a message; an empty one takes one too. */
export function segmentsOf(sizeBytes: number): number {
  return Math.max(1, Math.ceil(sizeBytes / SEGMENT_BYTES));
}

/** Round trips before the first request can go: one for TCP, and TLS 1.3 one (none with early data
 * on a resumed session), TLS 1.2 two (one on a resumed session). RFC 8446, RFC 5246. */
export function handshakeRoundTrips(tls: TlsVersion, isResumed: boolean): number {
  if (tls === 'none') return 1;
  if (tls === '1.2') return isResumed ? 2 : 3;
  return tls === '1.3-early-data' && isResumed ? 1 : 2;
}

/** A message on its way, without losses. */
export interface Transfer {
  readonly sizeBytes: number;
  readonly roundTripUs: number;
  readonly usPerByte: number;
  /** Segments that may be under way unacknowledged: {@link INITIAL_WINDOW_SEGMENTS} on a fresh
   * connection, {@link windowAfter} on a used one. */
  readonly windowSegments: number;
}

/** µs from sending until the last byte is there: rounds of window growth (each a round trip, as
 * long as sending a window takes less), the rest at the link's rate, and half a round trip. Source:
 * the latency model of Kurose and Ross, "Computer networking", §3.7. Cost O(log size). */
export function transferUs({
  sizeBytes,
  roundTripUs,
  usPerByte,
  windowSegments,
}: Transfer): number {
  let leftBytes = sizeBytes;
  let windowBytes = windowSegments * SEGMENT_BYTES;
  let roundsUs = 0;
  while (leftBytes > windowBytes && windowBytes * usPerByte < roundTripUs) {
    roundsUs += roundTripUs;
    leftBytes -= windowBytes;
    windowBytes *= 2;
  }
  return roundsUs + leftBytes * usPerByte + roundTripUs / 2;
}

/** The window after a message: grown by what was acknowledged, or halved where some was lost. */
export function windowAfter(
  { windowSegments, sizeBytes }: Pick<Transfer, 'windowSegments' | 'sizeBytes'>,
  isRepaired: boolean,
): number {
  if (isRepaired) return Math.max(2, windowSegments / 2);
  return Math.min(MAX_WINDOW_SEGMENTS, windowSegments + segmentsOf(sizeBytes));
}

/** The window after a pause: halved for every retransmission time-out that it was long, down to
 * what a fresh connection has. Source: RFC 5681 §4.1, as Linux does it
 * (tcp_slow_start_after_idle). */
export function windowAfterIdle(
  windowSegments: number,
  { idleUs, roundTripUs }: { readonly idleUs: number; readonly roundTripUs: number },
): number {
  if (windowSegments <= INITIAL_WINDOW_SEGMENTS) return windowSegments;
  const halvings = Math.floor(idleUs / retransmissionTimeoutUs(roundTripUs));
  return Math.max(INITIAL_WINDOW_SEGMENTS, windowSegments / 2 ** halvings);
}

/** RFC 6298 with Linux' minimum, for round trips that vary by half. */
function retransmissionTimeoutUs(roundTripUs: number): number {
  return Math.max(MIN_RETRANSMISSION_TIMEOUT_US, 3 * roundTripUs);
}

/** Chances of one message. */
export interface LossDraw {
  readonly segments: number;
  /** Chance that a segment is lost: 0 ≤ p < 1. */
  readonly lossProbability: number;
  readonly roundTripUs: number;
  /** Decides whether a segment is lost, and which one: the earlier the smaller. */
  readonly uLoss: number;
  /** Decides how often what is sent again is lost again. */
  readonly uRepeat: number;
}

/** µs that the repair of the first loss adds; 0 where nothing is lost. Where three segments follow
 * the lost one, it is sent again after one round trip (fast retransmit); else, and whenever it is
 * lost again, after a time-out of max(200 ms, 3 round trips), doubled each time. RFC 6298, 5681. */
export function lossRepairUs(draw: LossDraw): number {
  const { segments, lossProbability, roundTripUs, uLoss, uRepeat } = draw;
  // Never more likely than this: spares most messages the logarithms.
  if (uLoss >= segments * lossProbability) return 0;
  const first = Math.floor(Math.log1p(-uLoss) / Math.log1p(-lossProbability));
  if (first >= segments) return 0;
  const isFast = segments - first - 1 >= DUPLICATE_ACKS;
  const repeats = repeatsOf(lossProbability, uRepeat);
  const timeoutUs = retransmissionTimeoutUs(roundTripUs);
  return isFast ? roundTripUs + backoffUs(timeoutUs, repeats) : backoffUs(timeoutUs, repeats + 1);
}

/** µs that lost SYNs add to a handshake: a time-out of 1 s, doubled each time.
 * @param lossProbability - Of a segment: a SYN is in vain where it or its answer is lost. */
export function synRepairUs(lossProbability: number, uLoss: number): number {
  const inVain = 1 - (1 - lossProbability) ** 2;
  return uLoss >= inVain ? 0 : backoffUs(SYN_TIMEOUT_US, repeatsOf(inVain, uLoss));
}

/** How often in a row something of this probability happens. */
function repeatsOf(probability: number, u: number): number {
  return Math.min(MAX_REPEATS, Math.floor(Math.log(u) / Math.log(probability)));
}

/** The sum of `count` time-outs, each twice the one before. */
function backoffUs(timeoutUs: number, count: number): number {
  let totalUs = 0;
  for (let i = 0; i < count; i += 1) {
    totalUs += Math.min(MAX_RETRANSMISSION_TIMEOUT_US, timeoutUs * 2 ** i);
  }
  return totalUs;
}
