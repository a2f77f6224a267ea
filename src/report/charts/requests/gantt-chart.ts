/** One page as a trace: a row a try, what was done when. Shapes tell what it was: a thin line is
 * the way, a hollow bar a wait, a full bar work, a half-high bar the database, a cross a
 * failure. */
import { shortened } from '../../html/escape.ts';
import { formatNumber, formatTick } from '../../numbers.ts';
import {
  type ChartDrawing,
  type ChartPanel,
  type ChartView,
  INK,
  PANEL_WIDTH_PX,
  windowOption,
} from '../drawing.ts';
import { type PathShape, type Place, pathSeries, px, rectPath } from './custom-series.ts';

/** What is done in a part of a row. */
export type GanttKind = 'page' | 'way' | 'wait' | 'work' | 'database';

/** One part, ms since the page was asked for. */
export interface GanttPart {
  readonly kind: GanttKind;
  readonly fromMs: number;
  readonly toMs: number;
}

/** One row. */
export interface GanttRow {
  readonly name: string;
  /** How deep it lies, 0 for the page. */
  readonly depth: number;
  readonly outcome: string | null;
  /** Whether its end is marked with a cross. */
  readonly isFailed: boolean;
  readonly parts: readonly GanttPart[];
}

/** What is drawn. */
export interface GanttSpec {
  readonly id: string;
  readonly heading: string;
  readonly rows: readonly GanttRow[];
}

/** The chart as data. */
export interface GanttPlot {
  readonly kind: 'gantt';
  readonly spec: GanttSpec;
}

const ROW_PX = 21;
const NAME_LENGTH = 21;
const GRID = { left: 150, right: 20, top: 6, bottom: 44 };
const LOOKS: Readonly<Record<GanttKind, { readonly color: string; readonly heightPx: number }>> = {
  page: { color: 'var(--ink2)', heightPx: 5 },
  way: { color: 'var(--ink2)', heightPx: 1.5 },
  wait: { color: 'var(--s1)', heightPx: 11 },
  work: { color: 'var(--s0)', heightPx: 12 },
  database: { color: 'var(--s2)', heightPx: 6 },
};
/** So that the shortest part can be seen. */
const WIDTH_MIN_PX = 1;
const CROSS_PX = 4;
/** Behind the end of the page, for a cross. */
const ROOM = 1.02;

/** The panel. */
export function ganttChart(
  spec: GanttSpec & Pick<ChartPanel<GanttPlot>, 'subheading' | 'table'>,
): ChartPanel<GanttPlot> {
  const { subheading, table, ...plot } = spec;
  return { heading: plot.heading, subheading, table, chart: { kind: 'gantt', spec: plot } };
}

/** Draws it. */
export function drawGantt(spec: GanttSpec, view: ChartView): ChartDrawing {
  const { id, heading, rows } = spec;
  const lastMs = Math.max(1e-3, ...rows.flatMap(({ parts }) => parts.map(({ toMs }) => toMs)));
  return {
    id,
    label: `${heading}: what was done when, in milliseconds. The table below has every span.`,
    widthPx: PANEL_WIDTH_PX,
    heightPx: rows.length * ROW_PX + GRID.top + GRID.bottom,
    names: [],
    zoom: { leftPx: GRID.left, rightPx: PANEL_WIDTH_PX - GRID.right },
    stops: rows.map(({ name, outcome, parts }, row) => ({
      at: { x: parts[0]?.fromMs ?? 0, y: row },
      title: outcome === null ? name : `${name}: ${outcome}`,
      lines: parts.map(({ kind, fromMs, toMs }) => ({
        name: kind,
        value: `${formatNumber(toMs - fromMs)} ms from ${formatNumber(fromMs)} ms`,
        color: LOOKS[kind].color,
      })),
    })),
    option: {
      grid: GRID,
      xAxis: {
        type: 'value',
        min: 0,
        max: lastMs * ROOM,
        ...windowOption(view),
        name: 'ms since it was asked for',
        nameLocation: 'middle',
        nameGap: 26,
        nameTextStyle: { color: INK.text },
        splitNumber: 4,
        axisLabel: {
          color: INK.text,
          hideOverlap: true,
          showMaxLabel: false,
          formatter: formatTick,
        },
        splitLine: { lineStyle: { color: INK.grid } },
      },
      yAxis: {
        type: 'category',
        inverse: true,
        data: rows.map((_, row) => String(row)),
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: {
          color: 'var(--ink)',
          align: 'left',
          margin: GRID.left - 6,
          interval: 0,
          fontSize: 11,
          formatter: (row: string) => nameOf(rows[Number(row)]),
        },
      },
      series: [pathSeries(shapesOf(rows)) as never],
    },
  };
}

function nameOf(row: GanttRow | undefined): string {
  if (row === undefined) return '';
  const indent = '\u2007'.repeat(Math.min(4, row.depth));
  return `${indent}${shortened(row.name, NAME_LENGTH - Math.min(4, row.depth))}`;
}

function shapesOf(rows: readonly GanttRow[]): readonly PathShape[] {
  const kinds = Object.keys(LOOKS) as GanttKind[];
  const bars = kinds.map((kind): PathShape => {
    const { color } = LOOKS[kind];
    const isHollow = kind === 'wait';
    return {
      fill: isHollow ? 'var(--card)' : color,
      ...(isHollow ? { stroke: color, widthPx: 1.5 } : {}),
      d: (at) => rows.map((one, row) => partsOf(one, { row, kind, at })).join(''),
    };
  });
  const crosses: PathShape = {
    stroke: 'var(--fault)',
    widthPx: 2,
    d: (at) => rows.map((one, row) => (one.isFailed ? crossOf(one, row, at) : '')).join(''),
  };
  return [...bars, crosses];
}

function partsOf(
  { parts }: GanttRow,
  of: { readonly row: number; readonly kind: GanttKind; readonly at: Place },
): string {
  const { row, kind, at } = of;
  const { heightPx: height } = LOOKS[kind];
  return parts
    .filter((part) => part.kind === kind)
    .map(({ fromMs, toMs }) => {
      const [x, middle] = at(fromMs, row);
      const [toPx] = at(toMs, row);
      const width = Math.max(WIDTH_MIN_PX, toPx - x);
      return rectPath({ x, y: middle - height / 2, width, height });
    })
    .join('');
}

function crossOf({ parts }: GanttRow, row: number, at: Place): string {
  const [x, y] = at(Math.max(0, ...parts.map(({ toMs }) => toMs)), row);
  const [left, right] = [px(x - CROSS_PX), px(x + CROSS_PX)];
  const [top, bottom] = [px(y - CROSS_PX), px(y + CROSS_PX)];
  return `M${left} ${top}L${right} ${bottom}M${right} ${top}L${left} ${bottom}`;
}
