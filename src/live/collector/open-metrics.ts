/** What the collector counts, as OpenMetrics text.
 * Source: OpenMetrics 1.0 (prometheus/OpenMetrics, specification/OpenMetrics.md). */
import type { CollectorCount } from '../../domain/collector-ports.ts';
import type { LiveFigures } from '../../experiment/live-job/live-figures.ts';

/** What the text is made of. */
export interface MetricSources {
  readonly count: CollectorCount;
  /** Answers, by status. */
  readonly answers: ReadonlyMap<number, number>;
  /** Refusals, by code. */
  readonly refusals: ReadonlyMap<string, number>;
  readonly groups: number;
  readonly groupedRequests: number;
  readonly openRequests: number;
  readonly openBytes: number;
  readonly unreadByPartition: readonly number[];
  readonly figures: LiveFigures | undefined;
  readonly nowUs: number;
}

/** The content type that goes with it. */
export const OPEN_METRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** Every label is a word of ours: nothing of what was sent is in it. */
export function openMetricsText(sources: MetricSources): string {
  const { count, figures, answers, refusals } = sources;
  const lines: string[] = [];
  const family = (
    name: string,
    type: 'counter' | 'gauge',
    rows: readonly (readonly [labels: string, value: number])[],
  ) => {
    lines.push(`# TYPE backlot_${name} ${type}`);
    const suffix = type === 'counter' ? '_total' : '';
    for (const [labels, value] of rows) lines.push(`backlot_${name}${suffix}${labels} ${value}`);
  };
  const byLabel = (label: string, values: Iterable<readonly [string | number, number]>) =>
    [...values].map(([key, n]) => [`{${label}="${escaped(String(key))}"}`, n] as const);
  family('events_received', 'counter', [['', count.received]]);
  family('events_accepted', 'counter', [['', count.accepted]]);
  family('events_rejected', 'counter', byLabel('reason', Object.entries(count.rejected)));
  family('events_deferred', 'counter', byLabel('reason', Object.entries(count.deferred)));
  family('answers', 'counter', byLabel('status', answers));
  family('refusals', 'counter', byLabel('code', refusals));
  family('commit_groups', 'counter', [['', sources.groups]]);
  family('commit_requests', 'counter', [['', sources.groupedRequests]]);
  family('open_requests', 'gauge', [['', sources.openRequests]]);
  family('open_bytes', 'gauge', [['', sources.openBytes]]);
  family('unread_events', 'gauge', byLabel('partition', sources.unreadByPartition.entries()));
  if (figures !== undefined) {
    family('events_stored', 'gauge', [['', figures.stored]]);
    family('bad_rows', 'gauge', [['', figures.badRows]]);
    family('duplicates', 'gauge', [['', figures.duplicates]]);
    family('late_events', 'gauge', [['', figures.lateEvents]]);
    if (figures.watermarkUs !== null) {
      const lag = (sources.nowUs - figures.watermarkUs) / 1e6;
      family('watermark_lag_seconds', 'gauge', [['', lag]]);
    }
  }
  return `${lines.join('\n')}\n# EOF\n`;
}

function escaped(label: string): string {
  return label.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
