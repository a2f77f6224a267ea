/** The metrics that replications are compared by: one number a replication each. */
import type { ArmResult } from '../recommendations/results/loop-result.ts';
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
  /** Of what few scenarios have: samples of others do not name it. */
  readonly isRare?: true;
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
  {
    name: 'SLO minutes missed',
    unit: 'min',
    isRare: true,
    of: (r) => r.sloMinutes?.missed ?? null,
  },
  { name: 'replica hours', unit: 'h', isRare: true, of: scaledReplicaHours },
  { name: 'cost per hour', unit: 'USD/h', of: (r) => r.cost?.usdPerHour ?? null },
  ...closedLoopMetrics(),
];

/** Of the servers that have autoscalers; null without any. */
function scaledReplicaHours({ servers }: ArchitectureResult): number | null {
  const hours = servers.flatMap(({ replicaHours }) => replicaHours ?? []);
  return hours.length === 0 ? null : hours.reduce((sum, value) => sum + value, 0);
}

/** Of scenarios that recommend something: all arms together. */
function closedLoopMetrics(): readonly Metric[] {
  const sum = (arms: readonly ArmResult[], of: (arm: ArmResult) => number) =>
    arms.reduce((total, arm) => total + of(arm), 0);
  const ratio =
    (of: (arm: ArmResult) => number, to: (arm: ArmResult) => number) =>
    ({ recommendations }: ArchitectureResult) => {
      const arms = recommendations?.arms ?? [];
      const whole = sum(arms, to);
      return whole === 0 ? null : sum(arms, of) / whole;
    };
  const viewers = (arm: ArmResult) => arm.viewers;
  const rows = (arm: ArmResult) => arm.rows;
  const rare = { isRare: true, better: 'larger' } as const;
  return [
    { name: 'row take rate', unit: '1', ...rare, of: ratio((arm) => arm.takes, rows) },
    { name: 'row value', unit: '1', ...rare, of: ratio((a) => (a.value ?? 0) * a.rows, rows) },
    { name: 'regret per row', unit: '1', isRare: true, of: ratio((arm) => arm.regret, rows) },
    { name: 'hours per viewer', unit: 'h', ...rare, of: ratio((a) => a.hoursWatched, viewers) },
    { name: 'visits per viewer', unit: 'visits', ...rare, of: ratio((a) => a.visits, viewers) },
    {
      name: 'viewer satisfaction',
      unit: '1',
      ...rare,
      of: ratio((arm) => (arm.satisfaction?.value ?? 0) * arm.viewers, viewers),
    },
    { name: 'churned share', unit: '1', isRare: true, of: ratio((a) => a.churned, viewers) },
  ];
}
