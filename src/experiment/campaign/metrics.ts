/** The metrics that replications are compared by: one number a replication each. */
import type { ArchitectureResult } from '../result.ts';

/** A metric. */
export interface Metric {
  readonly name: string;
  readonly unit: string;
  /** Of page-load times: the quantile that it is, so that replications are pooled by histogram. */
  readonly quantile?: number;
  /** A percentile that no histogram of samples bears: replications cannot be pooled, and their
   * percentiles are not averaged. */
  readonly isUnpoolable?: true;
  /** Which way is better; smaller unless given. */
  readonly better?: 'larger';
  readonly of: (result: ArchitectureResult) => number | null;
}

/** All of them, in the order in which they are shown. */
export const METRICS: readonly Metric[] = [
  { name: 'page load mean', unit: 'ms', of: (r) => r.meanPageLoadTimeMs },
  { name: 'page load p50', unit: 'ms', quantile: 0.5, of: (r) => r.pageLoadTimeMs.p50 },
  { name: 'page load p95', unit: 'ms', quantile: 0.95, of: (r) => r.pageLoadTimeMs.p95 },
  { name: 'page load p99', unit: 'ms', quantile: 0.99, of: (r) => r.pageLoadTimeMs.p99 },
  { name: 'pages per second', unit: 'pages/s', better: 'larger', of: (r) => r.pagesPerSec },
  { name: 'error share', unit: '1', of: (r) => r.errorShare },
  { name: 'degraded share', unit: '1', of: (r) => r.degraded / Math.max(1, r.requests) },
  { name: 'WAN calls per page', unit: 'calls', of: (r) => r.wanCallsPerPage },
  { name: 'internal calls per page', unit: 'calls', of: (r) => r.internalCallsPerPage },
  { name: 'WAN bytes per page', unit: 'bytes', of: (r) => r.bytesPerPage.wan },
  {
    name: 'highest utilization',
    unit: '1',
    of: (r) => Math.max(0, ...r.utilization.map((u) => u.mean)),
  },
  { name: 'wasted work share', unit: '1', of: (r) => r.wastedWorkShare },
  {
    name: 'freshness p99',
    unit: 's',
    isUnpoolable: true,
    of: (r) => r.pipeline.freshnessSeconds.p99,
  },
  { name: 'cost per hour', unit: 'USD/h', of: (r) => r.cost?.usdPerHour ?? null },
];
