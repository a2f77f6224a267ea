/** The time axis that all charts over time share: minutes since the start of the run, shown as UTC
 * clock time up to two days and as hours beyond. */
import type { Provenance } from '../../experiment/result.ts';
import { INK } from './svg-chart.ts';

/** A stretch of the run. */
export interface TimeAxis {
  readonly endMinute: number;
  /** Name with the unit. */
  readonly name: string;
  readonly stepMinutes: number;
  /** What stands behind a moment in a sentence. */
  readonly suffix: string;
  /** Text of a moment, such as `19:30`; with seconds in runs of up to an hour. */
  format(minute: number): string;
  /** Text of a label: with seconds only where labels stand closer than a minute. */
  formatLabel(minute: number): string;
}

const MINUTES_PER_DAY = 1_440;
const SECONDS_PER_MINUTE = 60;
/** Longest run whose series have more than a point a minute. */
const SECONDS_UP_TO_MINUTES = 60;
const STEPS = [
  1 / 60,
  1 / 30,
  1 / 12,
  1 / 6,
  0.25,
  0.5,
  1,
  2,
  5,
  10,
  15,
  30,
  60,
  120,
  180,
  360,
  720,
  1_440,
  2_880,
  10_080,
];
const TICKS_MAX = 7;

/** The axis of a run. */
export function createTimeAxis(run: Pick<Provenance, 'startUtc' | 'virtualHours'>): TimeAxis {
  const endMinute = Math.max(1 / SECONDS_PER_MINUTE, run.virtualHours * 60);
  const fits = (step: number): boolean => endMinute / step <= TICKS_MAX;
  const stepMinutes = STEPS.find(fits) ?? Math.ceil(endMinute / TICKS_MAX);
  const startMinute = minuteOfDay(run.startUtc);
  const isClock = startMinute !== undefined && endMinute <= 2 * MINUTES_PER_DAY;
  const text = (minute: number, hasSeconds: boolean): string => {
    if (!isClock) return clockTime(minute, hasSeconds);
    const ofDay = clockTime((startMinute + minute) % MINUTES_PER_DAY, hasSeconds);
    return ofDay.padStart(hasSeconds ? 8 : 5, '0');
  };
  const hasSecondLabels = stepMinutes < 1;
  return {
    endMinute,
    name: isClock
      ? 'time of day, UTC'
      : `time since the start, ${hasSecondLabels ? 'h:mm:ss' : 'h:mm'}`,
    stepMinutes,
    suffix: isClock ? 'UTC' : 'after the start',
    format: (minute) => text(minute, endMinute <= SECONDS_UP_TO_MINUTES),
    formatLabel: (minute) => text(minute, hasSecondLabels),
  };
}

/** The axis as ECharts takes it. */
export function timeAxisOption(axis: TimeAxis) {
  return {
    type: 'value' as const,
    min: 0,
    max: axis.endMinute,
    interval: axis.stepMinutes,
    name: axis.name,
    nameLocation: 'middle' as const,
    nameGap: 26,
    nameTextStyle: { color: INK.text },
    axisLine: { lineStyle: { color: INK.axis }, onZero: false },
    axisTick: { lineStyle: { color: INK.axis } },
    axisLabel: {
      color: INK.text,
      formatter: (minute: number) => (isStep(axis, minute) ? axis.formatLabel(minute) : ''),
    },
    splitLine: { show: false },
  };
}

function minuteOfDay(startUtc: string): number | undefined {
  const match = /T(\d\d):(\d\d)/.exec(startUtc);
  return match === null ? undefined : Number(match[1]) * 60 + Number(match[2]);
}

/** ECharts labels the end of the axis too; steps of parts of a minute are not exact. */
function isStep({ stepMinutes }: TimeAxis, minute: number): boolean {
  const steps = minute / stepMinutes;
  return Math.abs(steps - Math.round(steps)) < 1e-6;
}

function clockTime(minute: number, hasSeconds: boolean): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const whole = Math.round(hasSeconds ? minute * SECONDS_PER_MINUTE : minute);
  const minutes = hasSeconds ? Math.floor(whole / SECONDS_PER_MINUTE) : whole;
  const text = `${Math.floor(minutes / 60)}:${two(minutes % 60)}`;
  return hasSeconds ? `${text}:${two(whole % SECONDS_PER_MINUTE)}` : text;
}
