/** The figures of a document as one table of Markdown: a row a subject. */
import { formatCount, formatEstimate, formatNumber, formatShare } from '../../report/numbers.ts';
import type { ExportableDocument } from '../export-format.ts';
import { markdownTable, markdownText } from './markdown-text.ts';

/** The table; nothing for documents that are told by their cases alone. */
export function figuresTable(document: ExportableDocument): readonly string[] {
  const table = tableOf(document);
  if (table === undefined || table.rows.length === 0) return [];
  return [markdownTable(table.header, table.rows)];
}

interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

function tableOf(document: ExportableDocument): Table | undefined {
  switch (document.schema) {
    case 'backlot.run/1':
      return {
        header: ['', 'pages', 'errors', 'p50 ms', 'p95 ms', 'p99 ms'],
        rows: document.architectures.map((one) => [
          markdownText(one.name),
          formatCount(one.requests),
          formatShare(one.errorShare),
          ...(['p50', 'p95', 'p99'] as const).map((p) =>
            formatEstimate(one.pageLoadTimeIntervalsMs[p]),
          ),
        ]),
      };
    case 'backlot.compare/1': {
      const metrics = Object.keys(document.architectures[0]?.metrics ?? {});
      return {
        header: ['', ...document.architectures.map(({ name }) => markdownText(name))],
        rows: metrics.map((metric) => {
          const unit = document.architectures[0]?.metrics[metric]?.unit ?? '';
          return [
            markdownText(unit === '1' ? metric : `${metric}, ${unit}`),
            ...document.architectures.map(({ metrics: of }) =>
              of[metric] === undefined ? '–' : formatEstimate(of[metric]),
            ),
          ];
        }),
      };
    }
    case 'backlot.plan/1':
      return {
        header: ['', 'verdict', 'USD/h', 'fleet'],
        rows: document.plans.map(({ name, verdict, usdPerHour, fleet }) => [
          markdownText(name),
          verdict,
          formatNumber(usdPerHour),
          markdownText(
            Object.entries(fleet ?? {})
              .map(([path, value]) => `${path} = ${value}`)
              .join(', '),
          ),
        ]),
      };
    case 'backlot.load/1':
      return {
        header: ['', 'verdict', 'pages/s', 'factor of traffic'],
        rows: document.loads.map(({ name, verdict, pagesPerSec, factor }) => [
          markdownText(name),
          verdict,
          pagesPerSec === null ? '–' : formatEstimate(pagesPerSec),
          factor === null ? '–' : formatEstimate(factor),
        ]),
      };
    default:
      return otherTable(document);
  }
}

type OtherDocument = Exclude<
  ExportableDocument,
  { readonly schema: `backlot.${'run' | 'compare' | 'plan' | 'load'}/1` }
>;

function otherTable(document: OtherDocument): Table | undefined {
  switch (document.schema) {
    case 'backlot.sweep/1':
      return {
        header: ['', 'metric', 'best point', 'value'],
        rows: document.subjects.flatMap(({ name, best }) =>
          best === null
            ? []
            : [
                [
                  markdownText(name),
                  markdownText(best.metric),
                  markdownText(best.point),
                  formatNumber(best.value),
                ],
              ],
        ),
      };
    case 'backlot.advice/1':
      return {
        header: ['', 'rank', 'verdict', 'what it comes to'],
        rows: document.actions
          .filter(({ rank }) => rank !== null)
          .map(({ title, rank, verdict, conclusion }) => [
            markdownText(title),
            formatCount(rank),
            verdict,
            markdownText(conclusion),
          ]),
      };
    case 'backlot.check/1':
      return {
        header: ['', 'pages expected', 'peak pages/s', 'bottleneck'],
        rows: document.subjects.map(({ name, pages, bottleneck }) => [
          markdownText(name),
          formatCount(pages.expected),
          formatNumber(pages.peakPerSec),
          bottleneck === null ? '–' : markdownText(bottleneck.station),
        ]),
      };
    case 'backlot.faults/1':
      return {
        header: ['', 'trials', 'struck', 'strikes'],
        rows: document.kinds.map(({ kind, trials, struckTrials, strikes }) => [
          markdownText(kind),
          formatCount(trials),
          formatCount(struckTrials),
          formatCount(strikes),
        ]),
      };
    default:
      return {
        header: ['', 'read', 'stored', 'bad rows', 'duplicates', 'late'],
        rows: [
          [
            'records',
            ...[document.read, document.stored, document.badRows, document.duplicates].map((n) =>
              formatCount(n),
            ),
            formatCount(document.lateEvents),
          ],
        ],
      };
  }
}
