/** Symbols on rows: values of several things side by side, each with its interval if it has one.
 * Unlike bars, it needs no zero and shows how sure a value is. */
import { shortLines } from '../html/escape.ts';
import type { TableSpec } from '../html/table.ts';
import { formatEstimate, formatNumber, formatTick, type IntervalEstimate } from '../numbers.ts';
import {
  type ChartDrawing,
  type ChartPanel,
  type ChartStop,
  type ChartView,
  INK,
  isShown,
  PANEL_WIDTH_PX,
  type StopLine,
  windowOption,
} from './drawing.ts';
import { niceSteps } from './nice-steps.ts';
import { type SeriesStyle, seriesStyle } from './series-style.ts';

/** One series: a value a row, null where there is none. */
export interface DotSeries {
  readonly name: string;
  readonly values: readonly (IntervalEstimate | null)[];
  /** Rows whose symbol is drawn hollow, as for differences that are not shown. */
  readonly hollow?: readonly boolean[];
}

/** One panel of rows. */
export interface DotChartSpec extends DotSpec {
  readonly subheading: string;
  readonly table: TableSpec;
}

/** What is drawn of it. */
export interface DotSpec {
  readonly id: string;
  readonly heading: string;
  /** Unit of the values, shown under the axis. */
  readonly unit: string;
  readonly rows: readonly string[];
  readonly series: readonly DotSeries[];
  /** Whether the axis starts at 0 or follows the values; `balanced` marks zero. */
  readonly origin: 'zero' | 'values' | 'marked-zero';
  /** Single values behind the symbols, by row. */
  readonly behind?: readonly (readonly number[])[];
  /** Height of a row with one series; 30 unless given. */
  readonly rowPx?: number;
  /** The look of each row instead of each series, where rows are architectures. */
  readonly styleByRow?: boolean;
}

const ROW_PX = 30;
const LINE_PX = 13;
/** Longer names of rows are broken into up to three lines. */
const ROW_NAME_LENGTH = 22;

/** The chart as data. */
export interface DotPlot {
  readonly kind: 'dot';
  readonly spec: DotSpec;
}

/** The panel. */
export function dotChart({ subheading, table, ...spec }: DotChartSpec): ChartPanel<DotPlot> {
  return { heading: spec.heading, subheading, table, chart: { kind: 'dot', spec } };
}

/** Draws it. */
export function drawDots(whole: DotSpec, view: ChartView): ChartDrawing {
  const spec = withoutHidden(whole, view);
  const { id, heading, rows } = spec;
  const lineCount = Math.max(1, ...rows.map((row) => shortLines(row, ROW_NAME_LENGTH).length));
  const rowPx = Math.max(
    (spec.rowPx ?? ROW_PX) + 7 * (spec.series.length - 1),
    lineCount * LINE_PX + 6,
  );
  const grid = { left: 24 + 6.6 * longestName(rows), right: 26, top: 10, bottom: 46 };
  return {
    id,
    label: `${heading}, ${spec.unit}, by ${rows.join(', ')}. The table below has the numbers.`,
    widthPx: PANEL_WIDTH_PX,
    heightPx: Math.max(2, rows.length) * rowPx + 62,
    names: togglable(spec),
    zoom: { leftPx: grid.left, rightPx: PANEL_WIDTH_PX - grid.right },
    stops: rows.flatMap((_, row) => stopOf(spec, row)),
    option: {
      grid,
      xAxis: { ...valueAxisOption(whole), ...windowOption(view) },
      yAxis: rowAxisOption(rows),
      series: [
        behindOption(spec),
        ...spec.series.flatMap((one, n) => [
          ...intervalOptions(spec, one, n),
          symbolOption(spec, one, n),
        ]),
      ],
    },
  };
}

/** What a legend names: the rows where they have the looks, else the series. */
function togglable({ rows, series, styleByRow }: DotSpec): readonly string[] {
  return styleByRow === true ? rows : series.map(({ name }) => name);
}

/** The same places and looks, with no values where a name is hidden. */
function withoutHidden(spec: DotSpec, view: ChartView): DotSpec {
  const names = togglable(spec);
  if (names.every((name) => isShown(view, name))) return spec;
  const { styleByRow, rows, behind } = spec;
  const isRowShown = (row: number) => styleByRow !== true || isShown(view, rows[row] ?? '');
  return {
    ...spec,
    series: spec.series.map((one) => ({
      ...one,
      values: one.values.map((value, row) =>
        isRowShown(row) && (styleByRow === true || isShown(view, one.name)) ? value : null,
      ),
    })),
    ...(behind === undefined
      ? {}
      : { behind: behind.map((values, row) => (isRowShown(row) ? values : [])) }),
  };
}

/** A stop a row that has values. */
function stopOf(spec: DotSpec, row: number): ChartStop | readonly ChartStop[] {
  const lines = spec.series.flatMap((one, n): readonly StopLine[] => {
    const estimate = one.values[row] ?? null;
    if (estimate === null) return [];
    const hasBounds = estimate.low !== null && estimate.high !== null;
    const text = hasBounds ? formatEstimate(estimate) : formatNumber(estimate.value);
    const chance = one.hollow?.[row] === true ? ', may be chance' : '';
    const { color } = styleOf(spec, row, n);
    return [{ name: one.name, value: `${text} ${spec.unit}${chance}`, color }];
  });
  const first = spec.series.find(({ values }) => (values[row] ?? null) !== null)?.values[row];
  if (first === null || first === undefined) return [];
  return { at: { x: first.value, y: row }, title: spec.rows[row] ?? '', lines };
}

function longestName(rows: readonly string[]): number {
  const lines = rows.flatMap((row) => shortLines(row, ROW_NAME_LENGTH));
  return Math.max(...lines.map((line) => line.length), 1);
}

function rowAxisOption(rows: readonly string[]) {
  return {
    type: 'category' as const,
    inverse: true,
    // Names may repeat once cut, so rows are numbered and named by the formatter.
    data: rows.map((_, i) => String(i)),
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: {
      color: 'var(--ink)',
      interval: 0,
      lineHeight: LINE_PX,
      formatter: (index: string) =>
        shortLines(rows[Number(index)] ?? '', ROW_NAME_LENGTH).join('\n'),
    },
    splitLine: { show: true, lineStyle: { color: INK.grid } },
  };
}

function valueAxisOption({ origin, unit, series }: DotSpec) {
  return {
    type: 'value' as const,
    scale: origin === 'values',
    ...(origin === 'zero' ? { min: 0 } : {}),
    ...(origin === 'marked-zero' ? symmetricScale(series) : {}),
    name: unit,
    nameLocation: 'middle' as const,
    nameGap: 26,
    nameTextStyle: { color: INK.text },
    splitNumber: origin === 'values' ? 3 : 4,
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: {
      color: INK.text,
      hideOverlap: true,
      formatter: formatTick,
    },
    splitLine: { lineStyle: { color: INK.grid } },
  };
}

/** Zero in the middle and two steps on either side. */
function symmetricScale(series: readonly DotSeries[]) {
  const reach = series.flatMap(({ values }) =>
    values.flatMap((one) => [one?.value, one?.low, one?.high].map((bound) => Math.abs(bound ?? 0))),
  );
  const { max } = niceSteps(Math.max(...reach, 0));
  return { min: -max, max, interval: max / 2 };
}

function symbolOption(spec: DotSpec, one: DotSeries, n: number) {
  const data = one.values.flatMap((estimate, row) => {
    if (estimate === null) return [];
    const { symbol, color } = styleOf(spec, row, n);
    const isHollow = one.hollow?.[row] === true;
    return {
      value: [estimate.value, row],
      symbol,
      symbolSize: symbol === 'diamond' ? 11 : 8,
      symbolOffset: [0, offsetPx(spec, n)] as [number, number],
      itemStyle: {
        color: isHollow ? 'var(--card)' : color,
        borderColor: color,
        borderWidth: 2,
        opacity: 1,
      },
    };
  });
  return {
    type: 'scatter' as const,
    silent: true,
    data,
    ...(spec.origin === 'marked-zero' && n === 0 ? { markLine: ZERO_LINE } : {}),
  };
}

function behindOption({ behind = [] }: DotSpec) {
  return {
    type: 'scatter' as const,
    silent: true,
    symbol: 'circle',
    symbolSize: 5,
    symbolOffset: [0, 9] as [number, number],
    itemStyle: { color: INK.text, opacity: 0.55 },
    data: behind.flatMap((values, row) => values.map((value) => [value, row])),
  };
}

const ZERO_LINE = {
  silent: true,
  symbol: 'none',
  label: { show: false },
  lineStyle: { color: 'var(--ink)', type: 'solid' as const, width: 1.5 },
  data: [{ xAxis: 0 }],
};

/** Each interval is a line of two points: ECharts has no whiskers of its own. */
function intervalOptions(spec: DotSpec, one: DotSeries, n: number) {
  return one.values.flatMap((estimate, row) => {
    const { low = null, high = null } = estimate ?? {};
    if (low === null || high === null) return [];
    const { color } = styleOf(spec, row, n);
    const offset = offsetPx(spec, n);
    return {
      type: 'custom' as const,
      z: 1,
      silent: true,
      data: [[low, row, high]],
      renderItem: (_: unknown, api: IntervalApi) => {
        const [x1 = 0, y = 0] = api.coord([low, row]);
        const [x2 = 0] = api.coord([high, row]);
        return {
          type: 'path' as const,
          shape: { d: whisker({ x1, x2, y: y + offset }) },
          style: { stroke: color, lineWidth: 2, fill: 'none' },
        };
      },
      encode: { x: [0, 2], y: 1 },
    };
  });
}

interface IntervalApi {
  coord(data: [number, number]): number[];
}

function whisker({ x1, x2, y }: { x1: number; x2: number; y: number }): string {
  const at = (value: number): string => value.toFixed(1);
  const cap = (x: number): string => `M${at(x)} ${at(y - 7)}V${at(y + 7)}`;
  return `M${at(x1)} ${at(y)}H${at(x2)}${cap(x1)}${cap(x2)}`;
}

function styleOf(spec: DotSpec, row: number, n: number): SeriesStyle {
  return seriesStyle(spec.styleByRow === true ? row : n);
}

/** Series of one row are drawn under each other, so that none hides another. */
function offsetPx(spec: DotSpec, n: number): number {
  return (n - (spec.series.length - 1) / 2) * 8;
}
