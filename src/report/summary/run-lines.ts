/** A run as lines of text: figures by architecture, utilisation, pipeline. */
import type { ArchitectureResult, Estimate, RunDocument } from '../../experiment/result.ts';
import { formatBytes, formatCount, formatNumber, formatShare } from '../numbers.ts';
import { textTable } from './text-table.ts';

/** One block of the summary; the first line of a table is its head. */
export interface Block {
  readonly heading: string;
  readonly lines: readonly string[];
  readonly hasHead: boolean;
}

type Row = readonly [name: string, of: (one: ArchitectureResult) => string];

const LEVELS = ['p50', 'p95', 'p99'] as const;

const FIGURES: readonly Row[] = [
  ['pages asked for', (one) => formatCount(one.requests)],
  ['failed or timed out', (one) => formatShare(one.errorShare)],
  ['parts missing, pages', (one) => formatCount(one.partial)],
  ...LEVELS.flatMap((level): Row[] => [
    [`page load ${level}, ms`, (one) => formatNumber(one.pageLoadTimeIntervalsMs[level].value)],
    ['  95 % interval', (one) => interval(one.pageLoadTimeIntervalsMs[level])],
  ]),
  ['WAN calls per page', (one) => formatNumber(one.wanCallsPerPage)],
  ['internal calls per page', (one) => formatNumber(one.internalCallsPerPage)],
  ['WAN bytes per page', (one) => formatBytes(one.bytesPerPage.wan)],
  ['internal bytes per page', (one) => formatBytes(one.bytesPerPage.internal)],
];

const PIPELINE: readonly Row[] = [
  ['events received', ({ pipeline }) => formatCount(pipeline.stages[0]?.received)],
  ['bad rows', ({ pipeline }) => formatCount(pipeline.badRows)],
  ['late events', ({ pipeline }) => formatCount(pipeline.lateEvents)],
  ['panes', ({ pipeline }) => formatCount(pipeline.panes)],
  ...LEVELS.map(
    (level): Row => [
      `freshness ${level}, s`,
      ({ pipeline }) => formatNumber(pipeline.freshnessSeconds[level]),
    ],
  ),
];

/** All blocks of a run but the ledger and the verdict. */
export function runBlocks({ architectures }: RunDocument, width: number): readonly Block[] {
  const services = [
    ...new Set(architectures.flatMap((one) => one.utilization.map(({ service }) => service))),
  ];
  const utilization = services.map((service): Row => [service, (one) => meanOf(one, service)]);
  const block = (heading: string, rows: readonly Row[]): Block => ({
    heading,
    hasHead: true,
    lines: textTable(
      {
        columns: ['', ...architectures.map(({ name }) => name)],
        rows: rows.map(([name, of]) => [name, ...architectures.map(of)]),
      },
      width,
    ),
  });
  return [
    block('Architectures', FIGURES),
    block('Utilisation, mean share of busy workers', utilization),
    block('Pipeline', PIPELINE),
  ];
}

function interval({ low, high }: Estimate): string {
  if (low === null || high === null) return 'too few values';
  return `[${formatNumber(low)}, ${formatNumber(high)}]`;
}

function meanOf({ utilization }: ArchitectureResult, service: string): string {
  return formatShare(utilization.find((one) => one.service === service)?.mean);
}
