/** What each stage of a pipeline let through and what it kept back, as bars on a common scale. */
import { shortened } from '../html/escape.ts';
import { formatCount } from '../numbers.ts';
import {
  type ChartDrawing,
  type ChartPanel,
  type ChartStop,
  type ChartView,
  INK,
  PANEL_WIDTH_PX,
} from './drawing.ts';

/** One stage; `lost` holds rejected and dropped. */
export interface FunnelStage {
  readonly name: string;
  readonly passed: number;
  readonly lost: number;
}

/** One panel of stages. */
export interface FunnelSpec
  extends FunnelDrawingSpec,
    Pick<ChartPanel<FunnelPlot>, 'subheading' | 'table'> {}

/** What is drawn of it. */
export interface FunnelDrawingSpec {
  readonly id: string;
  readonly heading: string;
  readonly unit: string;
  readonly stages: readonly FunnelStage[];
  readonly color: string;
  /** End of the axis, shared by panels that are to be compared. */
  readonly max: number;
}

const ROW_PX = 30;
/** Room right of the longest bar for its label. */
const LABEL_PX = 116;

/** The chart as data. */
export interface FunnelPlot {
  readonly kind: 'funnel';
  readonly spec: FunnelDrawingSpec;
}

/** The panel. */
export function funnelChart({ subheading, table, ...spec }: FunnelSpec): ChartPanel<FunnelPlot> {
  return { heading: spec.heading, subheading, table, chart: { kind: 'funnel', spec } };
}

/** Draws it: full bars for what passed, hollow dashed ones for what was lost. */
export function drawFunnel(spec: FunnelDrawingSpec, _view: ChartView): ChartDrawing {
  const { id, heading, stages } = spec;
  const names = stages.map(({ name }) => name);
  return {
    id,
    label: `${heading}: ${spec.unit} passed and lost by stage. The table below has the numbers.`,
    widthPx: PANEL_WIDTH_PX,
    heightPx: stages.length * ROW_PX + 20,
    names: [],
    stops: stages.map((stage, row) => stopOf(spec, stage, row)),
    option: {
      grid: { left: 90, right: LABEL_PX, top: 6, bottom: 8 },
      xAxis: { type: 'value', min: 0, max: Math.max(1, spec.max), show: false },
      yAxis: {
        type: 'category',
        inverse: true,
        data: names.map((_, i) => String(i)),
        axisLine: { lineStyle: { color: INK.axis } },
        axisTick: { show: false },
        axisLabel: {
          color: 'var(--ink)',
          interval: 0,
          formatter: (index: string) => shortened(names[Number(index)] ?? '', 13),
        },
      },
      series: [passedOption(spec), lostOption(spec)],
    },
  };
}

function stopOf({ unit, color }: FunnelDrawingSpec, stage: FunnelStage, row: number): ChartStop {
  return {
    at: { x: stage.passed, y: row },
    title: stage.name,
    lines: [
      { name: `${unit} passed`, value: formatCount(stage.passed), color },
      { name: 'rejected or dropped', value: formatCount(stage.lost), color: 'var(--fault)' },
    ],
  };
}

function passedOption({ stages, color }: FunnelDrawingSpec) {
  return {
    type: 'bar' as const,
    stack: 'stage',
    silent: true,
    barWidth: 16,
    itemStyle: { color },
    data: stages.map(({ passed }) => passed),
  };
}

function lostOption({ stages }: FunnelDrawingSpec) {
  return {
    type: 'bar' as const,
    stack: 'stage',
    silent: true,
    barWidth: 16,
    itemStyle: {
      color: 'transparent',
      borderColor: 'var(--fault)',
      borderWidth: 1.5,
      borderType: 'dashed' as const,
    },
    data: stages.map(({ passed, lost }) => ({
      value: lost,
      ...(lost === 0
        ? { itemStyle: { borderWidth: 0, borderColor: 'none', color: 'transparent' } }
        : {}),
      label: {
        show: true,
        position: 'right' as const,
        color: 'var(--ink)',
        textBorderWidth: 0,
        formatter: () =>
          lost === 0 ? formatCount(passed) : `${formatCount(passed)} (−${formatCount(lost)})`,
      },
    })),
  };
}
