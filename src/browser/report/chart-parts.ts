/** The elements around a live drawing: the plot that takes the focus, its cursor, its tooltip, the
 * stretch that is being dragged, and the buttons. Texts go in as text nodes only. Spec: R64. */
import type { ChartDrawing, ChartStop } from '../../report/charts/drawing.ts';
import type { StopPlace } from './nearest-stop.ts';

/** The elements of one chart. */
export interface ChartParts {
  readonly plot: HTMLElement;
  /** Absent where there is nothing to zoom. */
  readonly tools: HTMLElement | undefined;
  /** Shows a stop; with no stop, the line alone; with no place, nothing. */
  point(place: StopPlace | undefined, stop: ChartStop | undefined): void;
  /** Marks a stretch, in pixels of the drawing. */
  mark(stretch: { readonly from: number; readonly to: number } | undefined): void;
}

/** What the buttons do. */
export type ToolName = 'in' | 'out' | 'whole';

const TOOLS: readonly (readonly [ToolName, sign: string, name: string])[] = [
  ['in', '+', 'Zoom in'],
  ['out', '−', 'Zoom out'],
  ['whole', '↺', 'Show the whole axis'],
];

/** Id of the paragraph that tells the keys; made by the page's script. */
export const KEYS_ID = 'chart-keys';

/** Makes them; the caller puts them in their places. */
export function chartParts(
  drawing: ChartDrawing,
  { detailsId, onTool }: { readonly detailsId: string; onTool(name: ToolName): void },
): ChartParts {
  const { widthPx, heightPx } = drawing;
  const plot = element('div', 'plot');
  plot.tabIndex = 0;
  plot.setAttribute('role', 'application');
  plot.setAttribute('aria-roledescription', 'chart');
  plot.setAttribute('aria-label', drawing.label);
  plot.setAttribute('aria-describedby', KEYS_ID);
  plot.setAttribute('aria-details', detailsId);
  const cross = element('div', 'cross');
  const ring = element('div', 'ring');
  const tip = element('div', 'tip');
  const stretch = element('div', 'stretch');
  const overlays = [cross, ring, tip, stretch];
  for (const one of overlays) {
    one.hidden = true;
    one.setAttribute('aria-hidden', 'true');
  }
  plot.append(...overlays);
  const percent = (px: number, ofPx: number) => `${((100 * px) / ofPx).toFixed(2)}%`;
  return {
    plot,
    tools: drawing.zoom === undefined ? undefined : toolsOf(drawing.label, onTool),
    point: (place, stop) => {
      cross.hidden = place === undefined || place.y !== null;
      ring.hidden = place === undefined || place.y === null;
      tip.hidden = place === undefined || stop === undefined;
      if (place === undefined) return;
      cross.style.left = percent(place.x, widthPx);
      ring.style.left = percent(place.x, widthPx);
      ring.style.top = percent(place.y ?? 0, heightPx);
      if (stop !== undefined) fillTip(tip, stop);
      const isRight = place.x > widthPx / 2;
      const isLow = place.y !== null && place.y > heightPx / 2;
      tip.style.left = isRight ? 'auto' : percent(place.x, widthPx);
      tip.style.right = isRight ? percent(widthPx - place.x, widthPx) : 'auto';
      tip.style.top = isLow ? 'auto' : percent(place.y ?? 0, heightPx);
      tip.style.bottom = isLow ? percent(heightPx - (place.y ?? 0), heightPx) : 'auto';
    },
    mark: (range) => {
      stretch.hidden = range === undefined;
      if (range === undefined) return;
      stretch.style.left = percent(Math.min(range.from, range.to), widthPx);
      stretch.style.width = percent(Math.abs(range.to - range.from), widthPx);
    },
  };
}

/** A stop in one sentence, for those who hear it. */
export function stopSentence({ title, lines }: ChartStop): string {
  return [title, ...lines.map(({ name, value }) => `${name} ${value}`)].join('; ');
}

function toolsOf(label: string, onTool: (name: ToolName) => void): HTMLElement {
  const tools = element('div', 'tools');
  tools.setAttribute('role', 'group');
  tools.setAttribute('aria-label', `Zoom of ${label.split(/[:,]/)[0]}`);
  for (const [name, sign, words] of TOOLS) {
    const button = element('button', '');
    button.type = 'button';
    button.textContent = sign;
    button.title = words;
    button.setAttribute('aria-label', words);
    button.addEventListener('click', () => onTool(name));
    tools.append(button);
  }
  return tools;
}

function fillTip(tip: HTMLElement, { title, lines }: ChartStop): void {
  const heading = element('b', '');
  heading.textContent = title;
  const rows = lines.map(({ name, value, color }) => {
    const row = element('span', 'row');
    const swatch = element('i', '');
    if (color !== undefined) swatch.style.background = color;
    const words = element('span', '');
    words.textContent = name;
    const number = element('span', 'number');
    number.textContent = value;
    row.append(swatch, words, number);
    return row;
  });
  tip.replaceChildren(heading, ...rows);
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className: string,
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  if (className !== '') made.className = className;
  return made;
}
