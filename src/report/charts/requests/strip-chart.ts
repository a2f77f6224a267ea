/** Rows over virtual time whose height is a value: a heat map that needs no colour, because what is
 * full is high. Utilisation by service, breakers that are open, calls turned away. */
import { shortened } from '../../html/escape.ts';
import { formatNumber, formatShare } from '../../numbers.ts';
import {
  type ChartDrawing,
  type ChartPanel,
  type ChartView,
  INK,
  PANEL_WIDTH_PX,
} from '../drawing.ts';
import {
  createTimeAxis,
  faultBandsOption,
  type LetteredBand,
  type TimeSpan,
  timeAxisOption,
} from '../time-axis.ts';
import { type PathShape, type Place, pathSeries, rectPath } from './custom-series.ts';

/** How a layer looks: calm, busy and full are solid; half is an outline. */
export type LayerLook = 'calm' | 'busy' | 'full' | 'half';

/** One layer of a row: layers stand on each other. */
export interface StripLayer {
  readonly name: string;
  readonly look: LayerLook;
  /** One a bucket; null where there was nothing to measure. */
  readonly values: readonly (number | null)[];
}

/** One row. */
export interface StripRow {
  readonly name: string;
  /** The value that fills the row. */
  readonly full: number;
  readonly layers: readonly StripLayer[];
}

/** What is drawn. */
export interface StripSpec {
  readonly id: string;
  readonly heading: string;
  /** What the height is, for readers of the label. */
  readonly unit: string;
  /** How values are told: as shares in per cent, or as they are. */
  readonly format: 'share' | 'number';
  readonly axis: TimeSpan;
  readonly minutes: readonly number[];
  readonly rows: readonly StripRow[];
  readonly faults: readonly LetteredBand[];
}

/** The chart as data. */
export interface StripPlot {
  readonly kind: 'strip';
  readonly spec: StripSpec;
}

const ROW_PX = 30;
const BAR_SHARE = 0.78;
const GRID = { left: 118, right: 16, top: 20, bottom: 46 };
const NAME_LENGTH = 16;
const FILL: Readonly<Record<LayerLook, string>> = {
  calm: 'var(--s0)',
  busy: 'var(--s4)',
  full: 'var(--fault)',
  half: 'none',
};

/** The panel; its table has every value. */
export function stripChart(
  spec: StripSpec & { readonly subheading: string },
): ChartPanel<StripPlot> {
  const { subheading, ...whole } = spec;
  const { startUtc, virtualHours } = whole.axis;
  const faults = whole.faults.map(({ kind, target, fromMinute, toMinute, letter }) => ({
    ...{ kind, target, fromMinute, toMinute, letter },
  }));
  const plot: StripSpec = { ...whole, axis: { startUtc, virtualHours }, faults };
  const axis = createTimeAxis(plot.axis);
  const columns = plot.rows.flatMap(({ name, layers }) =>
    layers.length === 1 ? [name] : layers.map((layer) => `${name}, ${layer.name}`),
  );
  return {
    heading: plot.heading,
    subheading,
    chart: { kind: 'strip', spec: plot },
    table: {
      caption: `${plot.heading}, ${plot.unit}`,
      columns: [axis.name, ...columns],
      rows: plot.minutes.map((minute, i) => [
        axis.format(minute),
        ...plot.rows.flatMap(({ layers }) =>
          layers.map(({ values }) => textOf(plot, values[i] ?? null)),
        ),
      ]),
    },
  };
}

/** Draws it. */
export function drawStrips(spec: StripSpec, view: ChartView): ChartDrawing {
  const { id, heading, rows, minutes, unit } = spec;
  const axis = createTimeAxis(spec.axis, view.window);
  const names = rows.map(({ name }) => name).join(', ');
  return {
    id,
    label: `${heading}: ${unit} of ${names} over time. The table below has the numbers.`,
    widthPx: PANEL_WIDTH_PX,
    heightPx: rows.length * ROW_PX + GRID.top + GRID.bottom,
    names: [],
    zoom: { leftPx: GRID.left, rightPx: PANEL_WIDTH_PX - GRID.right, link: 'time' },
    stops: minutes.map((minute, i) => ({
      at: { x: minute, y: null },
      title: axis.format(minute),
      lines: rows.map(({ name, layers }) => ({
        name,
        value: layers
          .filter(({ values }) => layers.length === 1 || (values[i] ?? 0) > 0)
          .map((one) => `${textOf(spec, one.values[i] ?? null)} ${one.name}`)
          .join(', '),
      })),
    })),
    option: {
      grid: GRID,
      xAxis: timeAxisOption(axis),
      yAxis: {
        type: 'category',
        inverse: true,
        data: rows.map((_, row) => String(row)),
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: {
          color: 'var(--ink)',
          interval: 0,
          formatter: (row: string) => shortened(rows[Number(row)]?.name ?? '', NAME_LENGTH),
        },
      },
      series: [pathSeries(shapesOf(spec)) as never, faultBandsOption(spec.faults, axis, true)],
    },
  };
}

function textOf({ format }: StripSpec, value: number | null): string {
  return format === 'share' ? formatShare(value) : formatNumber(value);
}

/** A line under every row, then a path a look, of all its bars. */
function shapesOf(spec: StripSpec): readonly PathShape[] {
  const lines: PathShape = {
    stroke: INK.axis,
    d: (at) =>
      spec.rows
        .map((_, row) => {
          const [fromPx, yPx] = at(0, row);
          const [toPx] = at(spec.axis.virtualHours * 60, row);
          return `M${fromPx.toFixed(1)} ${bottomOf(yPx).toFixed(1)}H${toPx.toFixed(1)}`;
        })
        .join(''),
  };
  const looks = Object.keys(FILL) as LayerLook[];
  const bars = looks.map((look): PathShape => {
    const isHalf = look === 'half';
    return {
      fill: FILL[look],
      ...(isHalf ? { stroke: 'var(--fault)', widthPx: 1, dash: [2, 2] } : {}),
      d: (at) => spec.rows.map((one, row) => barsOf(spec, { one, row, look, at })).join(''),
    };
  });
  return [lines, ...bars];
}

function bottomOf(yPx: number): number {
  return yPx + (ROW_PX * BAR_SHARE) / 2;
}

function barsOf(
  { minutes }: StripSpec,
  of: {
    readonly one: StripRow;
    readonly row: number;
    readonly look: LayerLook;
    readonly at: Place;
  },
): string {
  const { one, row, look, at } = of;
  const half = ((minutes[1] ?? 1) - (minutes[0] ?? 0)) / 2;
  const scale = (ROW_PX * BAR_SHARE) / one.full;
  return minutes
    .map((minute, i) => {
      let below = 0;
      let d = '';
      for (const layer of one.layers) {
        const value = Math.min(Math.max(layer.values[i] ?? 0, 0), one.full - below);
        if (layer.look === look && value * scale >= 0.4) {
          const [fromPx, yPx] = at(minute - half, row);
          const [toPx] = at(minute + half, row);
          const y = bottomOf(yPx) - (below + value) * scale;
          d += rectPath({ x: fromPx, y, width: toPx - fromPx, height: value * scale });
        }
        below += value;
      }
      return d;
    })
    .join('');
}
