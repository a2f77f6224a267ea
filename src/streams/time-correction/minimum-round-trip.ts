/** Clock offset of a device as NTP's filter estimates it: of a session's batches, the one with the
 * least round trip (or, where none was measured, the least delay) says how far the wall clock is
 * off, and all its events are moved by that. Batches after it may know better; events that went
 * before are not touched. A jump of the wall clock starts the estimate anew. Spec: W84.
 * Source: Mills, RFC 5905 §10, clock filter. */
import type { PlainValue } from '../../domain/plain-value.ts';
import { createSessionStates, readNumbers } from './session-states.ts';
import {
  type ClockSample,
  refusedSnapshot,
  type TimeCorrection,
  toTimeUs,
} from './time-correction.ts';

interface Estimate {
  /** Collector's clock − device's clock, by the best batch so far. */
  offsetUs: number;
  /** That batch's round trip; +∞ stands for one that was not measured. */
  roundTripUs: number;
  /** Wall − monotonic clock of the device; NaN where the device has no monotonic clock. */
  wallOriginUs: number;
}

const SESSIONS_MAX = 100_000;
/** Wall and monotonic clock of one device drift apart by less than this within a session. */
const JUMP_US = 250_000;
/** −1 stands for what is not known in a snapshot, which has no NaN and no ∞. */
const UNKNOWN = -1;

/** Makes the strategy. */
export function minimumRoundTripCorrection(): TimeCorrection {
  const sessions = createSessionStates<Estimate>(SESSIONS_MAX, (estimate) => [
    estimate.offsetUs,
    Number.isFinite(estimate.roundTripUs) ? estimate.roundTripUs : UNKNOWN,
    ...(Number.isNaN(estimate.wallOriginUs) ? [0, 0] : [1, estimate.wallOriginUs]),
  ]);
  return {
    name: 'minimum-round-trip',
    version: '1.0.0',
    correct(sample) {
      const fresh = estimateOf(sample);
      if (!Number.isFinite(fresh.offsetUs)) return toTimeUs(sample.deviceTimeUs, sample);
      const known = sessions.get(sample.sessionId);
      const best = known === undefined ? fresh : better(known, fresh);
      if (best !== known) sessions.set(sample.sessionId, best);
      return toTimeUs(sample.deviceTimeUs + best.offsetUs, sample);
    },
    snapshot: () => sessions.snapshot(),
    restore(saved: PlainValue) {
      if (sessions.restore(saved, readEstimate)) return;
      throw refusedSnapshot('minimum-round-trip', 'it is no list of estimates by session');
    },
  };
}

/** What one batch says. Half of the round trip was the way there. */
function estimateOf(sample: ClockSample): Estimate {
  const { ingestTimeUs, sentTimeUs, sentUptimeUs, roundTripUs } = sample;
  const delayedUs = ingestTimeUs - sentTimeUs;
  const isMeasured = roundTripUs !== undefined && Number.isFinite(roundTripUs) && roundTripUs >= 0;
  const wallOriginUs = sentTimeUs - (sentUptimeUs ?? Number.NaN);
  return {
    offsetUs: isMeasured ? delayedUs - roundTripUs / 2 : delayedUs,
    roundTripUs: isMeasured ? roundTripUs : Number.POSITIVE_INFINITY,
    wallOriginUs: Number.isFinite(wallOriginUs) ? wallOriginUs : Number.NaN,
  };
}

function better(known: Estimate, fresh: Estimate): Estimate {
  if (Math.abs(known.wallOriginUs - fresh.wallOriginUs) > JUMP_US) return fresh;
  if (fresh.roundTripUs !== known.roundTripUs) {
    return fresh.roundTripUs < known.roundTripUs ? fresh : known;
  }
  return fresh.offsetUs < known.offsetUs ? fresh : known;
}

function readEstimate(saved: PlainValue): Estimate | undefined {
  const numbers = readNumbers(saved, 4);
  if (numbers === undefined) return undefined;
  const [offsetUs = 0, roundTripUs = 0, hasOrigin, wallOriginUs = 0] = numbers;
  return {
    offsetUs,
    roundTripUs: roundTripUs === UNKNOWN ? Number.POSITIVE_INFINITY : roundTripUs,
    wallOriginUs: hasOrigin === 1 ? wallOriginUs : Number.NaN,
  };
}
