/** Stacked bars: what a total is made of, a row a total. Each part has a letter inside where there
 * is room, and the order is the same in every row, so that no colour is needed to tell them. */
import { shortened } from '../../html/escape.ts';
import { formatNumber, formatTick } from '../../numbers.ts';
import {
  type ChartDrawing,
  type ChartPanel,
  type ChartView,
  INK,
  isShown,
  PANEL_WIDTH_PX,
} from '../drawing.ts';
import { seriesStyle } from '../series-style.ts';

/** One part: a value a row, in the same order. */
export interface StackPart {
  readonly name: string;
  /** One or two characters that stand in the bars. */
  readonly letter: string;
  /** Number of its colour. */
  readonly look: number;
  readonly values: readonly number[];
}

/** What is drawn. */
export interface StackSpec {
  readonly id: string;
  readonly heading: string;
  readonly unit: string;
  readonly rows: readonly string[];
  readonly parts: readonly StackPart[];
}

/** The chart as data. */
export interface StackPlot {
  readonly kind: 'stack';
  readonly spec: StackSpec;
}

/** One panel. */
export type StackChartSpec = StackSpec & Pick<ChartPanel<StackPlot>, 'subheading' | 'table'>;

const ROW_PX = 34;
const NAME_LENGTH = 20;
const GRID = { right: 58, top: 8, bottom: 44 };
/** Narrower parts have no room for a letter. */
const LETTER_SHARE_MIN = 0.055;

/** The panel. */
export function stackChart({ subheading, table, ...spec }: StackChartSpec): ChartPanel<StackPlot> {
  return { heading: spec.heading, subheading, table, chart: { kind: 'stack', spec } };
}

/** Draws it. */
export function drawStack(spec: StackSpec, view: ChartView): ChartDrawing {
  const { id, heading, unit, rows } = spec;
  const parts = spec.parts.filter(({ name }) => isShown(view, name));
  const totals = rows.map((_, row) => parts.reduce((sum, one) => sum + (one.values[row] ?? 0), 0));
  const longest = Math.max(0, ...totals);
  const nameLength = Math.max(1, ...rows.map((row) => Math.min(NAME_LENGTH, [...row].length)));
  const what = `${spec.parts.map(({ name }) => name).join(', ')} in ${unit}`;
  return {
    id,
    label: `${heading}: ${what}, by ${rows.join(', ')}. The table below has the numbers.`,
    widthPx: PANEL_WIDTH_PX,
    heightPx: rows.length * ROW_PX + GRID.top + GRID.bottom,
    names: spec.parts.map(({ name }) => name),
    stops: rows.map((title, row) => ({
      at: { x: totals[row] ?? 0, y: row },
      title,
      lines: [
        ...parts.map(({ name, look, values }) => ({
          name,
          value: `${formatNumber(values[row])} ${unit}`,
          color: seriesStyle(look).color,
        })),
        { name: 'together', value: `${formatNumber(totals[row])} ${unit}` },
      ],
    })),
    option: {
      grid: { left: 20 + 6.6 * nameLength, ...GRID },
      xAxis: {
        type: 'value',
        min: 0,
        name: unit,
        nameLocation: 'middle',
        nameGap: 26,
        nameTextStyle: { color: INK.text },
        splitNumber: 4,
        axisLabel: { color: INK.text, hideOverlap: true, formatter: formatTick },
        splitLine: { lineStyle: { color: INK.grid } },
      },
      yAxis: {
        type: 'category',
        inverse: true,
        data: rows.map((_, row) => String(row)),
        axisLine: { lineStyle: { color: INK.axis } },
        axisTick: { show: false },
        axisLabel: {
          color: 'var(--ink)',
          interval: 0,
          formatter: (row: string) => shortened(rows[Number(row)] ?? '', NAME_LENGTH),
        },
      },
      series: [...parts.map((one) => partOption(one, longest)), totalOption(totals)],
    },
  };
}

function partOption({ letter, look, values }: StackPart, longest: number) {
  return {
    type: 'bar' as const,
    stack: 'whole',
    silent: true,
    barWidth: 20,
    itemStyle: { color: seriesStyle(look).color, borderColor: 'var(--card)', borderWidth: 1 },
    data: values.map((value) => ({
      value,
      label: {
        show: value > longest * LETTER_SHARE_MIN,
        position: 'inside' as const,
        formatter: () => letter,
        color: 'var(--card)',
        fontWeight: 'bold' as const,
        textBorderWidth: 0,
      },
    })),
  };
}

/** Bars of no length that carry the totals. */
function totalOption(totals: readonly number[]) {
  return {
    type: 'bar' as const,
    stack: 'whole',
    silent: true,
    itemStyle: { color: 'transparent' },
    data: totals.map((total) => ({
      value: 0,
      label: {
        show: true,
        position: 'right' as const,
        formatter: () => formatNumber(total),
        color: 'var(--ink)',
        textBorderWidth: 0,
      },
    })),
  };
}
