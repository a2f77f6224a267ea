/** Options of the dashboard's charts, out of the rings: plain data for ECharts. Spec: L70. */
import type { LiveFault } from '../../../domain/live/live-frame.ts';
import { seriesStyle } from '../../../report/charts/series-style.ts';
import { printable } from '../../../report/html/escape.ts';
import { formatNumber, formatTick } from '../../../report/numbers.ts';
import type { RingVertex } from './min-max-ring.ts';
import { clockTimeText, type RunStretch } from './moment-text.ts';
import type { StateStretch } from './state-strip.ts';

/** One line. */
export interface LiveLine {
  readonly name: string;
  /** The number of its look. */
  readonly look: number;
  readonly vertices: readonly RingVertex[];
}

/** One chart over virtual time. */
export interface LiveChart {
  readonly run: RunStretch;
  readonly nowUs: number;
  readonly faults: readonly LiveFault[];
}

const INK = 'var(--ink2)';
const AXIS = { axisLine: { lineStyle: { color: INK } }, axisTick: { lineStyle: { color: INK } } };

/** Lines of values. */
export function lineChartOption(chart: LiveChart & { readonly lines: readonly LiveLine[] }) {
  const { lines } = chart;
  const fromUs = Math.min(chart.nowUs, ...lines.flatMap(({ vertices }) => vertices[0]?.[0] ?? []));
  return {
    animation: false,
    grid: { left: 54, right: 14, top: 14, bottom: 26 },
    tooltip: tooltipOption(chart.run),
    xAxis: timeAxis(chart, fromUs),
    yAxis: {
      type: 'value' as const,
      min: 0,
      splitNumber: 4,
      axisLabel: { color: INK, formatter: formatTick },
      splitLine: { lineStyle: { color: 'var(--grid)' } },
    },
    series: [
      ...lines.map(lineOption),
      { ...EMPTY_LINE, markArea: faultAreas(chart.faults, fromUs, chart.nowUs) },
    ],
  };
}

/** What stands for each state of a breaker, from the harmless up: name, colour and height. */
export const BREAKER_LOOKS = {
  closed: { color: 'var(--s2)', heightShare: 0.22, symbol: '✓' },
  'half-open': { color: 'var(--s4)', heightShare: 0.55, symbol: '½' },
  open: { color: 'var(--fault)', heightShare: 0.9, symbol: '✕' },
} as const;

/** Strips of breakers' states, one row an edge: height and colour both tell the state. */
export function breakerChartOption(
  chart: LiveChart & {
    readonly strips: readonly {
      readonly name: string;
      readonly stretches: readonly StateStretch<keyof typeof BREAKER_LOOKS>[];
    }[];
  },
) {
  const { strips } = chart;
  const fromUs = Math.min(
    chart.nowUs,
    ...strips.flatMap(({ stretches }) => stretches[0]?.fromUs ?? []),
  );
  const data = strips.flatMap(({ stretches }, row) =>
    stretches.map(({ fromUs: from, toUs, state }) => ({ value: [from, toUs, row], state })),
  );
  return {
    animation: false,
    grid: { left: 150, right: 14, top: 6, bottom: 26 },
    xAxis: timeAxis(chart, fromUs),
    yAxis: {
      type: 'category' as const,
      inverse: true,
      data: strips.map(({ name }) => printable(name)),
      axisLabel: { color: INK, width: 136, overflow: 'truncate' as const },
      axisTick: { show: false },
      axisLine: { show: false },
    },
    series: [
      {
        type: 'custom' as const,
        silent: true,
        data: data.map(({ value }) => value),
        renderItem: (_: unknown, api: StripApi) => {
          const [x1 = 0, y = 0] = api.coord([api.value(0), api.value(2)]);
          const [x2 = 0] = api.coord([api.value(1), api.value(2)]);
          const stretch = strips[api.value(2)]?.stretches.find(
            ({ fromUs: from }) => from === api.value(0),
          );
          const look = BREAKER_LOOKS[stretch?.state ?? 'closed'];
          const [, rowPx = 0] = api.size([0, 1]);
          const height = rowPx * 0.8 * look.heightShare;
          return {
            type: 'rect' as const,
            shape: { x: x1, y: y + rowPx * 0.4 - height, width: Math.max(1, x2 - x1), height },
            style: { fill: look.color },
          };
        },
      },
    ],
  };
}

interface StripApi {
  value(dimension: number): number;
  coord(point: readonly number[]): number[];
  size(extent: readonly number[]): number[];
}

const EMPTY_LINE = { type: 'line' as const, silent: true, data: [] as number[][] };

function lineOption({ name, look, vertices }: LiveLine) {
  const { color, dash } = seriesStyle(look);
  return {
    type: 'line' as const,
    name: printable(name),
    showSymbol: false,
    connectNulls: false,
    data: vertices.map(([atUs, value]) => [atUs, value]),
    color,
    lineStyle: { color, width: 2, type: dash.length > 0 ? [...dash] : ('solid' as const) },
    emphasis: { disabled: true },
  };
}

function timeAxis({ run, nowUs }: LiveChart, fromUs: number) {
  return {
    type: 'value' as const,
    min: fromUs,
    max: Math.max(nowUs, fromUs + 1),
    splitNumber: 4,
    splitLine: { show: false },
    ...AXIS,
    axisLabel: {
      color: INK,
      hideOverlap: true,
      formatter: (atUs: number) => clockTimeText(run, atUs),
    },
  };
}

/** Drawn as SVG, never as HTML: names stay text. */
function tooltipOption(run: RunStretch) {
  return {
    trigger: 'axis' as const,
    renderMode: 'richText' as const,
    confine: true,
    backgroundColor: 'var(--card)',
    borderColor: 'var(--line)',
    textStyle: { color: 'var(--ink)', fontSize: 12 },
    axisPointer: { lineStyle: { color: INK } },
    formatter: (found: unknown) => {
      const points = (Array.isArray(found) ? found : [found]) as TooltipPoint[];
      const at = points[0]?.value?.[0];
      const lines = points.map(({ seriesName = '', value }) => {
        return `${plain(seriesName)}: ${formatNumber(value?.[1])}`;
      });
      return [at === undefined ? '' : clockTimeText(run, at), ...lines].join('\n');
    },
  };
}

interface TooltipPoint {
  readonly seriesName?: string;
  readonly value?: readonly [number, number | null];
}

/** Braces and bars are rich text's own signs. */
function plain(name: string): string {
  return name.replaceAll(/[{}|]/g, ' ');
}

function faultAreas(faults: readonly LiveFault[], fromUs: number, nowUs: number) {
  return {
    silent: true,
    itemStyle: { color: 'var(--fault)', opacity: 0.13 },
    label: { show: false },
    data: bandsOf(faults, fromUs, nowUs).map(
      ([from, to]): [{ xAxis: number }, { xAxis: number }] => [{ xAxis: from }, { xAxis: to }],
    ),
  };
}

/** The stretches with at least one fault; bands over one another would hide the lines.
 * @returns [from, to] in µs, ascending, without overlap. */
export function bandsOf(
  faults: readonly LiveFault[],
  fromUs: number,
  nowUs: number,
): (readonly [number, number])[] {
  const bands: [number, number][] = [];
  for (const { beganAtUs, endsAtUs } of faults.toSorted((a, b) => a.beganAtUs - b.beganAtUs)) {
    const from = Math.max(fromUs, beganAtUs);
    const to = Math.min(nowUs, endsAtUs);
    if (to <= from) continue;
    const last = bands.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else bands.push([from, to]);
  }
  return bands;
}
