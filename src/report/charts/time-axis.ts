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
  /** Text of a moment, such as `19:30`. */
  format(minute: number): string;
}

const MINUTES_PER_DAY = 1_440;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 10_080];
const TICKS_MAX = 7;

/** The axis of a run. */
export function createTimeAxis(run: Pick<Provenance, 'startUtc' | 'virtualHours'>): TimeAxis {
  const endMinute = Math.max(1, run.virtualHours * 60);
  const fits = (step: number): boolean => endMinute / step <= TICKS_MAX;
  const stepMinutes = STEPS.find(fits) ?? Math.ceil(endMinute / TICKS_MAX);
  const startMinute = minuteOfDay(run.startUtc);
  if (startMinute === undefined || endMinute > 2 * MINUTES_PER_DAY) {
    const format = (minute: number): string => hoursAndMinutes(minute);
    const name = 'time since the start, h:mm';
    return { endMinute, name, stepMinutes, suffix: 'after the start', format };
  }
  return {
    endMinute,
    name: 'time of day, UTC',
    stepMinutes,
    suffix: 'UTC',
    format: (minute) => hoursAndMinutes((startMinute + minute) % MINUTES_PER_DAY).padStart(5, '0'),
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
      formatter: (minute: number) => (minute % axis.stepMinutes === 0 ? axis.format(minute) : ''),
    },
    splitLine: { show: false },
  };
}

function minuteOfDay(startUtc: string): number | undefined {
  const match = /T(\d\d):(\d\d)/.exec(startUtc);
  return match === null ? undefined : Number(match[1]) * 60 + Number(match[2]);
}

function hoursAndMinutes(minute: number): string {
  const whole = Math.round(minute);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
