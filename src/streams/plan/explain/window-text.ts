/** Windows, triggers and what is kept of them, in words. */
import type { TriggerSpec, WindowAssignment, WindowSpec } from '../../windows/window-spec.ts';
import { durationText, expressionText } from './texts.ts';

/** `tumbling 1 min`. */
export function assignmentText(assign: WindowAssignment): string {
  const offset =
    'offsetUs' in assign && (assign.offsetUs ?? 0) !== 0
      ? `, offset ${durationText(assign.offsetUs ?? 0)}`
      : '';
  switch (assign.kind) {
    case 'tumbling':
      return `tumbling ${durationText(assign.sizeUs)}${offset}`;
    case 'hopping':
      return [
        `hopping ${durationText(assign.sizeUs)}`,
        ` every ${durationText(assign.slideUs)}${offset}`,
      ].join('');
    case 'session': {
      const { gapUs, touch = 'merge' } = assign;
      const gap = typeof gapUs === 'number' ? durationText(gapUs) : `${expressionText(gapUs)} µs`;
      return `session with a gap of ${gap}, ${TOUCHES[touch]}`;
    }
    case 'global':
      return 'global: one window, until the stream ends';
    case 'cumulate': {
      const { stepUs, maxSizeUs } = assign;
      return `cumulating up to ${durationText(maxSizeUs)} by ${durationText(stepUs)}${offset}`;
    }
  }
}

const TOUCHES = {
  merge: 'those that touch merge (as Flink)',
  split: 'those that touch stay apart (as Beam)',
  kafka: 'ending with the last row, inclusive (as Kafka)',
} as const;

/** When panes come and what they hold. */
export function panesText(window: WindowSpec): string {
  const { trigger = {}, allowedLatenessUs = 0, closeRule } = window;
  const when = [
    ...earlyTexts(trigger.early),
    ...(trigger.onTime === false ? [] : [onTimeText(window)]),
    ...(allowedLatenessUs > 0 && closeRule !== 'stream-time' ? [lateText(window)] : []),
  ];
  return `${when.join('; ')}; ${ACCUMULATIONS[window.accumulation ?? 'accumulating']}`;
}

const ACCUMULATIONS = {
  accumulating: 'each holds all so far',
  discarding: 'each holds what came since the one before',
  retracting: 'each holds all so far, after the one before is taken back',
} as const;

function earlyTexts(early: TriggerSpec['early']): string[] {
  if (early === undefined) return [];
  if (early.kind === 'count') return [`early after ${early.count} new rows`];
  if (early.kind === 'event-time') return [`early at each ${durationText(early.everyUs)}`];
  return [`early ${durationText(early.delayUs)} of process time after news`];
}

function onTimeText({ assign, closeRule, allowedLatenessUs = 0 }: WindowSpec): string {
  if (assign.kind === 'global') return 'one when the stream ends';
  if (closeRule !== 'stream-time') return 'one when the watermark reaches the last instant';
  return `one when the greatest time seen is ${durationText(allowedLatenessUs)} past the end`;
}

function lateText({ trigger = {}, allowedLatenessUs = 0 }: WindowSpec): string {
  const { late = { kind: 'each' }, closing = 'fire-if-non-empty' } = trigger;
  const until = `up to ${durationText(allowedLatenessUs)} late`;
  if (late.kind === 'each') return `one for each row ${until}`;
  const last = closing === 'never' ? '' : ', and one at the close';
  return late.kind === 'never'
    ? `rows ${until}${last}`
    : `one for ${late.count} rows ${until}${last}`;
}

/** What is kept of windows and until when. */
export function windowStateText(window: WindowSpec, topLimit: number | undefined): string {
  const { assign, allowedLatenessUs = 0, closeRule } = window;
  const kept = topLimit === undefined ? '' : ' and its last row, for the ranking';
  const what = `one accumulator a key and window${kept}`;
  if (assign.kind === 'global') return `${what}, until the stream ends`;
  const clock = closeRule === 'stream-time' ? 'greatest time' : 'watermark';
  const past = allowedLatenessUs === 0 ? 'its end' : `its end + ${durationText(allowedLatenessUs)}`;
  const share = assign.kind === 'hopping' ? Math.ceil(assign.sizeUs / assign.slideUs) : 1;
  const overlap = share > 1 ? ` (${share} windows a row)` : '';
  return `${what}${overlap}, until the ${clock} reaches ${past}`;
}
