/** The architectures side by side: the table of figures, page-load percentiles with intervals, and
 * the paired differences. */
import type { ArchitectureResult, RunDocument } from '../../experiment/result.ts';
import { dotChart } from '../charts/dot-chart.ts';
import { type Panel, renderPanels } from '../charts/panel.ts';
import { renderLegend, seriesStyle } from '../charts/series-style.ts';
import { escapeHtml } from '../html/escape.ts';
import type { Section } from '../html/page-shell.ts';
import { type Cell, renderTable } from '../html/table.ts';
import {
  capitalized,
  formatBytes,
  formatCount,
  formatEstimate,
  formatNumber,
  formatShare,
} from '../numbers.ts';
import type { Judgement } from '../significance.ts';
import { differencePanels } from './differences.ts';

const LEVELS = ['p50', 'p95', 'p99'] as const;

const SAME_CHANCE =
  'All architectures met the same viewers, titles, think times and service demands. ';

interface Figure {
  readonly name: string;
  cell(one: ArchitectureResult): Cell;
}

const FIGURES: readonly Figure[] = [
  { name: 'Pages asked for', cell: (one) => formatCount(one.requests) },
  {
    name: 'Failed or timed out',
    cell: (one) => ({
      text: formatShare(one.errorShare),
      note: `${formatCount(one.errors)} pages`,
    }),
  },
  { name: 'With parts missing', cell: (one) => formatCount(one.partial) },
  ...LEVELS.map((level) => ({
    name: `Page load ${level}, ms`,
    cell: (one: ArchitectureResult) => percentileCell(one, level),
  })),
  { name: 'WAN calls per page', cell: (one) => formatNumber(one.wanCallsPerPage) },
  { name: 'Internal calls per page', cell: (one) => formatNumber(one.internalCallsPerPage) },
  { name: 'WAN bytes per page', cell: (one) => formatBytes(one.bytesPerPage.wan) },
  { name: 'Internal bytes per page', cell: (one) => formatBytes(one.bytesPerPage.internal) },
  { name: 'Busiest service', cell: busiestCell },
  { name: 'Events late in the pipeline', cell: (one) => formatCount(one.pipeline.lateEvents) },
  {
    name: 'Freshness p95, s',
    cell: (one) => formatNumber(one.pipeline.freshnessSeconds.p95),
  },
];

/** The section; paired differences only where there are any. */
export function comparisonSection(document: RunDocument, judgement: Judgement): Section {
  const { architectures } = document;
  const legend = architectures.map(({ name }, n) => ({ name, style: seriesStyle(n) }));
  const isAlone = architectures.length < 2;
  const panels = [
    ...LEVELS.map((level) => percentilePanel(architectures, level)),
    pagePanel(architectures),
  ];
  const differences =
    judgement.differences.length === 0
      ? ''
      : `<p class="note">${escapeHtml(capitalized(document.differencesMethod))}.
${escapeHtml(judgement.rule)}
Filled symbols: shown; hollow: may be chance.</p>
${renderPanels(differencePanels(judgement, 'run'))}`;
  return {
    id: 'comparison',
    heading: isAlone ? 'Figures' : 'Architectures compared',
    body: `<p>${isAlone ? '' : SAME_CHANCE}Square brackets hold 95 % intervals.</p>
${renderTable({
  caption: 'Figures by architecture',
  columns: ['', ...architectures.map(({ name }) => name)],
  rows: FIGURES.map(({ name, cell }) => [name, ...architectures.map(cell)]),
})}
${renderLegend(legend, false)}
${renderPanels(panels)}
${differences}`,
  };
}

function percentileCell(one: ArchitectureResult, level: (typeof LEVELS)[number]): Cell {
  const { value, low, high } = one.pageLoadTimeIntervalsMs[level];
  const note =
    low === null || high === null
      ? 'too few for an interval'
      : `[${formatNumber(low)}, ${formatNumber(high)}]`;
  return { text: formatNumber(value), note };
}

function busiestCell({ utilization }: ArchitectureResult): Cell {
  const [busiest] = [...utilization].sort((a, b) => b.mean - a.mean);
  if (busiest === undefined) return '–';
  return { text: formatShare(busiest.mean), note: `${busiest.service}, mean utilisation` };
}

function percentilePanel(
  architectures: readonly ArchitectureResult[],
  level: (typeof LEVELS)[number],
): Panel {
  const estimates = architectures.map((one) => one.pageLoadTimeIntervalsMs[level]);
  return dotChart({
    id: `load-${level}`,
    heading: `Page load ${level} by architecture`,
    subheading: `${level.slice(1)} of 100 pages load within this time; whiskers: 95 % intervals`,
    unit: 'ms',
    rows: architectures.map(({ name }) => name),
    series: [{ name: level, values: estimates }],
    origin: 'zero',
    styleByRow: true,
    table: {
      caption: `Page-load time ${level}, ms, with 95 % intervals`,
      columns: ['Architecture', `${level}, ms`],
      rows: architectures.map(({ name }, i) => [
        name,
        formatEstimate(estimates[i] ?? { value: Number.NaN, low: null, high: null }),
      ]),
    },
  });
}

function pagePanel(architectures: readonly ArchitectureResult[]): Panel {
  const pages = [...new Set(architectures.flatMap((one) => one.byPage.map(({ page }) => page)))];
  const find = (one: ArchitectureResult, page: string) =>
    one.byPage.find((entry) => entry.page === page);
  return dotChart({
    id: 'load-by-page',
    heading: 'Page load p95 by page',
    subheading: 'One row a page; symbols as in the legend above',
    unit: 'ms',
    rows: pages,
    series: architectures.map((one) => ({
      name: one.name,
      values: pages.map((page) => {
        const value = find(one, page)?.pageLoadTimeMs.p95;
        return value === undefined ? null : { value, low: null, high: null };
      }),
    })),
    origin: 'zero',
    table: {
      caption: 'Page-load time by page and architecture: requests and p50 / p95 / p99 in ms',
      columns: ['Page', ...architectures.map(({ name }) => name)],
      rows: pages.map((page) => [
        page,
        ...architectures.map((one): Cell => {
          const entry = find(one, page);
          if (entry === undefined) return '–';
          const { p50, p95, p99 } = entry.pageLoadTimeMs;
          return {
            text: [p50, p95, p99].map(formatNumber).join(' / '),
            note: `${formatCount(entry.requests)} pages`,
          };
        }),
      ]),
    },
  });
}
