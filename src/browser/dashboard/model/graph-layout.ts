/** Where the architecture's nodes and links stand: columns by their distance from the clients,
 * rows so that links cross little. The same graph has the same layout. Spec: L71. */
import type { LiveLink, LiveNode, LiveSubject } from '../../../domain/live/live-hello.ts';

/** A node's box, px. */
export interface PlacedNode {
  readonly node: LiveNode;
  readonly x: number;
  readonly y: number;
}

/** A link's curve from box to box. */
export interface PlacedLink {
  readonly link: LiveLink;
  /** For the `d` of an SVG path. */
  readonly path: string;
  readonly middleX: number;
  readonly middleY: number;
}

/** The graph as it is drawn. */
export interface GraphLayout {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly nodes: readonly PlacedNode[];
  readonly links: readonly PlacedLink[];
}

/** Size of a node's box, px. */
export const NODE_WIDTH_PX = 150;
/** Its height, px. */
export const NODE_HEIGHT_PX = 46;
const COLUMN_PX = 300;
const ROW_PX = 66;
const MARGIN_PX = 14;
const SWEEPS = 4;
/** Beyond, a drawing tells nobody anything, and the table beside it does. */
const NODES_MAX = 200;

/** Places everything. Links whose ends are unknown are left out. Cost O(nodes · links). */
export function layoutGraph(subject: LiveSubject): GraphLayout {
  const nodes = subject.nodes.slice(0, NODES_MAX);
  const names = new Set(nodes.map(({ name }) => name));
  const links = subject.links.filter(({ from, to }) => names.has(from) && names.has(to));
  const columns = orderedColumns(columnsOf(nodes, links), links);
  const rowsMax = Math.max(1, ...columns.map(({ length }) => length));
  const heightPx = rowsMax * ROW_PX - (ROW_PX - NODE_HEIGHT_PX) + 2 * MARGIN_PX;
  const placed = columns.flatMap((column, c) =>
    column.map((node, r) => ({
      node,
      x: MARGIN_PX + c * COLUMN_PX,
      y: MARGIN_PX + (r + (rowsMax - column.length) / 2) * ROW_PX,
    })),
  );
  const byName = new Map(placed.map((one) => [one.node.name, one]));
  return {
    widthPx: Math.max(1, columns.length) * COLUMN_PX - (COLUMN_PX - NODE_WIDTH_PX) + 2 * MARGIN_PX,
    heightPx,
    nodes: placed,
    links: links.flatMap((link) => {
      const from = byName.get(link.from);
      const to = byName.get(link.to);
      return from === undefined || to === undefined ? [] : [placeLink(link, from, to)];
    }),
  };
}

/** Columns by the longest way from a node that nobody asks; a link that closes a circle is none. */
function columnsOf(nodes: readonly LiveNode[], links: readonly LiveLink[]): LiveNode[][] {
  const depths = new Map<string, number>();
  const onTheWay = new Set<string>();
  const depthOf = (name: string): number => {
    const found = depths.get(name);
    if (found !== undefined) return found;
    onTheWay.add(name);
    let depth = 0;
    for (const { from, to } of links) {
      if (to === name && !onTheWay.has(from)) depth = Math.max(depth, depthOf(from) + 1);
    }
    onTheWay.delete(name);
    depths.set(name, depth);
    return depth;
  };
  const columns: LiveNode[][] = [];
  for (const node of nodes) {
    const depth = depthOf(node.name);
    columns[depth] = [...(columns[depth] ?? []), node];
  }
  return Array.from(columns, (column) => column ?? []).filter(({ length }) => length > 0);
}

/** Each row near its neighbours' middle: the barycentre method of Sugiyama, Tagawa and Toda. */
function orderedColumns(columns: LiveNode[][], links: readonly LiveLink[]): LiveNode[][] {
  const neighbours = new Map<string, string[]>();
  for (const { from, to } of links) {
    neighbours.set(from, [...(neighbours.get(from) ?? []), to]);
    neighbours.set(to, [...(neighbours.get(to) ?? []), from]);
  }
  let ordered = columns;
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const place = new Map<string, number>();
    for (const column of ordered) {
      for (const [r, { name }] of column.entries()) place.set(name, r - column.length / 2);
    }
    const wanted = (name: string, r: number): number => {
      const places = (neighbours.get(name) ?? []).map((other) => place.get(other) ?? 0);
      if (places.length === 0) return r;
      return places.reduce((sum, one) => sum + one, 0) / places.length;
    };
    ordered = ordered.map((column) =>
      column
        .map((node, r) => ({ node, r, at: wanted(node.name, r) }))
        .sort((a, b) => a.at - b.at || a.r - b.r)
        .map(({ node }) => node),
    );
  }
  return ordered;
}

function placeLink(link: LiveLink, from: PlacedNode, to: PlacedNode): PlacedLink {
  const isForward = to.x > from.x;
  const x1 = from.x + NODE_WIDTH_PX;
  const y1 = from.y + NODE_HEIGHT_PX / 2;
  const x2 = isForward ? to.x : to.x + NODE_WIDTH_PX;
  const y2 = to.y + NODE_HEIGHT_PX / 2;
  const bend = isForward ? Math.max(30, (x2 - x1) / 2) : 60;
  const c1 = x1 + bend;
  const c2 = isForward ? x2 - bend : x2 + bend;
  return {
    link,
    path: `M${x1} ${y1}C${c1} ${y1} ${c2} ${y2} ${x2} ${y2}`,
    middleX: (x1 + 3 * c1 + 3 * c2 + x2) / 8,
    middleY: (y1 + y2) / 2,
  };
}
