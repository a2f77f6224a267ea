/** The architectures or variants side by side: the table of figures, page-load percentiles with
 * intervals, pages that were not whole, and the paired differences. */
import type { ArchitectureResult, Estimate, RunDocument } from '../../experiment/result.ts';
import { dotChart } from '../charts/dot-chart.ts';
import { type Panel, renderPanels } from '../charts/panel.ts';
import { renderLegend, seriesStyle } from '../charts/series-style.ts';
import { escapeHtml } from '../html/escape.ts';
import type { Section } from '../html/page-shell.ts';
import { type Cell, renderTable, type TableSpec } from '../html/table.ts';
import { capitalized, formatCount, formatEstimate, formatNumber, formatShare } from '../numbers.ts';
import type { Judgement } from '../significance.ts';
import { askers, hasViewers, isMany, subjectNoun } from '../subjects.ts';
import { differencePanels } from './differences.ts';
import { figures } from './figures.ts';

const LEVELS = ['p50', 'p95', 'p99'] as const;

/** The section; paired differences only where there are any. */
export function comparisonSection(document: RunDocument, judgement: Judgement): Section {
  const { architectures } = document;
  const noun = subjectNoun(architectures);
  const isAlone = architectures.length < 2;
  const panels = [
    ...LEVELS.map((level) => percentilePanel(architectures, level)),
    ...unwholePanels(architectures),
  ];
  const pages = isMany(architectures) ? [] : [pagePanel(architectures)];
  const differences =
    judgement.differences.length === 0
      ? ''
      : `<p class="note">${escapeHtml(capitalized(document.differencesMethod))}.
${escapeHtml(judgement.rule)}
Filled symbols: shown; hollow: may be chance.</p>
${renderPanels(differencePanels(judgement, 'run'))}`;
  const legend = architectures.map(({ name }, n) => ({ name, style: seriesStyle(n) }));
  return {
    id: 'comparison',
    heading: isAlone ? 'Figures' : `${capitalized(noun)}s compared`,
    body: `<p>${isAlone ? '' : sameChance(architectures)}Square brackets hold 95 % intervals.</p>
${renderTable(figuresTable(architectures))}
${isMany(architectures) ? '' : renderLegend(legend, false)}
${renderPanels([...panels, ...pages])}
${isMany(architectures) ? renderTable(pageTable(architectures)) : ''}
${differences}`,
  };
}

function sameChance(architectures: readonly ArchitectureResult[]): string {
  return (
    `All ${subjectNoun(architectures)}s met the same draws: ${askers(architectures)}, titles, ` +
    'think times and service demands. '
  );
}

/** A column for each of a few, a row for each of many. */
function figuresTable(architectures: readonly ArchitectureResult[]): TableSpec {
  const noun = subjectNoun(architectures);
  const all = figures(hasViewers(architectures));
  const caption = `Figures by ${noun}`;
  if (!isMany(architectures)) {
    return {
      caption,
      columns: ['', ...architectures.map(({ name }) => name)],
      rows: all.map(({ name, cell }) => [name, ...architectures.map(cell)]),
    };
  }
  return {
    caption,
    columns: [capitalized(noun), ...all.map(({ name }) => name)],
    rows: architectures.map((one) => [nameCell(one), ...all.map(({ cell }) => cell(one))]),
  };
}

function nameCell({ name, architecture }: ArchitectureResult): Cell {
  return name === architecture ? name : { text: name, note: architecture };
}

/** Pages that failed, lacked parts or were degraded; none where all pages were whole. */
function unwholePanels(architectures: readonly ArchitectureResult[]): readonly Panel[] {
  const kinds = [
    { name: 'failed or timed out', count: (one: ArchitectureResult) => one.errors },
    { name: 'parts missing', count: (one: ArchitectureResult) => one.partial },
    { name: 'degraded', count: (one: ArchitectureResult) => one.degraded },
  ];
  if (architectures.every((one) => kinds.every(({ count }) => count(one) === 0))) return [];
  const noun = subjectNoun(architectures);
  const estimate = (share: number): Estimate => ({ value: share * 100, low: null, high: null });
  return [
    dotChart({
      id: 'unwhole',
      heading: 'Pages that were not whole',
      subheading: 'Share of those asked for: ● failed or timed out, ■ parts missing, ▲ degraded',
      unit: '% of pages',
      rows: architectures.map(({ name }) => name),
      series: kinds.map(({ name, count }) => ({
        name,
        values: architectures.map((one) => estimate(count(one) / Math.max(1, one.requests))),
      })),
      origin: 'zero',
      table: {
        caption: 'Pages that were not whole: share and count',
        columns: [capitalized(noun), ...kinds.map(({ name }) => name)],
        rows: architectures.map((one) => [
          one.name,
          ...kinds.map(
            ({ count }): Cell => ({
              text: formatShare(count(one) / Math.max(1, one.requests)),
              note: `${formatCount(count(one))} pages`,
            }),
          ),
        ]),
      },
    }),
  ];
}

function percentilePanel(
  architectures: readonly ArchitectureResult[],
  level: (typeof LEVELS)[number],
): Panel {
  const estimates = architectures.map((one) => one.pageLoadTimeIntervalsMs[level]);
  return dotChart({
    id: `load-${level}`,
    heading: `Page load ${level} by ${subjectNoun(architectures)}`,
    subheading: `${level.slice(1)} of 100 pages load within this time; whiskers: 95 % intervals`,
    unit: 'ms',
    rows: architectures.map(({ name }) => name),
    series: [{ name: level, values: estimates }],
    origin: 'zero',
    styleByRow: true,
    table: {
      caption: `Page-load time ${level}, ms, with 95 % intervals`,
      columns: [capitalized(subjectNoun(architectures)), `${level}, ms`],
      rows: architectures.map(({ name }, i) => [
        name,
        formatEstimate(estimates[i] ?? { value: Number.NaN, low: null, high: null }),
      ]),
    },
  });
}

function pagesOf(architectures: readonly ArchitectureResult[]): readonly string[] {
  return [...new Set(architectures.flatMap((one) => one.byPage.map(({ page }) => page)))];
}

function pagePanel(architectures: readonly ArchitectureResult[]): Panel {
  const pages = pagesOf(architectures);
  return dotChart({
    id: 'load-by-page',
    heading: 'Page load p95 by page',
    subheading: 'One row a page; symbols as in the legend above',
    unit: 'ms',
    rows: pages,
    series: architectures.map((one) => ({
      name: one.name,
      values: pages.map((page) => {
        const value = one.byPage.find((entry) => entry.page === page)?.pageLoadTimeMs.p95;
        return value === undefined ? null : { value, low: null, high: null };
      }),
    })),
    origin: 'zero',
    table: pageTable(architectures),
  });
}

function pageTable(architectures: readonly ArchitectureResult[]): TableSpec {
  const noun = subjectNoun(architectures);
  const pages = pagesOf(architectures);
  const caption = `Page-load time by page and ${noun}: p50 / p95 / p99 in ms, and pages`;
  if (!isMany(architectures)) {
    return {
      caption,
      columns: ['Page', ...architectures.map(({ name }) => name)],
      rows: pages.map((page) => [page, ...architectures.map((one) => pageCell(one, page))]),
    };
  }
  return {
    caption,
    columns: [capitalized(noun), ...pages],
    rows: architectures.map((one) => [one.name, ...pages.map((page) => pageCell(one, page))]),
  };
}

function pageCell(one: ArchitectureResult, page: string): Cell {
  const entry = one.byPage.find((candidate) => candidate.page === page);
  if (entry === undefined) return '–';
  const { p50, p95, p99 } = entry.pageLoadTimeMs;
  return {
    text: [p50, p95, p99].map(formatNumber).join(' / '),
    note: `${formatCount(entry.requests)} pages`,
  };
}
