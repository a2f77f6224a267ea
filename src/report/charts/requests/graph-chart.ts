/** Who calls whom: nodes in columns from the clients on; a line is as wide as its calls are many,
 * dashed where some fail and dotted where many do, and says its rate and its tries a call. */
import { shortened } from '../../html/escape.ts';
import { formatNumber, formatShare } from '../../numbers.ts';
import { type ChartDrawing, type ChartPanel, PANEL_WIDTH_PX } from '../drawing.ts';

/** A node. */
export interface GraphNode {
  readonly name: string;
  /** What stands under the name. */
  readonly note: string;
}

/** A line from one node to another, by their names. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly callsPerSec: number;
  /** Tries a call. */
  readonly amplification: number;
  /** Tries that failed or timed out, 0–1. */
  readonly errorShare: number;
}

/** What is drawn. */
export interface GraphSpec {
  readonly id: string;
  readonly heading: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** The rate that the widest line stands for: shared by graphs that are to be compared. */
  readonly widestPerSec: number;
}

/** The chart as data. */
export interface GraphPlot {
  readonly kind: 'graph';
  readonly spec: GraphSpec;
}

interface Box {
  readonly node: GraphNode;
  readonly x: number;
  readonly y: number;
}

const NODE = { width: 86, height: 40 };
const ROW_PX = 84;
const MARGIN_PX = 4;
const LINE_PX = { min: 1.5, max: 9 };
/** From these shares of failed tries on a line is dashed, and dotted. */
const FAILED = { some: 0.001, many: 0.05 };
const MORE_PX = 12;
/** Where on its line a text stands, 0–1. */
const TEXT_AT = 0.6;

/** The panel. */
export function graphChart(
  spec: GraphSpec & Pick<ChartPanel<GraphPlot>, 'subheading' | 'table'>,
): ChartPanel<GraphPlot> {
  const { subheading, table, ...plot } = spec;
  return { heading: plot.heading, subheading, table, chart: { kind: 'graph', spec: plot } };
}

/** Draws it. */
export function drawGraph(spec: GraphSpec): ChartDrawing {
  const { id, heading, edges } = spec;
  const boxes = layout(spec);
  const heightPx = 2 * MORE_PX + Math.max(...boxes.map(({ y }) => y + NODE.height));
  const byName = new Map(boxes.map((box) => [box.node.name, box]));
  const drawn = edges.flatMap((edge) => {
    const [from, to] = [byName.get(edge.from), byName.get(edge.to)];
    return from === undefined || to === undefined ? [] : [{ edge, from, to }];
  });
  return {
    id,
    label: `${heading}: who calls whom, how often, with how many tries. The table has the numbers.`,
    widthPx: PANEL_WIDTH_PX,
    heightPx,
    names: [],
    stops: drawn.map(({ edge, from, to }) => {
      const [xPx, yPx] = textPlace(from, to);
      return {
        at: { xPx, yPx },
        title: `${edge.from} → ${edge.to}`,
        lines: [
          { name: 'calls', value: `${formatNumber(edge.callsPerSec)} a second` },
          { name: 'tries a call', value: formatNumber(edge.amplification) },
          { name: 'tries that failed', value: formatShare(edge.errorShare) },
        ],
      };
    }),
    option: {
      graphic: [
        ...drawn.map(({ edge, from, to }) => lineElement(edge, { from, to, spec })),
        ...boxes.flatMap(boxElements),
        ...drawn.flatMap(({ edge, from, to }) => textElements(edge, textPlace(from, to))),
      ] as never,
    },
  };
}

/** Nodes by their distance from the clients, a column each; columns are centred. */
function layout({ nodes, edges }: GraphSpec): readonly Box[] {
  const depth = new Map(nodes.map(({ name }) => [name, 0]));
  for (let round = 0; round < nodes.length; round += 1) {
    for (const { from, to } of edges) {
      const deeper = (depth.get(from) ?? 0) + 1;
      if (deeper < nodes.length) depth.set(to, Math.max(depth.get(to) ?? 0, deeper));
    }
  }
  const columns = Math.max(0, ...depth.values()) + 1;
  const inColumn = (column: number) => nodes.filter(({ name }) => depth.get(name) === column);
  const tallest = Math.max(...Array.from({ length: columns }, (_, n) => inColumn(n).length));
  const step = (PANEL_WIDTH_PX - 2 * MARGIN_PX - NODE.width) / Math.max(1, columns - 1);
  return Array.from({ length: columns }, (_, column) => {
    const here = inColumn(column);
    const offset = ((tallest - here.length) * ROW_PX) / 2;
    return here.map((node, row) => ({
      node,
      x: MARGIN_PX + column * step,
      y: MORE_PX + offset + row * ROW_PX,
    }));
  }).flat();
}

function lineElement(
  { callsPerSec, errorShare }: GraphEdge,
  { from, to, spec }: { readonly from: Box; readonly to: Box; readonly spec: GraphSpec },
) {
  const share = Math.sqrt(callsPerSec / Math.max(spec.widestPerSec, Number.MIN_VALUE));
  const lineWidth = Math.round((LINE_PX.min + share * (LINE_PX.max - LINE_PX.min)) * 10) / 10;
  const isMany = errorShare >= FAILED.many;
  const isSome = errorShare >= FAILED.some;
  const look = isMany
    ? { stroke: 'var(--fault)', lineDash: [lineWidth, lineWidth] }
    : isSome
      ? { stroke: 'var(--s1)', lineDash: [3 * lineWidth, 1.5 * lineWidth] }
      : { stroke: 'var(--s0)' };
  return {
    type: 'line' as const,
    silent: true,
    shape: {
      x1: from.x + NODE.width,
      y1: from.y + NODE.height / 2,
      x2: to.x,
      y2: to.y + NODE.height / 2,
    },
    style: { fill: 'none', lineWidth, ...look },
  };
}

function boxElements({ node, x, y }: Box) {
  const text = (
    content: string,
    more: { readonly y: number; readonly fill: string; size: number },
  ) => ({
    type: 'text' as const,
    silent: true,
    x: x + NODE.width / 2,
    y: more.y,
    style: {
      text: content,
      fill: more.fill,
      align: 'center' as const,
      verticalAlign: 'middle' as const,
      fontSize: more.size,
      fontFamily: 'inherit',
    },
  });
  return [
    {
      type: 'rect' as const,
      silent: true,
      shape: { x, y, width: NODE.width, height: NODE.height, r: 6 },
      style: { fill: 'var(--soft)', stroke: 'var(--ink2)', lineWidth: 1 },
    },
    text(shortened(node.name, 14), {
      y: y + (node.note === '' ? 20 : 13),
      fill: 'var(--ink)',
      size: 12,
    }),
    text(shortened(node.note, 15), { y: y + 28, fill: 'var(--ink2)', size: 11 }),
  ];
}

function textPlace(from: Box, to: Box): readonly [number, number] {
  const x1 = from.x + NODE.width;
  const y1 = from.y + NODE.height / 2;
  const y2 = to.y + NODE.height / 2;
  return [x1 + TEXT_AT * (to.x - x1), y1 + TEXT_AT * (y2 - y1)];
}

/** Rate and tries above the line, failures under it. */
function textElements(edge: GraphEdge, [x, y]: readonly [number, number]) {
  const tries = edge.amplification > 1.005 ? ` ×${edge.amplification.toFixed(2)}` : '';
  const lines = [
    { text: `${formatNumber(edge.callsPerSec)}/s${tries}`, y: y - MORE_PX, fill: 'var(--ink)' },
    ...(edge.errorShare >= FAILED.some
      ? [{ text: `✕ ${formatShare(edge.errorShare)}`, y: y + MORE_PX, fill: 'var(--fault)' }]
      : []),
  ];
  return lines.map(({ text, y: yPx, fill }) => ({
    type: 'text' as const,
    silent: true,
    x,
    y: yPx,
    style: {
      text,
      fill,
      align: 'center' as const,
      verticalAlign: 'middle' as const,
      fontSize: 11,
      fontFamily: 'inherit',
      fontWeight: 'bold' as const,
      stroke: 'var(--card)',
      lineWidth: 3,
    },
  }));
}
