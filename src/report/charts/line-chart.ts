/** Lines over virtual time, with the stretches of faults behind them. */
import type { RunDocument, Series } from '../../experiment/result.ts';
import { formatNumber, formatTick } from '../numbers.ts';
import { niceSteps } from './nice-steps.ts';
import { PANEL_WIDTH_PX, type Panel } from './panel.ts';
import { seriesStyle } from './series-style.ts';
import { INK, renderSvgChart } from './svg-chart.ts';
import { type TimeAxis, timeAxisOption } from './time-axis.ts';

/** One panel of lines. */
export interface LineChartSpec {
  readonly id: string;
  readonly heading: string;
  readonly subheading: string;
  /** Unit of the values, shown above the vertical axis. */
  readonly unit: string;
  readonly axis: TimeAxis;
  readonly minutes: readonly number[];
  readonly series: readonly LookedSeries[];
  readonly faults: RunDocument['faults'];
  readonly scale: ValueScale;
  /** A second, lower diagram over the same time, with a scale of its own. */
  readonly below?: {
    readonly unit: string;
    readonly series: readonly LookedSeries[];
    readonly scale: ValueScale;
  };
}

/** A series and the number of its look, which it keeps from panel to panel. */
export interface LookedSeries extends Series {
  readonly look: number;
}

/** The vertical axis, shared by panels that are to be compared. */
export interface ValueScale {
  readonly kind: 'linear' | 'log';
  readonly min: number;
  readonly max: number;
  /** Distance of the labels; a logarithmic scale has them at powers of ten. */
  readonly interval?: number;
}

const HEIGHT_PX = 270;
/** What a lower diagram adds: its own height and its unit. */
const BELOW_PX = 132;
const BELOW_GRID_PX = 88;
/** Symbols a line: enough to follow it, few enough to see the line. */
const SYMBOLS_PER_LINE = 5;

/** A linear scale from 0 for all these values, or a logarithmic one from a power of ten where they
 * span more than a factor of 50 and none is 0. */
export function sharedScale(all: readonly Series[], mayBeLog: boolean): ValueScale {
  const values = all.flatMap(({ values: own }) => own.filter((value) => value !== null));
  const highest = Math.max(0, ...values);
  const lowest = Math.min(...values);
  if (mayBeLog && lowest > 0 && highest / lowest > 50) {
    return {
      kind: 'log',
      min: 10 ** Math.floor(Math.log10(lowest)),
      max: 10 ** Math.ceil(Math.log10(highest)),
    };
  }
  return { kind: 'linear', min: 0, ...niceSteps(highest) };
}

/** Draws the panel. */
export function lineChart(spec: LineChartSpec): Panel {
  const { id, axis, below } = spec;
  const diagrams = [spec, ...(below === undefined ? [] : [below])];
  const all = diagrams.flatMap(({ series }) => series);
  const names = all.map(({ name }) => name).join(', ');
  const units = diagrams.map(({ unit }) => unit).join(' and ');
  return {
    heading: spec.heading,
    subheading: spec.subheading,
    svg: renderSvgChart({
      id,
      label: `${spec.heading}: ${names} in ${units} over time. The table below has them.`,
      widthPx: PANEL_WIDTH_PX,
      heightPx: HEIGHT_PX + (below === undefined ? 0 : BELOW_PX),
      option: {
        grid: below === undefined ? [gridOption(0)] : [gridOption(BELOW_PX), BELOW_GRID],
        xAxis: diagrams.map((_, n) => ({
          gridIndex: n,
          ...timeAxisOption(axis),
          ...(n < diagrams.length - 1 ? { name: '', axisLabel: { show: false } } : {}),
        })),
        yAxis: diagrams.map(({ scale, unit }, n) => ({
          gridIndex: n,
          ...valueAxisOption(scale, unit),
        })),
        series: diagrams.flatMap(({ series }, n) =>
          [
            ...series.map((one) => lineOption(spec, one)),
            ...series.map((one) => symbolOption(spec, one)),
            faultOption(spec, n === 0),
          ].map((one) => ({ ...one, xAxisIndex: n, yAxisIndex: n })),
        ),
      },
    }),
    table: {
      caption: `${spec.heading}, ${units}`,
      columns: [axis.name, ...all.map(({ name }) => name)],
      rows: spec.minutes.map((minute, i) => [
        axis.format(minute),
        ...all.map(({ values }) => formatNumber(values[i])),
      ]),
    },
  };
}

const BELOW_GRID = { left: 56, right: 18, bottom: 46, height: BELOW_GRID_PX };

function gridOption(belowPx: number) {
  return { left: 56, right: 18, top: 38, bottom: 46 + belowPx };
}

function lineOption(spec: LineChartSpec, { values, look }: LookedSeries) {
  const { color, dash } = seriesStyle(look);
  return {
    type: 'line' as const,
    silent: true,
    showSymbol: false,
    data: spec.minutes.map((minute, i) => [minute, values[i] ?? null]),
    color,
    lineStyle: { color, width: 2, type: dash.length > 0 ? [...dash] : ('solid' as const) },
  };
}

/** A few symbols on the line, at places that differ from line to line. */
function symbolOption(spec: LineChartSpec, { values, look }: LookedSeries) {
  const style = seriesStyle(look);
  const step = Math.max(1, Math.floor(spec.minutes.length / SYMBOLS_PER_LINE));
  const offset = Math.floor(((look + 0.5) * step) / Math.max(1, spec.series.length)) % step;
  const data = spec.minutes.flatMap((minute, i) => {
    const value = values[i] ?? null;
    return i % step === offset && value !== null ? [[minute, value]] : [];
  });
  return {
    type: 'scatter' as const,
    silent: true,
    symbol: style.symbol,
    symbolSize: style.symbol === 'diamond' ? 10 : 8,
    itemStyle: { color: style.color, opacity: 1 },
    data,
  };
}

function faultOption({ faults, axis }: LineChartSpec, hasLetters: boolean) {
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
      data: faults.map(({ fromMinute, toMinute }, n) => [
        { name: faultLetter(n), xAxis: Math.max(0, fromMinute) },
        { xAxis: Math.min(axis.endMinute, toMinute) },
      ]) as [{ name: string; xAxis: number }, { xAxis: number }][],
    },
  };
}

/** The letter of the n-th fault, the same in every chart and in the list: A, B, … Z, A2, … */
export function faultLetter(n: number): string {
  const round = Math.floor(n / 26);
  return `${String.fromCharCode(65 + (n % 26))}${round === 0 ? '' : round + 1}`;
}

function valueAxisOption(scale: ValueScale, unit: string) {
  return {
    type: scale.kind === 'log' ? ('log' as const) : ('value' as const),
    min: scale.min,
    max: scale.max,
    name: scale.kind === 'log' ? `${unit}, log scale` : unit,
    nameTextStyle: { align: 'left' as const, padding: [0, 0, 0, -48], color: INK.text },
    nameGap: 14,
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { color: INK.text, formatter: formatTick },
    splitLine: { lineStyle: { color: INK.grid } },
    ...(scale.interval === undefined ? {} : { interval: scale.interval }),
  };
}
