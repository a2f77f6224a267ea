/** A panel: heading, drawing and the folded table of its numbers. */
import { escapeHtml } from '../html/escape.ts';
import { renderFoldedTable, type TableSpec } from '../html/table.ts';

/** Width of every drawing: on a phone it shrinks by a fifth and stays readable. */
export const PANEL_WIDTH_PX = 430;

const OPEN_PANELS_MAX = 8;

/** What stands in a panel; `svg` is finished. */
export interface Panel {
  readonly heading: string;
  /** Unit and reading aid. */
  readonly subheading: string;
  readonly svg: string;
  readonly table: TableSpec;
}

/** Panels side by side as far as there is room; more than eight are folded. */
export function renderPanels(panels: readonly Panel[]): string {
  const grid = `<div class="panels">\n${panels.map(renderPanel).join('\n')}\n</div>`;
  if (panels.length <= OPEN_PANELS_MAX) return grid;
  return `<details class="group"><summary>${panels.length} charts</summary>\n${grid}</details>`;
}

function renderPanel({ heading, subheading, svg, table }: Panel): string {
  return `<figure>
<figcaption><h3>${escapeHtml(heading)}</h3>
<p class="sub">${escapeHtml(subheading)}</p></figcaption>
${svg}
${renderFoldedTable(table)}
</figure>`;
}
