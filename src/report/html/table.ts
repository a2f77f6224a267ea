/** Tables: every chart has one, and they scroll in their own box on a narrow screen. */
import { escapeHtml } from './escape.ts';

const OPEN_GROUPS_MAX = 5;

/** A cell: text, or text with a second, smaller line such as its interval. */
export type Cell = string | { readonly text: string; readonly note: string };

/** A table of text; the first column names the rows. Everything is escaped here. */
export interface TableSpec {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Columns of words, aligned to the left; the first always is. */
  readonly textColumns?: readonly number[];
}

/** The table in its scrolling box, which can be reached and scrolled by keyboard. */
export function renderTable({ caption, columns, rows, textColumns = [] }: TableSpec): string {
  const isText = (column: number): boolean => column === 0 || textColumns.includes(column);
  const head = columns.map((name, i) => renderHead(name, isText(i))).join('');
  const body = rows
    .map((row) => `<tr>${row.map((cell, i) => renderCell(cell, i, isText(i))).join('')}</tr>`)
    .join('\n');
  return `<div class="scroll" tabindex="0" role="group" aria-label="${escapeHtml(caption)}">
<table><caption>${escapeHtml(caption)}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body}
</tbody></table></div>`;
}

/** A corner without a name is no header. */
function renderHead(name: string, isText: boolean): string {
  const look = isText ? ' class="t"' : '';
  return name === '' ? `<td${look}></td>` : `<th scope="col"${look}>${escapeHtml(name)}</th>`;
}

/** A table folded under the chart that it belongs to. */
export function renderFoldedTable(spec: TableSpec, id: string): string {
  const table = renderTable(spec);
  return `<details id="${id}"><summary>Numbers of this chart</summary>${table}</details>`;
}

/** Tables by group: side by side with their names, or folded where they are many. */
export function renderGroups(
  groups: readonly { readonly name: string; readonly html: string }[],
  noun: string,
): string {
  const [only] = groups;
  if (only !== undefined && groups.length === 1) return only.html;
  if (groups.length <= OPEN_GROUPS_MAX) {
    const open = groups.map(
      ({ name, html }) => `<h3 class="apart">${escapeHtml(name)}</h3>\n${html}`,
    );
    return open.join('\n');
  }
  const folded = groups.map(
    ({ name, html }) =>
      `<details class="group"><summary>${escapeHtml(name)}</summary>\n${html}</details>`,
  );
  return `<p class="note">${groups.length} ${noun}s, to be opened one by one:</p>
${folded.join('\n')}`;
}

function renderCell(cell: Cell, column: number, isText: boolean): string {
  const content =
    typeof cell === 'string'
      ? escapeHtml(cell)
      : `${escapeHtml(cell.text)}<small>${escapeHtml(cell.note)}</small>`;
  // Names of edges may break behind their arrows.
  if (column === 0) return `<th scope="row">${content.replaceAll('→', '→<wbr>')}</th>`;
  return `<td${isText ? ' class="t"' : ''}>${content}</td>`;
}
