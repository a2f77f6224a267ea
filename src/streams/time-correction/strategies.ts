/** The strategies of time correction by name: add one line for a new one. */
import { noCorrection, segmentCorrection, snowplowCorrection } from './batch-formulas.ts';
import { minimumRoundTripCorrection } from './minimum-round-trip.ts';
import { monotonicAnchorCorrection } from './monotonic-anchor.ts';
import type { TimeCorrection, TimeCorrectionName } from './time-correction.ts';

const FACTORIES: Readonly<Record<TimeCorrectionName, () => TimeCorrection>> = {
  none: noCorrection,
  segment: segmentCorrection,
  snowplow: snowplowCorrection,
  'minimum-round-trip': minimumRoundTripCorrection,
  'monotonic-anchor': monotonicAnchorCorrection,
};

/** Makes a strategy with a state of its own. */
export function createTimeCorrection(name: TimeCorrectionName): TimeCorrection {
  return FACTORIES[name]();
}
