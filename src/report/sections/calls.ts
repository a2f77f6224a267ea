/** The calls between servers: what became of them over every edge, how often they were tried, and
 * the work that was for nothing. */
import type { ArchitectureResult, CallsResult, RunDocument } from '../../experiment/result.ts';
import { escapeHtml } from '../html/escape.ts';
import type { Section } from '../html/page-shell.ts';
import { type Cell, renderGroups, renderTable } from '../html/table.ts';
import { countsInWords } from '../ledger-text.ts';
import { formatCount, formatNumber, formatShare } from '../numbers.ts';
import { subjectNoun } from '../subjects.ts';

const REASONS = 'Tries failed because';

interface Column {
  readonly name: string;
  cell(one: CallsResult): Cell;
  /** What the column counts, where it is left out when there is nothing to count. */
  count?(one: CallsResult): number;
}

const COLUMNS: readonly Column[] = [
  { name: 'Edge', cell: (one) => one.edge },
  { name: 'Calls', cell: (one) => formatCount(one.calls) },
  { name: 'Tries a call', cell: (one) => formatNumber(triesPerCall(one)) },
  counted('Answered', ({ settled }) => settled.answered),
  counted('Failed', ({ settled }) => settled.failed),
  counted('Stale', ({ settled }) => settled.stale),
  counted('Default', ({ settled }) => settled.default),
  counted('Given up', (one) => one.abandoned),
  { name: 'Retries', ...plainly((one) => one.retries) },
  { name: 'Hedges', ...plainly((one) => one.hedges) },
  { name: 'Time-outs', ...plainly((one) => one.timeouts) },
  { name: 'Late answers', ...plainly((one) => one.lateAnswers) },
  {
    name: 'Wasted work',
    cell: (one) => formatShare(one.wastedWorkShare),
    count: (one) => one.wastedWorkShare,
  },
  {
    name: REASONS,
    cell: (one) => countsInWords(one.failures),
    count: (one) => Object.values(one.failures).reduce((sum, count) => sum + count, 0),
  },
];

/** The section. Columns without anything to count are named and left out. */
export function callsSection({ architectures }: RunDocument): Section {
  const edges = architectures.flatMap(({ calls }) => calls);
  const isShown = ({ count }: Column) =>
    count === undefined || edges.some((edge) => count(edge) !== 0);
  const columns = COLUMNS.filter(isShown);
  const left = COLUMNS.filter((column) => !isShown(column)).map(({ name }) => name.toLowerCase());
  const none =
    left.length === 0 ? '' : `<p class="note">Left out, as all zero: ${left.join(', ')}.</p>`;
  const groups = architectures.map((one) => ({ name: one.name, html: callsTable(one, columns) }));
  return {
    id: 'calls',
    heading: 'Calls between servers',
    body: `<p>One question is one call, however often it is tried. A call is answered, fails, falls
back to a stale or a default value, or is given up by a caller who no longer needs it. Late answers
came when nobody waited any more; wasted work is the share of the worker time behind an edge that
went into late and failed answers.</p>
${none}
${renderGroups(groups, subjectNoun(architectures))}`,
  };
}

/** Tries a call; NaN without calls. */
function triesPerCall({ attempts, calls }: CallsResult): number {
  return calls === 0 ? Number.NaN : attempts / calls;
}

function callsTable(
  { name, calls, wastedWorkShare }: ArchitectureResult,
  columns: readonly Column[],
): string {
  if (calls.length === 0) return '<p class="note">No calls were made.</p>';
  const names = columns.map((column) => column.name);
  const table = renderTable({
    caption: `${name}: calls by edge`,
    columns: names,
    textColumns: [names.indexOf(REASONS)],
    rows: calls.map((one) => columns.map(({ cell }) => cell(one))),
  });
  const wasted = `Wasted worker time, all edges together: ${formatShare(wastedWorkShare)}.`;
  return `${table}<p class="note">${escapeHtml(wasted)}</p>`;
}

/** A column of counts with their shares of the calls. */
function counted(name: string, count: (one: CallsResult) => number): Column {
  const cell = (one: CallsResult): Cell => {
    const text = formatCount(count(one));
    if (count(one) === 0 || one.calls === 0) return text;
    return { text, note: formatShare(count(one) / one.calls) };
  };
  return { name, cell, count };
}

function plainly(count: (one: CallsResult) => number): Pick<Column, 'cell' | 'count'> {
  return { cell: (one) => formatCount(count(one)), count };
}
