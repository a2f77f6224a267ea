/** The clickstream pipeline: what each stage let through, how fresh the rows are, and the ledger of
 * requests and events. */
import type { ArchitectureResult, LedgerLine, RunDocument } from '../../experiment/result.ts';
import { dotChart } from '../charts/dot-chart.ts';
import { funnelChart } from '../charts/funnel-chart.ts';
import { type Panel, renderPanels } from '../charts/panel.ts';
import { renderLegend, seriesStyle } from '../charts/series-style.ts';
import type { Section } from '../html/page-shell.ts';
import { type Cell, renderTable } from '../html/table.ts';
import { balance, countsInWords, dropReasons, isEmpty } from '../ledger-text.ts';
import { formatCount, formatNumber } from '../numbers.ts';
import { delaysHtml } from './clickstream/delays.ts';

const LEVELS = ['p50', 'p95', 'p99'] as const;

/** The funnel and the freshness. */
export function pipelineSection({ architectures }: RunDocument): Section {
  const max = Math.max(
    0,
    ...architectures.flatMap((one) => one.pipeline.stages.map(({ received }) => received)),
  );
  const levels = LEVELS.map((name, n) => ({ name, style: seriesStyle(n) }));
  return {
    id: 'pipeline',
    heading: 'Clickstream pipeline',
    body: `<p>Tracked events through the stages. A dashed bar and a number in brackets mark
what a stage rejected or dropped; the table has the reasons.</p>
${renderPanels(architectures.map((one, n) => funnelPanel(one, { n, max })))}
<h3 class="apart">Freshness</h3>
<p>From the capture on the device to the committed row in the warehouse.</p>
${renderLegend(levels, false)}
${renderPanels([freshnessPanel(architectures)])}
${delaysHtml(architectures)}`,
  };
}

/** in = out + in flight + dropped + residual, for requests and events. */
export function ledgerSection(document: {
  readonly ledger: RunDocument['ledger'];
  readonly architectures: readonly {
    readonly name: string;
    readonly ledger?: RunDocument['ledger'];
  }[];
}): Section {
  const own = document.architectures.flatMap(({ name, ledger }) =>
    ledger === undefined ? [] : ledgerRows(name, ledger),
  );
  const isAlone = document.architectures.length === 1;
  const rows = [...own, ...(isAlone ? [] : ledgerRows('all together', document.ledger))];
  const what = isEmpty(document.ledger.events) ? 'Requests' : 'Requests and tracked events';
  return {
    id: 'ledger',
    heading: 'Ledger',
    body: `<p>in = out + in flight + dropped + residual. Each term is counted on its own; a
residual other than 0 is a bug in backlot.</p>
${renderTable({
  caption: `${what}, counts`,
  columns: [
    '',
    'Of',
    'In',
    'Out',
    'In flight',
    'Dropped',
    'Residual',
    'Balance',
    'Dropped because',
  ],
  textColumns: [1, 7, 8],
  rows,
})}`,
  };
}

function ledgerRows(name: string, ledger: RunDocument['ledger']): readonly Cell[][] {
  const row = (of: string, line: LedgerLine): Cell[] => [
    name,
    of,
    ...[line.in, line.out, line.inFlight, line.dropped, line.residual].map(formatCount),
    balance(line),
    dropReasons(line),
  ];
  const events = isEmpty(ledger.events) ? [] : [row('events', ledger.events)];
  return [row('requests', ledger.requests), ...events];
}

function funnelPanel(
  { name, pipeline }: ArchitectureResult,
  { n, max }: { readonly n: number; readonly max: number },
): Panel {
  const { stages } = pipeline;
  return funnelChart({
    id: `funnel-${n}`,
    heading: name,
    subheading:
      `tracked events · ${formatCount(pipeline.lateEvents)} late, ` +
      `${formatCount(pipeline.badRows)} bad rows, ${formatCount(pipeline.panes)} panes`,
    unit: 'tracked events',
    color: seriesStyle(n).color,
    max,
    stages: stages.map((stage) => ({
      name: stage.stage,
      passed: stage.passed,
      lost: total(stage.rejected) + total(stage.dropped),
    })),
    table: {
      caption: `${name}: tracked events by stage`,
      columns: ['Stage', 'Received', 'Passed', 'Rejected', 'Dropped', 'Reasons'],
      textColumns: [5],
      rows: stages.map((stage) => [
        stage.stage,
        formatCount(stage.received),
        formatCount(stage.passed),
        formatCount(total(stage.rejected)),
        formatCount(total(stage.dropped)),
        countsInWords({ ...stage.rejected, ...stage.dropped }),
      ]),
    },
  });
}

function freshnessPanel(architectures: readonly ArchitectureResult[]): Panel {
  return dotChart({
    id: 'freshness',
    heading: 'Freshness',
    subheading: 'p50, p95 and p99 of the time from capture to committed row',
    unit: 'seconds',
    rows: architectures.map(({ name }) => name),
    series: LEVELS.map((level) => ({
      name: level,
      values: architectures.map(({ pipeline }) => ({
        value: pipeline.freshnessSeconds[level],
        low: null,
        high: null,
      })),
    })),
    origin: 'zero',
    table: {
      caption: 'Freshness, seconds',
      columns: ['', ...LEVELS],
      rows: architectures.map(({ name, pipeline }) => [
        name,
        ...LEVELS.map((level) => formatNumber(pipeline.freshnessSeconds[level])),
      ]),
    },
  });
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
