/** How series are told apart: a colour of the style sheet, a dash pattern and a symbol each, so
 * that no chart needs colour to be read. */
import { escapeHtml } from '../html/escape.ts';

/** One series' look. */
export interface SeriesStyle {
  /** A CSS colour that follows light and dark. */
  readonly color: string;
  /** Lengths of dashes and gaps in pixels; empty for a solid line. */
  readonly dash: readonly number[];
  readonly symbol: 'circle' | 'rect' | 'triangle' | 'diamond';
}

const DASHES: readonly (readonly number[])[] = [
  [],
  [9, 4],
  [2, 3],
  [11, 3, 2, 3],
  [5, 2],
  [14, 4],
  [2, 6],
  [7, 2, 2, 2, 2, 2],
];
const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond'] as const;
const COLOR_COUNT = 8;

/** The look of the n-th series, counted from 0. Colours repeat after eight, then with the next
 * symbol and dashes; colour and symbol repeat after 32. */
export function seriesStyle(n: number): SeriesStyle {
  const round = Math.floor(n / COLOR_COUNT);
  return {
    color: `var(--s${n % COLOR_COUNT})`,
    dash: DASHES[(n + round) % DASHES.length] ?? [],
    symbol: SYMBOLS[(n + round) % SYMBOLS.length] ?? 'circle',
  };
}

/** One entry of a legend. */
export interface LegendEntry {
  readonly name: string;
  readonly style: SeriesStyle;
}

/** A legend in HTML: it wraps on a phone and serves several charts at once.
 * @param hasLine - Whether the charts draw lines, or symbols alone. */
export function renderLegend(entries: readonly LegendEntry[], hasLine: boolean): string {
  const items = entries.map(
    ({ name, style }) => `<li>${renderSample(style, hasLine)}${escapeHtml(name)}</li>`,
  );
  return `<ul class="legend">${items.join('')}</ul>`;
}

function renderSample({ color, dash, symbol }: SeriesStyle, hasLine: boolean): string {
  const width = hasLine ? 34 : 14;
  const middle = width / 2;
  const line =
    `<path d="M0 7H${width}" stroke="${color}" stroke-width="2" ` +
    `stroke-dasharray="${dash.join(' ')}"/>`;
  const shapes = {
    circle: `<circle cx="${middle}" cy="7" r="4"/>`,
    rect: `<rect x="${middle - 3.5}" y="3.5" width="7" height="7"/>`,
    triangle: `<path d="M${middle} 2.5l4.5 8h-9z"/>`,
    diamond: `<path d="M${middle} 2l4 5l-4 5l-4-5z"/>`,
  };
  return (
    `<svg width="${width}" height="14" viewBox="0 0 ${width} 14" aria-hidden="true">` +
    `${hasLine ? line : ''}<g fill="${color}">${shapes[symbol]}</g></svg>`
  );
}
