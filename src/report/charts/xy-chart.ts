/** Points of two values, as lines or as single symbols: cost against p99, throughput against the
 * traffic asked for. */
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
  windowOption,
} from './drawing.ts';
import { seriesStyle } from './series-style.ts';

/** One point. */
export interface XyPoint {
  readonly x: number;
  readonly y: number;
  /** Drawn hollow, as for fleets that miss an objective. */
  readonly isHollow?: boolean;
  /** What tooltips call it, such as the fleet that it is of. */
  readonly name?: string;
}

/** One series and the number of its look, which it keeps from panel to panel. */
export interface XySeries {
  readonly name: string;
  readonly look: number;
  /** Ascending in x where they are joined. */
  readonly points: readonly XyPoint[];
  readonly isJoined: boolean;
  /** Of a joined series: every so many points have a symbol; all unless given. */
  readonly symbolEvery?: number;
  /** Of a joined series: the ends of an interval around it, drawn as thin lines. */
  readonly bounds?: readonly { readonly x: number; readonly low: number; readonly high: number }[];
}

/** One panel. */
export interface XyChartSpec extends XySpec {
  readonly subheading: string;
  readonly table: TableSpec;
}

/** What is drawn of it. */
export interface XySpec {
  readonly id: string;
  readonly heading: string;
  /** Names with units. */
  readonly xName: string;
  readonly yName: string;
  readonly series: readonly XySeries[];
  /** Marked values of x, such as a maximum, with their names. */
  readonly marks?: readonly { readonly x: number; readonly name: string }[];
  /** End of the horizontal axis; as the values have it unless given. */
  readonly xMax?: number;
  /** Linear unless given; a logarithmic axis leaves out what is not above 0. */
  readonly xScale?: 'log';
  /** Whether an axis starts at 0 or follows the values. */
  readonly origin: { readonly x: 'zero' | 'values'; readonly y: 'zero' | 'values' };
}

const HEIGHT_PX = 290;

const GRID = { left: 62, right: 20, top: 40, bottom: 48 };

/** The chart as data. */
export interface XyPlot {
  readonly kind: 'xy';
  readonly spec: XySpec;
}

/** The panel. */
export function xyChart({ subheading, table, ...spec }: XyChartSpec): ChartPanel<XyPlot> {
  return { heading: spec.heading, subheading, table, chart: { kind: 'xy', spec } };
}

/** Draws it. */
export function drawXy(spec: XySpec, view: ChartView): ChartDrawing {
  const { id, heading, xName, yName, origin } = spec;
  const names = spec.series.map(({ name }) => name);
  const series = spec.series
    .filter(({ name }) => isShown(view, name))
    .map((one) => ({ ...one, points: one.points.filter(({ x }) => isPlaced(spec, x)) }));
  const what = `${yName} over ${xName} of ${names.join(', ')}`;
  return {
    id,
    label: `${heading}: ${what}. The table below has the numbers.`,
    widthPx: PANEL_WIDTH_PX,
    heightPx: HEIGHT_PX,
    names,
    zoom: {
      leftPx: GRID.left,
      rightPx: PANEL_WIDTH_PX - GRID.right,
      ...(spec.xScale === undefined ? {} : { scale: spec.xScale }),
    },
    stops: series.flatMap((one) => one.points.map((point) => stopOf(spec, one, point))),
    option: {
      grid: GRID,
      xAxis: {
        ...axisOption(origin.x),
        ...(spec.xScale === 'log' ? LOG_AXIS : {}),
        ...(spec.xMax === undefined ? {} : { max: spec.xMax }),
        ...windowOption(view),
        name: xName,
        nameLocation: 'middle' as const,
        nameGap: 28,
        splitNumber: 4,
      },
      yAxis: {
        ...axisOption(origin.y),
        name: yName,
        nameTextStyle: { align: 'left' as const, padding: [0, 0, 0, -54], color: INK.text },
        nameGap: 14,
      },
      series: [...series.flatMap(seriesOptions), markOption(spec)],
    },
  };
}

/** The ends follow the values: powers of ten would leave most of the room empty. */
const LOG_AXIS = { type: 'log' as const, min: 'dataMin' as const, max: 'dataMax' as const };

function isPlaced({ xScale }: XySpec, x: number): boolean {
  return xScale === undefined || x > 0;
}

function stopOf({ xName, yName }: XySpec, { name, look }: XySeries, point: XyPoint): ChartStop {
  return {
    at: { x: point.x, y: point.y },
    title: point.name === undefined ? name : `${name}: ${point.name}`,
    lines: [
      { name: yName, value: formatNumber(point.y), color: seriesStyle(look).color },
      { name: xName, value: formatNumber(point.x) },
    ],
  };
}

function axisOption(origin: 'zero' | 'values') {
  return {
    type: 'value' as const,
    scale: origin === 'values',
    ...(origin === 'zero' ? { min: 0 } : {}),
    nameTextStyle: { color: INK.text },
    axisLine: { show: true, onZero: false, lineStyle: { color: INK.axis } },
    axisTick: { show: false },
    axisLabel: { color: INK.text, hideOverlap: true, formatter: formatTick },
    splitLine: { lineStyle: { color: INK.grid } },
  };
}

function seriesOptions({ look, points, isJoined, symbolEvery = 1, bounds = [] }: XySeries) {
  const marked = points.filter((_, n) => (n + look) % symbolEvery === 0);
  const { color, dash, symbol } = seriesStyle(look);
  const symbols = {
    type: 'scatter' as const,
    silent: true,
    data: marked.map(({ x, y, isHollow }) => ({
      value: [x, y],
      symbol,
      symbolSize: symbol === 'diamond' ? 11 : 8,
      itemStyle: {
        color: isHollow === true ? 'var(--card)' : color,
        borderColor: color,
        borderWidth: 2,
        opacity: 1,
      },
    })),
  };
  if (!isJoined) return [symbols];
  const line = {
    type: 'line' as const,
    silent: true,
    showSymbol: false,
    data: points.map(({ x, y }) => [x, y]),
    color,
    lineStyle: { color, width: 2, type: dash.length > 0 ? [...dash] : ('solid' as const) },
  };
  return [line, ...boundOptions(bounds, color), symbols];
}

function boundOptions(bounds: NonNullable<XySeries['bounds']>, color: string) {
  if (bounds.length === 0) return [];
  return (['low', 'high'] as const).map((end) => ({
    type: 'line' as const,
    silent: true,
    showSymbol: false,
    data: bounds.map((one) => [one.x, one[end]]),
    color,
    lineStyle: { color, width: 1, type: 'dotted' as const },
  }));
}

function markOption({ marks = [] }: XySpec) {
  return {
    type: 'line' as const,
    silent: true,
    data: [],
    color: 'var(--ink)',
    markLine: {
      silent: true,
      symbol: 'none',
      lineStyle: { color: 'var(--ink)', type: 'dashed' as const, width: 1.5 },
      label: { color: 'var(--ink)', textBorderWidth: 0, formatter: '{b}' },
      data: marks.map(({ x, name }) => ({ xAxis: x, name })),
    },
  };
}
