/** A panel: heading, drawing, the folded table of its numbers and the data of the chart. */
import { escapeHtml } from '../html/escape.ts';
import { renderJson } from '../html/json-block.ts';
import { renderFoldedTable } from '../html/table.ts';
import { type ChartSpec, drawChart } from './chart-spec.ts';
import { type ChartPanel, WHOLE_VIEW } from './drawing.ts';
import { renderSvgChart } from './svg-chart.ts';

const OPEN_PANELS_MAX = 8;

/** What stands in a panel. */
export type Panel = ChartPanel<ChartSpec>;

/** Panels side by side as far as there is room; more than eight are folded. */
export function renderPanels(panels: readonly Panel[]): string {
  const grid = `<div class="panels">\n${panels.map(renderPanel).join('\n')}\n</div>`;
  if (panels.length <= OPEN_PANELS_MAX) return grid;
  return `<details class="group"><summary>${panels.length} charts</summary>\n${grid}</details>`;
}

/** The drawing refers to its table, and the chart's data lie beside it for the page's script. */
function renderPanel({ heading, subheading, chart, table }: Panel): string {
  const drawing = drawChart(chart, WHOLE_VIEW);
  const numbersId = `${drawing.id}-numbers`;
  return `<figure>
<figcaption><h3>${escapeHtml(heading)}</h3>
<p class="sub">${escapeHtml(subheading)}</p></figcaption>
${renderSvgChart(drawing, numbersId)}
${renderFoldedTable(table, numbersId)}
${renderJson(chart, 'chart')}
</figure>`;
}
