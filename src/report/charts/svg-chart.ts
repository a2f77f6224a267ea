/** ECharts on the server: an option in, an SVG element out. The same option gives the same bytes,
 * in whatever order charts are drawn; colours are CSS variables, so that one drawing serves light
 * and dark. */
/// <reference path="./echarts-bundle.d.ts" />
import type { EChartsOption } from 'echarts';
import { init } from 'echarts/dist/echarts.esm.min.mjs';
import { escapeHtml } from '../html/escape.ts';

/** One drawing. */
export interface SvgChartSpec {
  /** Unique in the page: letters, digits, hyphens. */
  readonly id: string;
  /** What a screen reader says, and the chart's tooltip. */
  readonly label: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly option: EChartsOption;
}

/** Colours that every chart uses for what is not data. */
export const INK = { text: 'var(--ink2)', axis: 'var(--line)', grid: 'var(--grid)' } as const;

/** Draws one chart. Cost some milliseconds. */
export function renderSvgChart({ id, label, widthPx, heightPx, option }: SvgChartSpec): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: widthPx, height: heightPx });
  try {
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: 'inherit', color: INK.text, fontSize: 12 },
      ...option,
    });
    return withTitle(tidy(chart.renderToSVGString({ useViewBox: true }), id), { id, label });
  } finally {
    // An instance that stays keeps the process alive.
    chart.dispose();
  }
}

/** Removes what only a live chart needs, and numbers ids from zero: ECharts counts them over the
 * life of the process. */
function tidy(svg: string, id: string): string {
  const known = new Map<string, string>();
  const rename = (name: string): string => {
    const renamed = known.get(name) ?? `${id}-${known.size}`;
    known.set(name, renamed);
    return renamed;
  };
  return svg
    .replace(/<style[\s\S]*?<\/style>\s*/g, '')
    .replace(/<rect [^>]*fill="none"[^>]*><\/rect>\s*/, '')
    .replace(/ class="zr[^"]*"/g, '')
    .replace(/ ecmeta_[a-z_]+="[^"]*"/g, '')
    .replace(/ pointer-events="[^"]*"/g, '')
    .replace(/ (?:stroke-miterlimit|xmlns:xlink|version|baseProfile)="[^"]*"/g, '')
    .replace(/font-family:inherit;/g, '')
    .replace(/\bzr\d+-[a-z]+\d+\b/g, rename)
    .replace(/ (?:d|x|y|points|transform|stroke-width)="[^"]*"/g, (one) =>
      one.replace(/(\.\d\d)\d+/g, '$1'),
    )
    .replace(/><\/(path|rect|polygon|polyline|circle|line)>/g, '/>');
}

function withTitle(svg: string, { id, label }: { id: string; label: string }): string {
  const title = `<title id="${id}-title">${escapeHtml(label)}</title>`;
  return svg.replace(
    /<svg ([^>]*)>/,
    (_, attributes: string) =>
      `<svg class="chart" role="img" aria-labelledby="${id}-title" ${attributes}>${title}`,
  );
}
