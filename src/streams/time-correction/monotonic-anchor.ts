/** The device's monotonic clock, anchored in the collector's: a session's least `received − sent
 * uptime` is when the device started, give or take the fastest way through the network, and an
 * event happened its uptime after that. No wall clock of a device is read. As better anchors
 * come, the map from uptime to time grows at its end and never falls, so that no two events of a
 * session change places, in whatever order their batches come. Spec: W85. */
import type { PlainValue } from '../../domain/plain-value.ts';
import { createSessionStates } from './session-states.ts';
import {
  type ClockSample,
  refusedSnapshot,
  type TimeCorrection,
  toTimeUs,
} from './time-correction.ts';

/** From this uptime on: time = max(anchor + uptime, floor + a thousandth of the uptime since). */
interface Piece {
  readonly fromUptimeUs: number;
  readonly anchorUs: number;
  readonly floorUs: number;
}

interface Anchoring {
  /** Ascending by uptime; at least one. */
  readonly pieces: Piece[];
  /** Greatest uptime that was asked for: the map is settled up to here. */
  settledUptimeUs: number;
}

const SESSIONS_MAX = 100_000;
/** Pieces of one session: each is a new record of the least delay, so there are few. Beyond them
 * the oldest are joined. */
const PIECES_MAX = 16;
/** Where a better anchor would turn time back, it creeps on at one part in so many, so that no two
 * events fall on one instant. */
const CREEP = 1_024;
/** Below every uptime and every time. */
const LEAST = -Number.MAX_SAFE_INTEGER;
/** An anchor this much later than the known one is no delay: the device was started again. */
const RESTART_US = 3_600_000_000;

/** Makes the strategy. Events without uptime are corrected by the age that the wall clock tells. */
export function monotonicAnchorCorrection(): TimeCorrection {
  const sessions = createSessionStates<Anchoring>(SESSIONS_MAX, write);
  return {
    name: 'monotonic-anchor',
    version: '1.0.0',
    correct(sample) {
      const { uptimeUs, sentUptimeUs, ingestTimeUs } = sample;
      if (uptimeUs === undefined || sentUptimeUs === undefined) return byWallClock(sample);
      const anchorUs = ingestTimeUs - sentUptimeUs;
      if (!Number.isFinite(anchorUs) || !Number.isFinite(uptimeUs)) return byWallClock(sample);
      const known = sessions.get(sample.sessionId);
      const anchoring = anchored(known, anchorUs);
      if (anchoring !== known) sessions.set(sample.sessionId, anchoring);
      anchoring.settledUptimeUs = Math.max(anchoring.settledUptimeUs, uptimeUs);
      return toTimeUs(timeAt(anchoring, uptimeUs), sample);
    },
    snapshot: () => sessions.snapshot(),
    restore(saved: PlainValue) {
      if (sessions.restore(saved, read)) return;
      throw refusedSnapshot('monotonic-anchor', 'it is no list of anchors by session');
    },
  };
}

function byWallClock(sample: ClockSample): number {
  const { ingestTimeUs, sentTimeUs, deviceTimeUs } = sample;
  return toTimeUs(ingestTimeUs - Math.max(0, sentTimeUs - deviceTimeUs), sample);
}

/** The anchoring after a batch with this anchor. */
function anchored(known: Anchoring | undefined, anchorUs: number): Anchoring {
  const last = known?.pieces.at(-1);
  if (known === undefined || last === undefined || anchorUs - last.anchorUs > RESTART_US) {
    const first = { fromUptimeUs: LEAST, anchorUs, floorUs: LEAST };
    return { pieces: [first], settledUptimeUs: LEAST };
  }
  if (anchorUs >= last.anchorUs) return known;
  const fromUptimeUs = known.settledUptimeUs;
  known.pieces.push({ fromUptimeUs, anchorUs, floorUs: timeAt(known, fromUptimeUs) });
  if (known.pieces.length > PIECES_MAX) known.pieces.shift();
  return known;
}

/** Ascending in uptime: within a piece by its slope, from one to the next by the floor. */
function timeAt({ pieces }: Anchoring, uptimeUs: number): number {
  let at = pieces.length - 1;
  while (at > 0 && uptimeUs <= (pieces[at]?.fromUptimeUs ?? 0)) at -= 1;
  const piece = pieces[at];
  if (piece === undefined) return 0;
  const creptUs = Math.ceil(Math.max(0, uptimeUs - piece.fromUptimeUs) / CREEP);
  return Math.max(piece.anchorUs + uptimeUs, piece.floorUs + creptUs);
}

function write({ pieces, settledUptimeUs }: Anchoring): PlainValue {
  return [
    settledUptimeUs,
    ...pieces.flatMap((piece) => [piece.fromUptimeUs, piece.anchorUs, piece.floorUs]),
  ];
}

function read(saved: PlainValue): Anchoring | undefined {
  if (!Array.isArray(saved) || saved.length < 4 || saved.length % 3 !== 1) return undefined;
  if (!saved.every((one) => Number.isFinite(one))) return undefined;
  const [settledUptimeUs = 0, ...numbers] = saved as readonly number[];
  const pieces: Piece[] = [];
  for (let i = 0; i < numbers.length; i += 3) {
    const [fromUptimeUs = 0, anchorUs = 0, floorUs = 0] = numbers.slice(i, i + 3);
    pieces.push({ fromUptimeUs, anchorUs, floorUs });
  }
  return { pieces, settledUptimeUs };
}
