/** A run as lines of text: figures by architecture or variant, utilisation, calls in trouble,
 * published figures, pipeline. */
import type {
  ArchitectureResult,
  CallsResult,
  Estimate,
  RunDocument,
} from '../../experiment/result.ts';
import { capitalized, formatBytes, formatCount, formatNumber, formatShare } from '../numbers.ts';
import { isMet, metricName, signedShare, TOLERANCE } from '../published.ts';
import { hasViewers, isMany, subjectNoun } from '../subjects.ts';
import type { Block } from './block.ts';
import {
  brokenLawBlocks,
  costBlocks,
  objectiveBlocks,
  slowestBlocks,
} from './planning/planning-lines.ts';
import { textTable, wrapped } from './text-table.ts';

interface Row {
  readonly name: string;
  /** Name over a column; where there is none, the row is left out among many. */
  readonly short?: string;
  of(one: ArchitectureResult): string;
}

const LEVELS = ['p50', 'p95', 'p99'] as const;

const FIGURES: readonly Row[] = [
  { name: 'pages asked for', short: 'pages', of: (one) => formatCount(one.requests) },
  { name: 'pages shown per second', short: 'shown/s', of: (one) => formatNumber(one.pagesPerSec) },
  { name: 'failed or timed out', short: 'failed', of: (one) => formatShare(one.errorShare) },
  { name: 'parts missing, pages', short: 'partial', of: (one) => formatCount(one.partial) },
  { name: 'degraded, pages', short: 'degraded', of: (one) => formatCount(one.degraded) },
  ...LEVELS.flatMap((level): Row[] => [
    {
      name: `page load ${level}, ms`,
      short: `${level} ms`,
      of: (one) => formatNumber(one.pageLoadTimeIntervalsMs[level].value),
    },
    { name: '  95 % interval', of: (one) => interval(one.pageLoadTimeIntervalsMs[level]) },
  ]),
  {
    name: 'page load mean, ms',
    short: 'mean ms',
    of: (one) => formatNumber(one.meanPageLoadTimeMs),
  },
  { name: 'WAN calls per page', of: (one) => formatNumber(one.wanCallsPerPage) },
  { name: 'internal calls per page', of: (one) => formatNumber(one.internalCallsPerPage) },
  { name: 'WAN bytes per page', of: (one) => formatBytes(one.bytesPerPage.wan) },
  { name: 'internal bytes per page', of: (one) => formatBytes(one.bytesPerPage.internal) },
  { name: 'wasted work', short: 'wasted', of: (one) => formatShare(one.wastedWorkShare) },
];

const PIPELINE: readonly Row[] = [
  {
    name: 'events received',
    short: 'events',
    of: ({ pipeline }) => formatCount(pipeline.stages[0]?.received),
  },
  { name: 'bad rows', short: 'bad rows', of: ({ pipeline }) => formatCount(pipeline.badRows) },
  { name: 'late events', short: 'late', of: ({ pipeline }) => formatCount(pipeline.lateEvents) },
  { name: 'panes', short: 'panes', of: ({ pipeline }) => formatCount(pipeline.panes) },
  ...LEVELS.map(
    (level): Row => ({
      name: `freshness ${level}, s`,
      short: `fresh ${level} s`,
      of: ({ pipeline }) => formatNumber(pipeline.freshnessSeconds[level]),
    }),
  ),
];

const WORKERS: readonly Row[] = [
  {
    name: 'workers busy',
    short: 'busy',
    of: ({ pipeline }) => formatShare(pipeline.workers?.utilization),
  },
  {
    name: 'consumer lag, highest, events',
    of: ({ pipeline }) => formatCount(pipeline.workers?.maxLagEvents),
  },
  {
    name: 'consumer lag at the end, events',
    short: 'lag left',
    of: ({ pipeline }) => formatCount(pipeline.workers?.lagAtEndEvents),
  },
];

/** Workers are told of where there are any. */
function pipelineRows(architectures: readonly ArchitectureResult[]): readonly Row[] {
  return architectures.some(({ pipeline }) => pipeline.workers !== null)
    ? [...PIPELINE, ...WORKERS]
    : PIPELINE;
}

/** All blocks of a run but the ledger and the verdict. */
export function runBlocks(document: RunDocument, width: number): readonly Block[] {
  const { architectures, references } = document;
  const isAlone = architectures.length < 2;
  const services = [
    ...new Set(architectures.flatMap((one) => one.utilization.map(({ service }) => service))),
  ];
  const utilization = services.map(
    (service): Row => ({ name: service, short: service, of: (one) => meanOf(one, service) }),
  );
  const block = (heading: string, rows: readonly Row[]): Block => ({
    heading,
    hasHead: true,
    lines: figureLines(architectures, rows, width),
  });
  return [
    ...objectiveBlocks(document.verdicts, width),
    block(isAlone ? 'Figures' : `${capitalized(subjectNoun(architectures))}s`, FIGURES),
    block('Utilisation, mean share of busy workers', utilization),
    ...callsBlocks(architectures, width),
    ...(hasViewers(architectures) ? [block('Pipeline', pipelineRows(architectures))] : []),
    ...slowestBlocks(architectures, width),
    ...costBlocks(architectures, width),
    ...brokenLawBlocks(architectures, width),
    ...publishedBlocks(references, width),
  ];
}

/** A column for each of a few, a row for each of many. */
function figureLines(
  architectures: readonly ArchitectureResult[],
  rows: readonly Row[],
  width: number,
): readonly string[] {
  if (!isMany(architectures)) {
    const columns = ['', ...architectures.map(({ name }) => name)];
    const cells = rows.map(({ name, of }) => [name, ...architectures.map(of)]);
    return textTable({ columns, rows: cells }, width);
  }
  const shown = rows.filter(({ short }) => short !== undefined);
  const columns = ['', ...shown.map(({ short }) => short ?? '')];
  const cells = architectures.map((one) => [one.name, ...shown.map(({ of }) => of(one))]);
  return textTable({ columns, rows: cells }, width);
}

const EDGE_COLUMNS = [
  'calls',
  'tries/call',
  'failed',
  'fallback',
  'given up',
  'time-outs',
  'wasted',
];
/** Edges in trouble that are listed. */
const EDGES_MAX = 12;

/** The edges whose calls were tried again, failed, fell back or were given up; worst first. */
function callsBlocks(
  architectures: readonly ArchitectureResult[],
  width: number,
): readonly Block[] {
  const all = architectures
    .flatMap(({ name, calls }) => calls.map((call) => ({ name, call })))
    .map((one) => ({ ...one, trouble: troubleOf(one.call) }))
    .filter(({ trouble }) => trouble > 0)
    .sort((a, b) => b.trouble - a.trouble);
  if (all.length === 0) return [];
  const listed = all.slice(0, EDGES_MAX);
  const isAlone = architectures.length < 2;
  const table = {
    columns: ['', ...(isAlone ? [] : ['edge']), ...EDGE_COLUMNS],
    rows: listed.map(({ name, call }) => [
      ...(isAlone ? [call.edge] : [name, call.edge]),
      formatCount(call.calls),
      formatNumber(call.calls === 0 ? Number.NaN : call.attempts / call.calls),
      formatCount(call.settled.failed),
      formatCount(call.settled.stale + call.settled.default),
      formatCount(call.abandoned),
      formatCount(call.timeouts),
      formatShare(call.wastedWorkShare),
    ]),
  };
  const rest = all.length - listed.length;
  return [
    {
      heading: 'Calls between servers that met trouble',
      hasHead: true,
      lines: [
        ...textTable(table, width),
        ...(rest === 0 ? [] : wrapped(`${rest} more edges are in the report.`, width)),
      ],
    },
  ];
}

function troubleOf({ settled, abandoned, retries, hedges, timeouts }: CallsResult): number {
  const fallbacks = settled.stale + settled.default;
  return settled.failed + fallbacks + abandoned + retries + hedges + timeouts;
}

function publishedBlocks(references: RunDocument['references'], width: number): readonly Block[] {
  if (references.length === 0) return [];
  const table = {
    columns: ['', 'figure', 'published', 'predicted', 'error', ''],
    rows: references.map((one) => [
      one.variant,
      metricName(one.metric),
      formatNumber(one.published),
      formatNumber(one.measured),
      signedShare(one.relativeError),
      isMet(one) ? '✓' : '✗',
    ]),
  };
  const heading = `Predicted and published; ✗ marks more than ±${TOLERANCE * 100} %`;
  return [{ heading, hasHead: true, lines: textTable(table, width) }];
}

function interval({ low, high }: Estimate): string {
  if (low === null || high === null) return 'too few values';
  return `[${formatNumber(low)}, ${formatNumber(high)}]`;
}

function meanOf({ utilization }: ArchitectureResult, service: string): string {
  return formatShare(utilization.find((one) => one.service === service)?.mean);
}
