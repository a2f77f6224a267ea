/** Time correction: from what clocks said to when a thing happened. A device's wall clock may be
 * years off and jump; its monotonic clock does not, but knows no date; the collector's clock is
 * right, but late by what lies between. Each strategy trusts another of them. Spec: W80–W85. */
import type { Checkpointable, PlainValue } from '../../domain/plain-value.ts';
import { EngineError } from '../../kernel/errors.ts';

/** What is known of one event's times, µs since the Unix epoch or since the device started. */
export interface ClockSample {
  readonly sessionId: string;
  /** Wall clock of the device at capture. */
  readonly deviceTimeUs: number;
  /** Monotonic clock of the device at capture. */
  readonly uptimeUs?: number | undefined;
  /** Wall clock of the device when the batch was sent. */
  readonly sentTimeUs: number;
  /** Monotonic clock of the device when the batch was sent. */
  readonly sentUptimeUs?: number | undefined;
  /** Clock of the collector when the batch came. */
  readonly ingestTimeUs: number;
  /** Round trip of this batch or the one before it, as the device measured it. */
  readonly roundTripUs?: number | undefined;
}

/** A strategy. Its state, where it has any, is by session and bounded. */
export interface TimeCorrection extends Checkpointable {
  readonly name: TimeCorrectionName;
  readonly version: string;
  /** @returns µs since the Unix epoch: whole, finite, and never negative. */
  correct(sample: ClockSample): number;
}

/** Strategies by name. */
export const TIME_CORRECTIONS = [
  'none',
  'segment',
  'snowplow',
  'minimum-round-trip',
  'monotonic-anchor',
] as const;
/** One of {@link TIME_CORRECTIONS}. */
export type TimeCorrectionName = (typeof TIME_CORRECTIONS)[number];

/** Makes a strategy without state out of its formula. */
export function statelessCorrection(
  name: TimeCorrectionName,
  formula: (sample: ClockSample) => number,
): TimeCorrection {
  return {
    name,
    version: '1.0.0',
    correct: (sample) => toTimeUs(formula(sample), sample),
    snapshot: () => null,
    restore(saved: PlainValue) {
      if (saved !== null) throw refusedSnapshot(name, 'it keeps no state');
    },
  };
}

/** A whole number of µs that a double holds, from whatever clocks gave: NaN becomes the collector's
 * time, or 0 where that is none either. */
export function toTimeUs(timeUs: number, { ingestTimeUs }: ClockSample): number {
  const known = Number.isNaN(timeUs) ? ingestTimeUs : timeUs;
  if (Number.isNaN(known)) return 0;
  return Math.round(Math.max(0, Math.min(Number.MAX_SAFE_INTEGER, known)));
}

/** The error of a snapshot that is none of this part. */
export function refusedSnapshot(part: string, rule: string): EngineError<'SNAPSHOT_REFUSED'> {
  const problems = [`${part}: ${rule}`];
  return new EngineError('SNAPSHOT_REFUSED', `${problems[0]}; restore what it saved`, { problems });
}
