/** Percentile curves: how long all but a hundredth, a thousandth, … of the pages took. Each nine
 * has the same width on the axis. Source: Gil Tene, HdrHistogram's plots. */
import { formatNumber, formatTick } from '../../numbers.ts';
import {
  type ChartDrawing,
  type ChartPanel,
  type ChartView,
  INK,
  isShown,
  PANEL_WIDTH_PX,
} from '../drawing.ts';
import type { ValueScale } from '../line-chart.ts';
import { seriesStyle } from '../series-style.ts';

/** One curve. */
export interface Curve {
  readonly name: string;
  readonly look: number;
  /** Ascending; percentiles below 100. */
  readonly points: readonly { readonly percentile: number; readonly ms: number }[];
}

/** What is drawn. */
export interface CurveSpec {
  readonly id: string;
  readonly heading: string;
  readonly curves: readonly Curve[];
  readonly scale: ValueScale;
}

/** The chart as data. */
export interface CurvePlot {
  readonly kind: 'curve';
  readonly spec: CurveSpec;
}

const HEIGHT_PX = 300;
const GRID = { left: 56, right: 22, top: 38, bottom: 46 };
const TICKS = [0, 50, 90, 99, 99.9, 99.99];
/** Percentiles with a symbol of their curve. */
const MARKED: ReadonlySet<number> = new Set([50, 75, 90, 95, 99, 99.5, 99.9, 99.99]);

/** The panel. */
export function curveChart(
  spec: CurveSpec & Pick<ChartPanel<CurvePlot>, 'subheading' | 'table'>,
): ChartPanel<CurvePlot> {
  const { subheading, table, ...plot } = spec;
  return { heading: plot.heading, subheading, table, chart: { kind: 'curve', spec: plot } };
}

/** Draws it. */
export function drawCurves(spec: CurveSpec, view: ChartView): ChartDrawing {
  const { id, heading, scale } = spec;
  const curves = spec.curves.filter(({ name }) => isShown(view, name));
  const all = spec.curves.flatMap(({ points }) => points.map(({ percentile }) => percentile));
  const names = spec.curves.map(({ name }) => name);
  const [from, to] = view.window ?? [0, nines(Math.max(50, ...all))];
  const ticks = TICKS.map(nines).filter((at) => at >= from && at <= to + 1e-9);
  return {
    id,
    label: `${heading}: ms by percentile, of ${names.join(', ')}. The table below has the numbers.`,
    widthPx: PANEL_WIDTH_PX,
    heightPx: HEIGHT_PX,
    names,
    zoom: { leftPx: GRID.left, rightPx: PANEL_WIDTH_PX - GRID.right },
    stops: curves.flatMap(({ name, look, points }) =>
      points.map(({ percentile, ms }) => ({
        at: { x: nines(percentile), y: ms },
        title: name,
        lines: [
          {
            name: percentileName(percentile),
            value: `${formatNumber(ms)} ms`,
            color: seriesStyle(look).color,
          },
        ],
      })),
    ),
    option: {
      grid: GRID,
      xAxis: {
        type: 'value',
        min: from,
        max: to,
        name: 'per cent of the pages, each nine as wide',
        nameLocation: 'middle',
        nameGap: 26,
        nameTextStyle: { color: INK.text },
        axisLine: { lineStyle: { color: INK.axis }, onZero: false },
        axisTick: { lineStyle: { color: INK.axis }, customValues: ticks },
        axisLabel: {
          color: INK.text,
          customValues: ticks,
          formatter: (at: number) => formatTick(100 * (1 - 10 ** -at)),
        },
        splitLine: { show: false },
      },
      yAxis: {
        type: scale.kind === 'log' ? 'log' : 'value',
        min: scale.min,
        max: scale.max,
        ...(scale.interval === undefined ? {} : { interval: scale.interval }),
        name: scale.kind === 'log' ? 'ms, log scale' : 'ms',
        nameTextStyle: { align: 'left', padding: [0, 0, 0, -48], color: INK.text },
        nameGap: 14,
        axisLabel: { color: INK.text, formatter: formatTick },
        splitLine: { lineStyle: { color: INK.grid } },
      },
      series: curves.flatMap(curveOptions),
    },
  };
}

/** `p99.9`; the smallest value for 0. */
export function percentileName(percentile: number): string {
  return percentile === 0 ? 'shortest' : `p${percentile}`;
}

/** 90 → 1, 99 → 2, 99.9 → 3. */
function nines(percentile: number): number {
  return -Math.log10(1 - percentile / 100);
}

function curveOptions({ look, points }: Curve) {
  const { color, dash, symbol } = seriesStyle(look);
  return [
    {
      type: 'line' as const,
      silent: true,
      showSymbol: false,
      color,
      lineStyle: { color, width: 2, type: dash.length > 0 ? [...dash] : ('solid' as const) },
      data: points.map(({ percentile, ms }) => [nines(percentile), ms]),
    },
    {
      type: 'scatter' as const,
      silent: true,
      symbol,
      symbolSize: symbol === 'diamond' ? 10 : 8,
      itemStyle: { color, opacity: 1 },
      data: points
        .filter(({ percentile }) => MARKED.has(percentile))
        .map(({ percentile, ms }) => [nines(percentile), ms]),
    },
  ];
}
