/** Tables: every chart has one, and they scroll in their own box on a narrow screen. */
import { escapeHtml } from './escape.ts';

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
  const head = columns
    .map((name, i) => `<th scope="col"${isText(i) ? ' class="t"' : ''}>${escapeHtml(name)}</th>`)
    .join('');
  const body = rows
    .map((row) => `<tr>${row.map((cell, i) => renderCell(cell, i, isText(i))).join('')}</tr>`)
    .join('\n');
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(caption)}">
<table><caption>${escapeHtml(caption)}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body}
</tbody></table></div>`;
}

/** A table folded under the chart that it belongs to. */
export function renderFoldedTable(spec: TableSpec): string {
  return `<details><summary>Numbers of this chart</summary>${renderTable(spec)}</details>`;
}

function renderCell(cell: Cell, column: number, isText: boolean): string {
  const content =
    typeof cell === 'string'
      ? escapeHtml(cell)
      : `${escapeHtml(cell.text)}<small>${escapeHtml(cell.note)}</small>`;
  if (column === 0) return `<th scope="row">${content}</th>`;
  return `<td${isText ? ' class="t"' : ''}>${content}</td>`;
}
