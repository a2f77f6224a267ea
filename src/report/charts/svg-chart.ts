/** ECharts on the server: an option in, an SVG element out. The same option gives the same bytes,
 * in whatever order charts are drawn; colours are CSS variables, so that one drawing serves light
 * and dark. */
/// <reference path="./echarts-bundle.d.ts" />
import { init } from 'echarts/dist/echarts.esm.min.mjs';
import { escapeHtml } from '../html/escape.ts';
import { LIGHT_COLORS } from '../html/styles.ts';
import { BASE_OPTION, type ChartDrawing } from './drawing.ts';

/** One drawing. */
export type SvgChartSpec = Pick<ChartDrawing, 'id' | 'label' | 'widthPx' | 'heightPx' | 'option'>;

/** Draws one chart. Cost some milliseconds.
 * @param detailsId - The element that holds its numbers. */
export function renderSvgChart(
  { id, label, widthPx, heightPx, option }: SvgChartSpec,
  detailsId: string,
): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: widthPx, height: heightPx });
  try {
    chart.setOption({ ...BASE_OPTION, ...option });
    return withTitle(tidy(chart.renderToSVGString({ useViewBox: true }), id), {
      id,
      label,
      detailsId,
    });
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
  return (
    svg
      .replace(/<style[\s\S]*?<\/style>\s*/g, '')
      .replace(/<rect [^>]*fill="none"[^>]*><\/rect>\s*/, '')
      .replace(/ class="zr[^"]*"/g, '')
      .replace(/ ecmeta_[a-z_]+="[^"]*"/g, '')
      .replace(/ pointer-events="[^"]*"/g, '')
      .replace(/ (?:stroke-miterlimit|xmlns:xlink|version|baseProfile)="[^"]*"/g, '')
      .replace(/font-family:inherit;/g, '')
      // Attributes and their own colours serve where a policy forbids style sheets (Jenkins). R63.
      .replace(/ style="font-size:(\d+)px;"/g, ' font-size="$1"')
      .replace(/="var\(--(\w+)\)"/g, (whole, name: string) => {
        const color = LIGHT_COLORS.get(name);
        return color === undefined ? whole : `="var(--${name},${color})"`;
      })
      .replace(/\bzr\d+-[a-z]+\d+\b/g, rename)
      .replace(/ (?:d|x|y|points|transform|stroke-width)="[^"]*"/g, (one) =>
        one.replace(/(\.\d\d)\d+/g, '$1'),
      )
      .replace(/><\/(path|rect|polygon|polyline|circle|line)>/g, '/>')
  );
}

interface Naming {
  readonly id: string;
  readonly label: string;
  readonly detailsId: string;
}

function withTitle(svg: string, { id, label, detailsId }: Naming): string {
  const title = `<title id="${id}-title">${escapeHtml(label)}</title>`;
  return svg.replace(
    /<svg ([^>]*)>/,
    (_, attributes: string) =>
      `<svg class="chart" role="img" aria-labelledby="${id}-title" ` +
      `aria-details="${detailsId}" ${attributes}>${title}`,
  );
}
