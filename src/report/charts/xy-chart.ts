/** Points of two values, as lines or as single symbols: cost against p99, throughput against the
 * traffic asked for. */
import type { TableSpec } from '../html/table.ts';
import { formatTick } from '../numbers.ts';
import { PANEL_WIDTH_PX, type Panel } from './panel.ts';
import { seriesStyle } from './series-style.ts';
import { INK, renderSvgChart } from './svg-chart.ts';

/** One point. */
export interface XyPoint {
  readonly x: number;
  readonly y: number;
  /** Drawn hollow, as for fleets that miss an objective. */
  readonly isHollow?: boolean;
}

/** One series and the number of its look, which it keeps from panel to panel. */
export interface XySeries {
  readonly name: string;
  readonly look: number;
  /** Ascending in x where they are joined. */
  readonly points: readonly XyPoint[];
  readonly isJoined: boolean;
}

/** One panel. */
export interface XyChartSpec {
  readonly id: string;
  readonly heading: string;
  readonly subheading: string;
  /** Names with units. */
  readonly xName: string;
  readonly yName: string;
  readonly series: readonly XySeries[];
  /** Marked values of x, such as a maximum, with their names. */
  readonly marks?: readonly { readonly x: number; readonly name: string }[];
  /** Whether an axis starts at 0 or follows the values. */
  readonly origin: { readonly x: 'zero' | 'values'; readonly y: 'zero' | 'values' };
  readonly table: TableSpec;
}

const HEIGHT_PX = 290;

/** Draws the panel. */
export function xyChart(spec: XyChartSpec): Panel {
  const { id, heading, subheading, xName, yName, series, origin, table } = spec;
  const names = series.map(({ name }) => name).join(', ');
  return {
    heading,
    subheading,
    table,
    svg: renderSvgChart({
      id,
      label: `${heading}: ${yName} over ${xName} of ${names}. The table below has the numbers.`,
      widthPx: PANEL_WIDTH_PX,
      heightPx: HEIGHT_PX,
      option: {
        grid: { left: 62, right: 20, top: 40, bottom: 48 },
        xAxis: {
          ...axisOption(origin.x),
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
    }),
  };
}

function axisOption(origin: 'zero' | 'values') {
  return {
    type: 'value' as const,
    scale: origin === 'values',
    ...(origin === 'zero' ? { min: 0 } : {}),
    nameTextStyle: { color: INK.text },
    axisLine: { show: true, lineStyle: { color: INK.axis } },
    axisTick: { show: false },
    axisLabel: { color: INK.text, hideOverlap: true, formatter: formatTick },
    splitLine: { lineStyle: { color: INK.grid } },
  };
}

function seriesOptions({ look, points, isJoined }: XySeries) {
  const { color, dash, symbol } = seriesStyle(look);
  const symbols = {
    type: 'scatter' as const,
    silent: true,
    data: points.map(({ x, y, isHollow }) => ({
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
  return [line, symbols];
}

function markOption({ marks = [] }: XyChartSpec) {
  return {
    type: 'line' as const,
    silent: true,
    data: [],
    markLine: {
      silent: true,
      symbol: 'none',
      lineStyle: { color: 'var(--ink)', type: 'dashed' as const, width: 1.5 },
      label: { color: 'var(--ink)', textBorderWidth: 0, formatter: '{b}' },
      data: marks.map(({ x, name }) => ({ xAxis: x, name })),
    },
  };
}
