/** Lines over virtual time, with the stretches of faults behind them. */
import type { TableSpec } from '../html/table.ts';
import { formatNumber, formatTick } from '../numbers.ts';
import {
  type ChartDrawing,
  type ChartPanel,
  type ChartStop,
  type ChartView,
  INK,
  isShown,
  PANEL_WIDTH_PX,
} from './drawing.ts';
import { niceSteps } from './nice-steps.ts';
import { seriesStyle } from './series-style.ts';
import {
  createTimeAxis,
  faultBandsOption,
  type LetteredBand,
  type TimeAxis,
  type TimeSpan,
  timeAxisOption,
} from './time-axis.ts';

/** One panel of lines. */
export interface LineChartSpec extends LineSpec {
  readonly subheading: string;
}

/** What is drawn of it. */
export interface LineSpec {
  readonly id: string;
  readonly heading: string;
  /** Unit of the values, shown above the vertical axis. */
  readonly unit: string;
  readonly axis: TimeSpan;
  readonly minutes: readonly number[];
  readonly series: readonly LookedSeries[];
  readonly faults: readonly LetteredBand[];
  readonly scale: ValueScale;
  /** Names of two of the series, the lower first, between which the diagram is filled. */
  readonly band?: readonly [low: string, high: string];
  /** A second, lower diagram over the same time, with a scale of its own. */
  readonly below?: {
    readonly unit: string;
    readonly series: readonly LookedSeries[];
    readonly scale: ValueScale;
  };
}

/** A named series over the minutes; null where there was nothing to measure. */
export interface TimeSeries {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** A series and the number of its look, which it keeps from panel to panel. */
export interface LookedSeries extends TimeSeries {
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
export function sharedScale(all: readonly TimeSeries[], mayBeLog: boolean): ValueScale {
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

/** The chart as data. */
export interface LinePlot {
  readonly kind: 'line';
  readonly spec: LineSpec;
}

/** The panel. */
export function lineChart({ subheading, ...whole }: LineChartSpec): ChartPanel<LinePlot> {
  const { startUtc, virtualHours } = whole.axis;
  // Only what a browser needs travels with the page.
  const spec: LineSpec = { ...whole, axis: { startUtc, virtualHours } };
  return {
    heading: spec.heading,
    subheading,
    chart: { kind: 'line', spec },
    table: tableOf(spec),
  };
}

function tableOf(spec: LineSpec): TableSpec {
  const axis = createTimeAxis(spec.axis);
  const all = diagramsOf(spec).flatMap(({ series }) => series);
  return {
    caption: `${spec.heading}, ${unitsOf(spec)}`,
    columns: [axis.name, ...all.map(({ name }) => name)],
    rows: spec.minutes.map((minute, i) => [
      axis.format(minute),
      ...all.map(({ values }) => formatNumber(values[i])),
    ]),
  };
}

/** Draws it. */
export function drawLines(spec: LineSpec, view: ChartView): ChartDrawing {
  const { id, below } = spec;
  const diagrams = diagramsOf(spec);
  const names = diagrams.flatMap(({ series }) => series.map(({ name }) => name));
  const axis = createTimeAxis(spec.axis, view.window);
  const shown = (series: readonly LookedSeries[]) =>
    series.filter(({ name }) => isShown(view, name));
  const what = `${names.join(', ')} in ${unitsOf(spec)}`;
  return {
    id,
    label: `${spec.heading}: ${what} over time. The table below has them.`,
    widthPx: PANEL_WIDTH_PX,
    heightPx: HEIGHT_PX + (below === undefined ? 0 : BELOW_PX),
    names,
    zoom: { leftPx: GRID.left, rightPx: PANEL_WIDTH_PX - GRID.right, link: 'time' },
    stops: spec.minutes.map((_, i) => stopOf(spec, axis, { i, view })),
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
          ...(n === 0 ? bandOptions(spec, shown(series)) : []),
          ...shown(series).map((one) => lineOption(spec, one)),
          ...shown(series).map((one) => symbolOption(spec, one)),
          faultBandsOption(spec.faults, axis, n === 0),
        ].map((one) => ({ ...one, xAxisIndex: n, yAxisIndex: n })),
      ),
    },
  };
}

function diagramsOf(spec: LineSpec) {
  return [spec, ...(spec.below === undefined ? [] : [spec.below])];
}

function unitsOf(spec: LineSpec): string {
  return diagramsOf(spec)
    .map(({ unit }) => unit)
    .join(' and ');
}

/** All values of a moment, and the faults of that moment. */
function stopOf(
  spec: LineSpec,
  axis: TimeAxis,
  { i, view }: { readonly i: number; readonly view: ChartView },
): ChartStop {
  const minute = spec.minutes[i] ?? 0;
  const values = diagramsOf(spec).flatMap(({ series, unit }) =>
    series
      .filter(({ name }) => isShown(view, name))
      .map(({ name, values: own, look }) => ({
        name,
        value: `${formatNumber(own[i])} ${unit}`,
        color: seriesStyle(look).color,
      })),
  );
  const faults = spec.faults.flatMap(({ kind, target, fromMinute, toMinute, letter }) =>
    fromMinute <= minute && minute < toMinute
      ? [{ name: `Fault ${letter}`, value: `${kind} ${target}`, color: 'var(--fault)' }]
      : [],
  );
  const title = `${axis.format(minute)} ${axis.suffix}`;
  return { at: { x: minute, y: null }, title, lines: [...values, ...faults] };
}

const GRID = { left: 56, right: 18 };
const BELOW_GRID = { ...GRID, bottom: 46, height: BELOW_GRID_PX };

function gridOption(belowPx: number) {
  return { ...GRID, top: 38, bottom: 46 + belowPx };
}

function lineOption(spec: LineSpec, { values, look }: LookedSeries) {
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

/** The room between two lines: an invisible one, and the distance to the other stacked on it.
 * Nothing where one of the two is hidden. */
function bandOptions(spec: LineSpec, shown: readonly LookedSeries[]) {
  const [low, high] = (spec.band ?? []).map((name) => shown.find((one) => one.name === name));
  if (low === undefined || high === undefined) return [];
  const { color } = seriesStyle(low.look);
  const between = spec.minutes.map((_, i) => (high.values[i] ?? 0) - (low.values[i] ?? 0));
  return [low.values, between].map((values, n) => ({
    type: 'line' as const,
    silent: true,
    showSymbol: false,
    stack: 'band',
    data: spec.minutes.map((minute, i) => [minute, values[i] ?? null]),
    lineStyle: { opacity: 0 },
    ...(n === 0 ? {} : { areaStyle: { color, opacity: 0.14 } }),
  }));
}

/** A few symbols on the line, at places that differ from line to line. */
function symbolOption(spec: LineSpec, { values, look }: LookedSeries) {
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
