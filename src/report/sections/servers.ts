/** The servers: how busy they were, how long work waited and took, what they refused, and how many
 * replicas did it; over time, only what varied. */
import type {
  ArchitectureResult,
  RunDocument,
  Series,
  ServerResult,
} from '../../experiment/result.ts';
import type { Section } from '../html/page-shell.ts';
import { type Cell, renderGroups, renderTable } from '../html/table.ts';
import { countsInWords } from '../ledger-text.ts';
import { formatCount, formatNumber, formatShare } from '../numbers.ts';
import { subjectNoun } from '../subjects.ts';
import { subjectPanels } from './subject-panels.ts';

const COLUMNS = [
  'Server',
  'Utilisation',
  'Mean wait, ms',
  'Mean service, ms',
  'Offered',
  'Answered',
  'In flight',
  'Cache hits',
  'Replicas',
  'Failed because',
];

/** The section. */
export function serversSection(document: RunDocument): Section {
  const { architectures } = document;
  const groups = architectures.map((one) => ({ name: one.name, html: serversTable(one) }));
  return {
    id: 'servers',
    heading: 'Servers',
    body: `<p>Utilisation is the mean share of busy workers; the mean wait is for a worker, the mean
service with it. Offered = answered + failed + in flight at the end.</p>
${renderGroups(groups, subjectNoun(architectures))}
${varied(document, {
  id: 'replicas',
  heading: 'Replicas',
  unit: 'ready replicas',
  select: ({ series }) => series.replicas,
})}${varied(document, {
  id: 'limits',
  heading: 'Concurrency limits',
  unit: 'calls in flight allowed',
  select: ({ series }) => series.concurrencyLimit,
})}`,
  };
}

function serversTable({ name, servers, utilization }: ArchitectureResult): string {
  if (servers.length === 0) return '<p class="note">There were no servers.</p>';
  return renderTable({
    caption: `${name}: servers`,
    columns: COLUMNS,
    textColumns: [COLUMNS.length - 1],
    rows: servers.map((server): readonly Cell[] => [
      server.name,
      formatShare(utilization.find(({ service }) => service === server.name)?.mean),
      formatMs(server.meanWaitMs),
      formatMs(server.meanServiceMs),
      ...[server.offered, server.answered, server.inFlight].map(formatCount),
      formatShare(server.cacheHitShare),
      replicasCell(server),
      countsInWords(server.failures),
    ]),
  });
}

/** A thousandth of a millisecond is the engine's smallest time; means can be below. */
function formatMs(valueMs: number | null): string {
  return valueMs !== null && valueMs > 0 && valueMs < 0.001 ? '< 0.001' : formatNumber(valueMs);
}

function replicasCell({ replicas }: ServerResult): Cell {
  const { min, mean, max } = replicas;
  if (min === max) return formatNumber(mean);
  return { text: `${formatNumber(min)}–${formatNumber(max)}`, note: `mean ${formatNumber(mean)}` };
}

interface Varied {
  readonly id: string;
  readonly heading: string;
  readonly unit: string;
  select(one: ArchitectureResult): readonly Series[];
}

/** Panels of the series that varied; nothing where none did. */
function varied(document: RunDocument, { id, heading, unit, select }: Varied): string {
  const selectVaried = (one: ArchitectureResult) => select(one).filter(hasVaried);
  const isShown = (one: ArchitectureResult) => selectVaried(one).length > 0;
  if (!document.architectures.some(isShown)) return '';
  const choice = { id, unit, mayBeLog: false, select: selectVaried, isShown };
  return `<h3 class="apart">${heading} over time</h3>
${subjectPanels(document, choice)}`;
}

function hasVaried({ values }: Series): boolean {
  return values.some((value) => value !== null && value !== values[0]);
}
