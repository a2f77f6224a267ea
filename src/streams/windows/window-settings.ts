/** A window specification with its defaults filled in and its contradictions refused, in the form
 * that operators read in their inner loops. */
import { EngineError } from '../../kernel/errors.ts';
import type { Accumulation, TriggerSpec, WindowAssignment, WindowSpec } from './window-spec.ts';

/** What decides panes, as numbers and flags. */
export interface WindowSettings {
  readonly assign: WindowAssignment;
  readonly accumulation: Accumulation;
  /** A window fires when the watermark reaches end + `fireAfterUs`: −1, or by Kafka's rule. */
  readonly fireAfterUs: number;
  /** It is forgotten when the watermark reaches end + `closeAfterUs`. */
  readonly closeAfterUs: number;
  /** What panes tell of a window's end is this much less: the gap for Kafka's sessions. */
  readonly endShownLessUs: number;
  /** New rows that make an early pane; ∞ for none. */
  readonly earlyCount: number;
  /** Early panes by time: at multiples of event time, or after a delay of process time. */
  readonly alarm: {
    readonly kind: 'event-time' | 'process-time';
    readonly periodUs: number;
  } | null;
  /** New rows that make a late pane; ∞ for none. */
  readonly lateCount: number;
  readonly firesOnTime: boolean;
  readonly closing: NonNullable<TriggerSpec['closing']>;
  readonly isStreamTime: boolean;
  /** What a watermark of the caller's convention is ahead of Flink's. */
  readonly watermarkShiftUs: number;
}

/** Fills in defaults. @throws EngineError `STREAMS_BAD_WINDOW` for what contradicts itself. */
export function resolveWindowSettings(spec: WindowSpec): WindowSettings {
  checkAssignment(spec.assign);
  const { trigger = {}, allowedLatenessUs = 0 } = spec;
  checkWhole('allowedLatenessUs', allowedLatenessUs, 0);
  const isStreamTime = spec.closeRule === 'stream-time';
  const endShownLessUs = kafkaGapUs(spec.assign);
  const endShiftUs = isStreamTime && endShownLessUs > 0 ? endShownLessUs : 1;
  return {
    assign: spec.assign,
    accumulation: spec.accumulation ?? 'accumulating',
    fireAfterUs: (isStreamTime ? allowedLatenessUs : 0) - endShiftUs,
    closeAfterUs: allowedLatenessUs - endShiftUs,
    endShownLessUs,
    ...earlySettings(trigger.early),
    lateCount: lateCount(trigger.late),
    firesOnTime: trigger.onTime ?? true,
    closing: trigger.closing ?? 'fire-if-non-empty',
    isStreamTime,
    watermarkShiftUs: spec.watermarkConvention === 'beam' ? 1 : 0,
  };
}

/** How far a session's end is past its last row where panes show that row's time as the end. */
function kafkaGapUs(assign: WindowAssignment): number {
  return assign.kind === 'session' && assign.touch === 'kafka' ? (assign.gapUs as number) : 0;
}

function checkAssignment(assign: WindowAssignment): void {
  const { offsetUs = 0 } = assign as { readonly offsetUs?: number };
  if (!Number.isSafeInteger(offsetUs)) refuse('assign.offsetUs', offsetUs, 'a whole number of µs');
  switch (assign.kind) {
    case 'tumbling':
      checkWhole('assign.sizeUs', assign.sizeUs);
      break;
    case 'hopping':
      checkWhole('assign.sizeUs', assign.sizeUs);
      checkWhole('assign.slideUs', assign.slideUs);
      break;
    case 'cumulate':
      checkWhole('assign.stepUs', assign.stepUs);
      checkWhole('assign.maxSizeUs', assign.maxSizeUs);
      if (assign.maxSizeUs % assign.stepUs === 0) break;
      refuse('assign.maxSizeUs', assign.maxSizeUs, `a multiple of ${assign.stepUs} (stepUs)`);
      break;
    case 'session':
      if (typeof assign.gapUs === 'number') checkWhole('assign.gapUs', assign.gapUs);
      else if (assign.touch === 'kafka') {
        refuse('assign.gapUs', assign.gapUs, 'fixed for touch: kafka');
      }
  }
}

function earlySettings(early: TriggerSpec['early']): Pick<WindowSettings, 'earlyCount' | 'alarm'> {
  const never = Number.POSITIVE_INFINITY;
  switch (early?.kind) {
    case undefined:
      return { earlyCount: never, alarm: null };
    case 'count':
      checkWhole('trigger.early.count', early.count);
      return { earlyCount: early.count, alarm: null };
    case 'event-time':
      checkWhole('trigger.early.everyUs', early.everyUs);
      return { earlyCount: never, alarm: { kind: early.kind, periodUs: early.everyUs } };
    case 'process-time':
      checkWhole('trigger.early.delayUs', early.delayUs, 0);
      return { earlyCount: never, alarm: { kind: early.kind, periodUs: early.delayUs } };
  }
}

function lateCount(late: TriggerSpec['late']): number {
  if (late === undefined || late.kind === 'each') return 1;
  if (late.kind === 'never') return Number.POSITIVE_INFINITY;
  checkWhole('trigger.late.count', late.count);
  return late.count;
}

function checkWhole(field: string, found: number, least = 1): void {
  if (Number.isSafeInteger(found) && found >= least) return;
  refuse(field, found, `a whole number, ${least} or more`);
}

function refuse(field: string, value: unknown, rule: string): never {
  const found = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const message = `${field} of a window is ${found}; it has to be ${rule}`;
  throw new EngineError('STREAMS_BAD_WINDOW', message, { field, found });
}
