/** Who came back: cohorts by day as a table that is shaded like a map, and active users. Documents
 * of before have none. Spec: S135. */
import type { ArchitectureResult, RunDocument } from '../../../experiment/result.ts';
import { escapeHtml } from '../../html/escape.ts';
import type { Section } from '../../html/page-shell.ts';
import { renderGroups, renderTable } from '../../html/table.ts';
import { formatCount, formatShare } from '../../numbers.ts';
import { subjectNoun } from '../../subjects.ts';

/** Steps of shade; the number in the cell tells exactly. */
const SHADES = 5;

type Cohorts = NonNullable<ArchitectureResult['viewing']['cohorts']>;

/** The section; undefined where no document has cohorts. */
export function cohortsSection({ architectures }: RunDocument): Section | undefined {
  const shown = architectures.filter(({ viewing }) => (viewing.cohorts ?? []).length > 0);
  if (shown.length === 0) return undefined;
  const isLong = shown.some(({ viewing }) =>
    (viewing.cohorts ?? []).some(({ after }) => after > 0),
  );
  return {
    id: 'cohorts',
    heading: 'Cohorts and retention',
    body: isLong
      ? `<p>Users by the UTC day of their first event: the share of them that was active so many
days later. The stronger the shade, the more came back.</p>
${renderGroups(
  shown.map((one) => ({ name: one.name, html: `${heatTable(one)}${activeTable(one)}` })),
  subjectNoun(architectures),
)}`
      : `<p>All events lie within one UTC day. Who comes back shows from the second day on: run
longer, or ask a warehouse of several days with <code>backlot query … --metric
cohort_retention</code>.</p>`,
  };
}

function heatTable({ name, viewing }: ArchitectureResult): string {
  const cells = viewing.cohorts ?? [];
  const days = [...new Set(cells.map(({ day }) => day))];
  const last = Math.max(...cells.map(({ after }) => after));
  const columns = Array.from({ length: last + 1 }, (_, n) => n);
  const caption = escapeHtml(`${name}: share of the cohort active on day n`);
  const head = columns.map((n) => `<th scope="col">day ${n}</th>`).join('');
  const body = days
    .map((day) => {
      const own = cells.filter((cell) => cell.day === day);
      const values = columns.map((n) => heatCell(own, n)).join('');
      const users = `<td>${formatCount(own[0]?.size)}</td>`;
      return `<tr><th scope="row">${escapeHtml(day)}</th>${users}${values}</tr>`;
    })
    .join('\n');
  return `<div class="scroll" tabindex="0" role="group" aria-label="${caption}">
<table class="heat"><caption>${caption}</caption>
<thead><tr><th scope="col" class="t">First day</th><th scope="col">Users</th>${head}</tr></thead>
<tbody>
${body}
</tbody></table></div>`;
}

function heatCell(cells: Cohorts, after: number): string {
  const cell = cells.find((one) => one.after === after);
  if (cell === undefined) return '<td></td>';
  const share = cell.active / cell.size;
  return `<td class="h${Math.ceil(share * SHADES)}">${formatShare(share)}</td>`;
}

function activeTable({ name, viewing }: ArchitectureResult): string {
  return renderTable({
    caption: `${name}: users of the day, of 7 and of 30 days that end with it`,
    columns: ['Day', 'DAU', 'WAU', 'MAU', 'DAU / MAU'],
    rows: (viewing.activeUsers ?? []).map(({ day, dau, wau, mau }) => [
      day,
      ...[dau, wau, mau].map(formatCount),
      formatShare(mau === 0 ? null : dau / mau),
    ]),
  });
}
