/** The figures of an architecture or variant, one a row of the comparison. */
import type { ArchitectureResult } from '../../experiment/result.ts';
import type { Cell } from '../html/table.ts';
import { formatBytes, formatCount, formatNumber, formatShare } from '../numbers.ts';

/** A figure: its name with the unit, and its cell. */
export interface Figure {
  readonly name: string;
  cell(one: ArchitectureResult): Cell;
}

const LEVELS = ['p50', 'p95', 'p99'] as const;

const PAGES: readonly Figure[] = [
  { name: 'Pages asked for', cell: (one) => formatCount(one.requests) },
  { name: 'Pages shown per second', cell: (one) => formatNumber(one.pagesPerSec) },
  {
    name: 'Failed or timed out',
    cell: (one) => ({
      text: formatShare(one.errorShare),
      note: `${formatCount(one.errors)} pages`,
    }),
  },
  { name: 'With parts missing', cell: (one) => pagesCell(one, one.partial) },
  { name: 'Degraded: stale or default values', cell: (one) => pagesCell(one, one.degraded) },
  ...LEVELS.map((level) => ({
    name: `Page load ${level}, ms`,
    cell: (one: ArchitectureResult) => percentileCell(one, level),
  })),
  { name: 'Page load mean, ms', cell: (one) => formatNumber(one.meanPageLoadTimeMs) },
  { name: 'WAN calls per page', cell: (one) => formatNumber(one.wanCallsPerPage) },
  { name: 'Internal calls per page', cell: (one) => formatNumber(one.internalCallsPerPage) },
  { name: 'WAN bytes per page', cell: (one) => formatBytes(one.bytesPerPage.wan) },
  { name: 'Internal bytes per page', cell: (one) => formatBytes(one.bytesPerPage.internal) },
  { name: 'Busiest service', cell: busiestCell },
  { name: 'Wasted work', cell: (one) => formatShare(one.wastedWorkShare) },
];

const CLICKSTREAM: readonly Figure[] = [
  { name: 'Events late in the pipeline', cell: (one) => formatCount(one.pipeline.lateEvents) },
  {
    name: 'Freshness p95, s',
    cell: (one) => formatNumber(one.pipeline.freshnessSeconds.p95),
  },
];

/** All figures; those of the clickstream only where there is one. */
export function figures(hasClickstream: boolean): readonly Figure[] {
  return hasClickstream ? [...PAGES, ...CLICKSTREAM] : PAGES;
}

function pagesCell({ requests }: ArchitectureResult, count: number): Cell {
  if (count === 0 || requests === 0) return formatCount(count);
  return { text: formatShare(count / requests), note: `${formatCount(count)} pages` };
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
