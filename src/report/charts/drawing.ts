/** What every chart is made into, on the server and in a browser alike: an option of ECharts, and
 * the stops of its cursor with what tooltips and the live region say there. Pure: the same spec and
 * view give the same drawing. No file that this folder lends to browsers may import `svg-chart.ts`
 * or `panel.ts`, which hold the server's ECharts. Spec: R61. */
import type { EChartsOption } from 'echarts';
import type { TableSpec } from '../html/table.ts';

/** Width of every drawing: on a phone it shrinks by a fifth and stays readable. */
export const PANEL_WIDTH_PX = 430;

/** Colours that every chart uses for what is not data. */
export const INK = { text: 'var(--ink2)', axis: 'var(--line)', grid: 'var(--grid)' } as const;

/** What every drawing has in common. */
export const BASE_OPTION = {
  animation: false,
  textStyle: { fontFamily: 'inherit', color: INK.text, fontSize: 12 },
} as const;

/** A chart in its panel. @typeParam Chart - Its kind and its spec. */
export interface ChartPanel<Chart> {
  readonly heading: string;
  /** Unit and reading aid. */
  readonly subheading: string;
  readonly chart: Chart;
  readonly table: TableSpec;
}

/** What a reader changed of a chart; nothing in the drawing of the server. */
export interface ChartView {
  /** The part of the horizontal axis that is shown, in its own unit. */
  readonly window?: readonly [from: number, to: number] | undefined;
  /** Names of series that are not shown. */
  readonly hidden?: ReadonlySet<string> | undefined;
}

/** The view of the server. */
export const WHOLE_VIEW: ChartView = {};

/** One drawing. */
export interface ChartDrawing {
  /** Unique in the page: letters, digits, hyphens. */
  readonly id: string;
  /** What a screen reader says, and the chart's title. */
  readonly label: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly option: EChartsOption;
  /** Where the cursor stops, in reading order. */
  readonly stops: readonly ChartStop[];
  /** Where the horizontal axis runs; absent where there is nothing to zoom. */
  readonly zoom?: ChartZoom;
  /** Names that a legend may switch off. */
  readonly names: readonly string[];
}

/** A horizontal axis that can be zoomed, in pixels of the drawing. */
export interface ChartZoom {
  readonly leftPx: number;
  readonly rightPx: number;
  /** Charts with the same link share their window and their cursor. */
  readonly link?: 'time';
  /** Linear unless given. */
  readonly scale?: 'log';
}

/** One stop of the cursor. */
export interface ChartStop {
  /** Data coordinates of the first diagram (null: the whole height), or pixels of the drawing. */
  readonly at:
    | { readonly x: number; readonly y: number | null }
    | { readonly xPx: number; readonly yPx: number };
  readonly title: string;
  readonly lines: readonly StopLine[];
}

/** One line of a tooltip. */
export interface StopLine {
  readonly name: string;
  readonly value: string;
  /** A CSS colour; absent where the line is of no series. */
  readonly color?: string;
}

/** Whether a series is shown. */
export function isShown(view: ChartView, name: string): boolean {
  return view.hidden?.has(name) !== true;
}

/** The ends of a horizontal axis of values under a view. */
export function windowOption({ window }: ChartView): { min?: number; max?: number } {
  return window === undefined ? {} : { min: window[0], max: window[1] };
}
