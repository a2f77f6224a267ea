/** The architecture in motion. Width and dots of a link tell its rate, dashes its errors, a symbol
 * its breaker; a node fills up with its busy share. Who asked for less motion sees it still; the
 * tables beside it say the same in words. ECharts moves dots on canvas only, where colours cannot
 * follow light and dark, so these few shapes are made here. Spec: L71. */
import type { LiveEdge, LiveFrame, LiveServer } from '../../../domain/live/live-frame.ts';
import type { LiveNode } from '../../../domain/live/live-hello.ts';
import { shortened } from '../../../report/html/escape.ts';
import { formatNumber } from '../../../report/numbers.ts';
import { element, setAttributes, setText, svgElement } from '../../dom/element.ts';
import { BREAKER_LOOKS } from '../model/chart-options.ts';
import { DOT_GAP_PX, dotsPerSec, linkWidthPx } from '../model/dot-speed.ts';
import type { EdgeRate, FrameRates } from '../model/frame-history.ts';
import {
  type GraphLayout,
  layoutGraph,
  NODE_HEIGHT_PX,
  NODE_WIDTH_PX,
  type PlacedLink,
  type PlacedNode,
} from '../model/graph-layout.ts';
import { type Moment, panel, type View } from './view.ts';
import { VisibleDrawing } from './visible-drawing.ts';

const NAME_LENGTH = 19;
const ERROR_SHARE_SHOWN = 0.001;
/** Dots need no more than 30 pictures a second. */
const PICTURE_MS = 32;

/** Makes the graph. */
export function createGraphView(): View {
  const box = element('div', {
    class: 'scroll graph',
    tabindex: 0,
    role: 'group',
    'aria-label': 'Drawing of the architecture; the tables Calls and Servers say the same',
  });
  const note = element('p', { class: 'note' }, LEGEND);
  const root = panel('Architecture', box, note);
  let subject = '';
  let graph: Graph | undefined;
  const drawing = new VisibleDrawing<Moment>(box, (moment) => graph?.show(moment));
  const isSeen = () => drawing.isVisible;
  return {
    root,
    show(moment): void {
      const { frame, hello } = moment;
      if (frame.subject !== subject || graph === undefined) {
        subject = frame.subject;
        const known = hello.subjects.find(({ name }) => name === subject) ?? hello.subjects[0];
        graph?.stop();
        graph = known === undefined ? undefined : new Graph(layoutGraph(known), isSeen);
        box.replaceChildren(...(graph === undefined ? [] : [graph.root]));
      }
      root.hidden = graph === undefined;
      drawing.show(moment);
    },
  };
}

const LEGEND =
  'Wider lines and more dots: more calls (by the logarithm). Dashes: errors. ' +
  'The box fills with busy workers. ✓ closed, ½ half-open, ✕ open breaker.';

class Graph {
  readonly root: SVGSVGElement;
  readonly #nodes: readonly ShownNode[];
  readonly #links: readonly ShownLink[];
  readonly #stillness = matchMedia('(prefers-reduced-motion: reduce)');
  readonly #isSeen: () => boolean;
  #isMoving = false;
  #request = 0;
  #lastMs = 0;

  constructor(layout: GraphLayout, isSeen: () => boolean) {
    this.#isSeen = isSeen;
    this.#links = layout.links.map(makeLink);
    this.#nodes = layout.nodes.map(makeNode);
    const { widthPx, heightPx } = layout;
    this.root = svgElement(
      'svg',
      {
        viewBox: `0 0 ${widthPx} ${heightPx}`,
        width: widthPx,
        height: heightPx,
        'aria-hidden': 'true',
      },
      ...this.#links.map(({ group }) => group),
      ...this.#nodes.map(({ group }) => group),
    );
  }

  show({ frame, history }: Moment): void {
    const servers = new Map(frame.servers.map((server) => [server.name, server]));
    const edges = new Map(frame.edges.map((edge) => [edge.name, edge]));
    const kinds = new Map(this.#nodes.map(({ node }) => [node.name, node.kind]));
    for (const shown of this.#nodes) showNode(shown, servers.get(shown.node.name), frame);
    for (const shown of this.#links) {
      const { name, to } = shown.link;
      const edge = edges.get(name);
      const rate =
        edge === undefined
          ? pipelineRate(kinds.get(to), history.rates)
          : history.rates.edges.get(name);
      showLink(shown, edge, rate);
    }
    this.#isMoving = frame.clock.state === 'running' && !this.#stillness.matches;
    if (this.#isMoving && this.#request === 0) this.#request = requestAnimationFrame(this.#move);
  }

  stop(): void {
    cancelAnimationFrame(this.#request);
  }

  readonly #move = (nowMs: number): void => {
    const goesOn = this.#isMoving && this.#isSeen();
    this.#request = goesOn ? requestAnimationFrame(this.#move) : 0;
    if (nowMs - this.#lastMs < PICTURE_MS) return;
    const seconds = Math.min(0.1, (nowMs - this.#lastMs) / 1_000);
    this.#lastMs = nowMs;
    for (const link of this.#links) {
      if (link.dotsPerSec === 0) continue;
      link.offsetPx = (link.offsetPx + link.dotsPerSec * DOT_GAP_PX * seconds) % DOT_GAP_PX;
      link.dots.setAttribute('stroke-dashoffset', (-link.offsetPx).toFixed(1));
    }
  };
}

interface ShownNode {
  readonly node: LiveNode;
  readonly group: SVGGElement;
  readonly level: SVGRectElement;
  readonly words: SVGTextElement;
}

interface ShownLink {
  readonly link: PlacedLink['link'];
  readonly group: SVGGElement;
  readonly line: SVGPathElement;
  readonly dots: SVGPathElement;
  readonly words: SVGTextElement;
  dotsPerSec: number;
  offsetPx: number;
}

function makeNode({ node, x, y }: PlacedNode): ShownNode {
  const size = { width: NODE_WIDTH_PX, height: NODE_HEIGHT_PX, rx: 7 };
  const level = svgElement('rect', { class: 'busy', ...size, width: 0 });
  const words = svgElement('text', { class: 'words', x: 10, y: 37 });
  const group = svgElement(
    'g',
    { class: `node ${node.kind}`, transform: `translate(${x} ${y})`, 'data-node': node.name },
    svgElement('title', {}, `${node.name} (${node.kind})`),
    svgElement('rect', { class: 'box', ...size }),
    level,
    svgElement('rect', { class: 'frame', ...size }),
    svgElement('text', { x: 10, y: 19 }, shortened(node.name, NAME_LENGTH)),
    words,
  );
  return { node, group, level, words };
}

function makeLink({ link, path, middleX, middleY }: PlacedLink): ShownLink {
  const line = svgElement('path', { class: 'line', d: path });
  const dots = svgElement('path', {
    class: 'dots',
    d: path,
    'stroke-dasharray': `0 ${DOT_GAP_PX}`,
  });
  const words = svgElement('text', { class: 'words', x: middleX, y: middleY - 6 });
  const title = svgElement('title', {}, link.name);
  const group = svgElement(
    'g',
    { class: 'link', 'data-link': link.name },
    title,
    line,
    dots,
    words,
  );
  return { link, group, line, dots, words, dotsPerSec: 0, offsetPx: 0 };
}

function showNode(
  { node, level, words }: ShownNode,
  server: LiveServer | undefined,
  frame: LiveFrame,
) {
  const share =
    server === undefined || server.workers === 0 ? 0 : server.busyWorkers / server.workers;
  setAttributes(level, { width: (NODE_WIDTH_PX * Math.min(1, share)).toFixed(1) });
  setText(words, server === undefined ? otherWords(node, frame) : serverWords(server, share));
}

function serverWords({ waiting, readyReplicas }: LiveServer, share: number): string {
  const queue = waiting > 0 ? ` · ${formatNumber(waiting)} wait` : '';
  return `${formatNumber(Math.round(share * 100))} % · ${readyReplicas}×${queue}`;
}

function otherWords({ kind }: LiveNode, { pipeline, viewers }: LiveFrame): string {
  if (kind === 'clients') return viewers === null ? '' : `${formatNumber(viewers)} viewers`;
  if (kind === 'collector') return `${formatNumber(pipeline.accepted)} accepted`;
  if (kind === 'log') return `${formatNumber(pipeline.unread)} unread`;
  return kind === 'warehouse' ? `${formatNumber(pipeline.stored)} stored` : '';
}

function showLink(shown: ShownLink, edge: LiveEdge | undefined, rate: EdgeRate | undefined): void {
  const { callsPerSec = 0, errorShare = 0 } = rate ?? {};
  const hasErrors = errorShare > ERROR_SHARE_SHOWN;
  const width = linkWidthPx(callsPerSec);
  shown.dotsPerSec = dotsPerSec(callsPerSec);
  setAttributes(shown.group, { 'data-errors': hasErrors ? 'some' : undefined });
  setAttributes(shown.line, {
    'stroke-width': width.toFixed(1),
    'stroke-dasharray': hasErrors ? '10 5' : undefined,
  });
  setAttributes(shown.dots, {
    'stroke-width': (width + 2.5).toFixed(1),
    visibility: shown.dotsPerSec === 0 ? 'hidden' : undefined,
  });
  const breaker = edge?.breaker ?? null;
  const symbol = breaker === null ? '' : `${BREAKER_LOOKS[breaker].symbol} `;
  const errors = hasErrors ? ` · ${formatNumber(errorShare * 100)} % err` : '';
  setText(
    shown.words,
    rate === undefined ? symbol : `${symbol}${formatNumber(callsPerSec)}/s${errors}`,
  );
  setAttributes(shown.words, { 'data-breaker': breaker ?? undefined });
}

/** Links of the pipeline have no edge of their own. */
function pipelineRate(kind: LiveNode['kind'] | undefined, rates: FrameRates): EdgeRate | undefined {
  const byKind: Partial<Record<LiveNode['kind'], number | null>> = {
    collector: rates.capturedPerSec ?? rates.acceptedPerSec,
    log: rates.acceptedPerSec,
    warehouse: rates.storedPerSec,
  };
  const found = kind === undefined ? undefined : byKind[kind];
  if (found === undefined || found === null) return undefined;
  return { callsPerSec: found, attemptsPerSec: found, errorShare: 0 };
}
