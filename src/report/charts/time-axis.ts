/** The time axis that all charts over time share: minutes since the start of the run, shown as UTC
 * clock time up to two days and as hours beyond. */
import { INK } from './drawing.ts';

/** When a run was and how long. */
export interface TimeSpan {
  readonly startUtc: string;
  readonly virtualHours: number;
}

/** A stretch of the run. */
export interface TimeAxis extends TimeSpan {
  readonly fromMinute: number;
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

/** The axis of a run. @param window - The minutes that are shown; all unless given. */
export function createTimeAxis(
  run: TimeSpan,
  window?: readonly [from: number, to: number],
): TimeAxis {
  const lastMinute = Math.max(1 / SECONDS_PER_MINUTE, run.virtualHours * 60);
  const [fromMinute, endMinute] = window ?? [0, lastMinute];
  const length = endMinute - fromMinute;
  const fits = (step: number): boolean => length / step <= TICKS_MAX;
  const stepMinutes = STEPS.find(fits) ?? Math.ceil(length / TICKS_MAX);
  const startMinute = minuteOfDay(run.startUtc);
  const isClock = startMinute !== undefined && lastMinute <= 2 * MINUTES_PER_DAY;
  const text = (minute: number, hasSeconds: boolean): string => {
    if (!isClock) return clockTime(minute, hasSeconds);
    const ofDay = clockTime((startMinute + minute) % MINUTES_PER_DAY, hasSeconds);
    return ofDay.padStart(hasSeconds ? 8 : 5, '0');
  };
  const hasSecondLabels = stepMinutes < 1;
  return {
    startUtc: run.startUtc,
    virtualHours: run.virtualHours,
    fromMinute,
    endMinute,
    name: isClock
      ? 'time of day, UTC'
      : `time since the start, ${hasSecondLabels ? 'h:mm:ss' : 'h:mm'}`,
    stepMinutes,
    suffix: isClock ? 'UTC' : 'after the start',
    format: (minute) => text(minute, lastMinute <= SECONDS_UP_TO_MINUTES),
    formatLabel: (minute) => text(minute, hasSecondLabels),
  };
}

/** The axis as ECharts takes it. */
export function timeAxisOption(axis: TimeAxis) {
  // A stretch begins anywhere: ECharts would count its steps from there.
  const ticks = axis.fromMinute === 0 ? {} : { customValues: stepsOf(axis) };
  return {
    type: 'value' as const,
    min: axis.fromMinute,
    max: axis.endMinute,
    interval: axis.stepMinutes,
    name: axis.name,
    nameLocation: 'middle' as const,
    nameGap: 26,
    nameTextStyle: { color: INK.text },
    axisLine: { lineStyle: { color: INK.axis }, onZero: false },
    axisTick: { lineStyle: { color: INK.axis }, ...ticks },
    axisLabel: {
      color: INK.text,
      ...ticks,
      formatter: (minute: number) => (isStep(axis, minute) ? axis.formatLabel(minute) : ''),
    },
    splitLine: { show: false },
  };
}

function stepsOf({ fromMinute, endMinute, stepMinutes }: TimeAxis): number[] {
  const first = Math.ceil(fromMinute / stepMinutes - 1e-6);
  const last = Math.floor(endMinute / stepMinutes + 1e-6);
  return Array.from({ length: last - first + 1 }, (_, n) => (first + n) * stepMinutes);
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

/** A stretch with a fault. */
export interface FaultBand {
  readonly kind: string;
  readonly target: string;
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** A fault with its letter. */
export interface LetteredBand extends FaultBand {
  readonly letter: string;
}

/** The letter of the n-th fault, the same in every chart and in the list: A, B, … Z, A2, … */
export function faultLetter(n: number): string {
  const round = Math.floor(n / 26);
  return `${String.fromCharCode(65 + (n % 26))}${round === 0 ? '' : round + 1}`;
}

/** The faults that hit a subject, by the letters of the whole list.
 * @param subject - Left out: the faults of all of them. */
export function bandsOf(
  faults: readonly (FaultBand & { readonly variants?: readonly string[] })[],
  subject?: string,
): readonly LetteredBand[] {
  return faults
    .map(({ kind, target, fromMinute, toMinute, variants }, n) => ({
      band: { kind, target, fromMinute, toMinute, letter: faultLetter(n) },
      variants,
    }))
    .filter(({ variants }) => subject === undefined || (variants?.includes(subject) ?? true))
    .map(({ band }) => band);
}

/** Bands behind the series of a diagram, cut off at both ends of the axis: an option of ECharts.
 * @param hasLetters - Whether their letters stand above: in one of diagrams over the same time. */
export function faultBandsOption(
  faults: readonly LetteredBand[],
  axis: TimeAxis,
  hasLetters: boolean,
) {
  const within = (minute: number) => Math.min(axis.endMinute, Math.max(axis.fromMinute, minute));
  return {
    type: 'line' as const,
    silent: true,
    data: [],
    color: 'var(--fault)',
    markArea: {
      silent: true,
      itemStyle: { color: 'var(--fault)', opacity: 0.13 },
      label: {
        show: hasLetters,
        color: 'var(--fault)',
        fontWeight: 'bold' as const,
        textBorderWidth: 0,
        distance: 4,
      },
      data: faults.flatMap(({ fromMinute, toMinute, letter }) =>
        fromMinute >= axis.endMinute || toMinute <= axis.fromMinute
          ? []
          : [[{ name: letter, xAxis: within(fromMinute) }, { xAxis: within(toMinute) }]],
      ) as [{ name: string; xAxis: number }, { xAxis: number }][],
    },
  };
}
