/** Sections of experiments that are split otherwise than by viewers: within rows, and by time. */
import type {
  InterleavingReport,
  RowsByDesign,
} from '../../../analytics/online-experiments/interleaved/credits.ts';
import type {
  BlockDifference,
  SwitchbackReport,
} from '../../../analytics/online-experiments/switchback/report.ts';
import { escapeHtml } from '../../html/escape.ts';
import type { Section } from '../../html/page-shell.ts';
import { renderTable } from '../../html/table.ts';
import {
  formatCount,
  formatEstimate,
  formatNumber,
  formatShare,
  NO_NUMBER,
} from '../../numbers.ts';

const US_PER_HOUR = 3_600_000_000;

/** Interleaving. @param rows - Beside an A/B of the same policies; null without one. */
export function interleavingSection(
  report: InterleavingReport,
  rows: RowsByDesign | null,
): Section {
  const { a, b, winsA, winsB, ties, preference, verdict, refusal } = report;
  const won =
    verdict === 'inconclusive'
      ? 'It cannot be said which is liked better'
      : `${verdict === 'a' ? a : b} is liked better`;
  const why = refusal === null ? '' : `: ${refusal.text}`;
  const share = (count: number): string => formatShare(count / Math.max(1, report.rows));
  const viewers = formatCount(report.viewers);
  const table = renderTable({
    caption: `Rows of both policies: ${formatCount(report.rows)} of ${viewers} viewers`,
    columns: ['', 'Rows', 'Share'],
    rows: [
      [`taken from ${a}`, formatCount(winsA), share(winsA)],
      [`taken from ${b}`, formatCount(winsB), share(winsB)],
      ['nothing taken', formatCount(ties), share(ties)],
      [
        `wins of ${b} − wins of ${a}, a row`,
        NO_NUMBER,
        preference === null ? NO_NUMBER : formatEstimate(preference, true),
      ],
    ],
  });
  return {
    id: 'interleaving',
    heading: 'Interleaving',
    body: `<p>${escapeHtml(`${won}${why}.`)} The interval is over viewers, at 95 %.</p>
${table}
${rows === null ? '' : rowsHtml(rows)}`,
  };
}

function rowsHtml({ interleaving, ab, ratio }: RowsByDesign): string {
  if (ratio === null) {
    return `<p class="note">One of the designs saw no effect, so that the rows it takes are not
known.</p>`;
  }
  return `<p>For the same decision (level 5 %, power 80 %) interleaving takes
${formatCount(interleaving)} rows and A/B ${formatCount(ab)}: ${formatNumber(ratio)} times as
many.</p>`;
}

/** A switchback. @param unit - Of the values. */
export function switchbackSection(report: SwitchbackReport, unit: string): Section {
  const { effect, withoutCut, carryOver, cut, burnInUs, blocks, refusal, confidence } = report;
  const hours = formatNumber(burnInUs / US_PER_HOUR);
  const rows: readonly (readonly [string, BlockDifference])[] = [
    ['Treatment less control, after the cut', effect],
    ['The same without a cut', withoutCut],
    ['Left behind by the block before, in the cut', carryOver.inCut],
    ['Left behind by the block before, after the cut', carryOver.afterCut],
  ];
  const percent = formatNumber(confidence * 100);
  const note = refusal === null ? '' : `<p class="note">${escapeHtml(refusal.text)}.</p>`;
  return {
    id: 'switchback',
    heading: 'Switchback',
    body: `<p>${formatCount(blocks)} blocks with ${formatCount(report.switches)} switches, of
which the first ${hours} hours are cut off.
The cut: ${cut}.</p>
${renderTable({
  caption: `Differences of block means, ${unit}, with ${percent} % intervals`,
  columns: ['', 'Difference', 'p'],
  rows: rows.map(([name, { value, low, high, pValue }]) => [
    name,
    value === null ? NO_NUMBER : formatEstimate({ value, low, high }, true),
    formatNumber(pValue),
  ]),
})}
${note}`,
  };
}
