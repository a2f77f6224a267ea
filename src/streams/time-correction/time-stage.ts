/** Corrects the event's time by a strategy, and says what becomes of times that cannot be: later
 * than the event arrived, or long before. They are counted and flagged, and moved only by rule.
 * Spec: W80, W86. */

import { annotate, type EventDraft, type Stage, type StageContext } from '../enrichment/stage.ts';
import { createTimeCorrection } from './strategies.ts';
import type { ClockSample, TimeCorrectionName } from './time-correction.ts';

/** Options of the stage. */
export interface TimeStageOptions {
  /** Default `none`. */
  readonly strategy?: TimeCorrectionName;
  /** A corrected time may lie this far after the arrival. Default 5 minutes. */
  readonly futureToleranceUs?: number;
  /** A corrected time may lie this far before the arrival. Default: as far as it wants. */
  readonly pastToleranceUs?: number;
  /** What to do with times beyond that: leave them, or put them at the limit. Default `keep`. */
  readonly beyond?: 'keep' | 'clamp';
}

const FUTURE_TOLERANCE_US = 300_000_000;

/** Makes the stage. */
export function createTimeStage(options: TimeStageOptions = {}): Stage {
  const {
    strategy = 'none',
    futureToleranceUs = FUTURE_TOLERANCE_US,
    pastToleranceUs = Number.POSITIVE_INFINITY,
    beyond = 'keep',
  } = options;
  const correction = createTimeCorrection(strategy);
  const clamps = beyond === 'clamp';
  const limitsOf = (ingestTimeUs: number) => ({
    minUs: ingestTimeUs - pastToleranceUs,
    maxUs: ingestTimeUs + futureToleranceUs,
    // Where times beyond go: nothing happens after it arrived.
    future: ingestTimeUs,
    past: Math.max(0, ingestTimeUs - pastToleranceUs),
  });
  return {
    name: 'time',
    version: correction.version,
    part: 'enrich',
    references: { strategy },
    memory: correction,
    apply(draft, context) {
      const deviceTimeUs = draft.event.eventTimeUs;
      const timeUs = strategy === 'none' ? deviceTimeUs : correction.correct(sampleOf(draft));
      const limits = limitsOf(draft.record.ingestTimeUs);
      const flag = timeUs > limits.maxUs ? 'future' : timeUs < limits.minUs ? 'past' : undefined;
      if (flag === undefined && timeUs === deviceTimeUs) return draft;
      if (flag !== undefined) tell(context, flag, clamps);
      const finalUs = flag !== undefined && clamps ? limits[flag] : timeUs;
      if (finalUs !== deviceTimeUs) draft.event = { ...draft.event, eventTimeUs: finalUs };
      const found = { strategy, deviceTimeUs };
      annotate(draft, 'time', flag === undefined ? found : { ...found, flag });
      return draft;
    },
  };
}

function tell(context: StageContext, flag: 'future' | 'past', clamps: boolean): void {
  context.note(`event time in the ${flag}${clamps ? ', moved' : ''}`);
}

function sampleOf({ event, record }: EventDraft): ClockSample {
  return {
    sessionId: event.sessionId === '' ? event.subject : event.sessionId,
    deviceTimeUs: event.eventTimeUs,
    uptimeUs: event.uptimeUs,
    sentTimeUs: record.sentTimeUs,
    sentUptimeUs: record.sentUptimeUs,
    ingestTimeUs: record.ingestTimeUs,
  };
}
