/** The metrics that objectives speak of: what each measures, which labels its values have, and how
 * they come about. docs/OBJECTIVES.md shows the same table; a test holds them together. */
import type { Dimension } from '../language/units.ts';

/** How values come about. `values`: one each time (a page load). `occurrences`: something happened.
 * `amounts`: counters, read every tick. `levels`: states, read every tick. `total`: one figure of
 * the run as a whole. */
export type MetricKind = 'values' | 'occurrences' | 'amounts' | 'levels' | 'total';

/** A metric. */
export interface MetricDefinition {
  readonly kind: MetricKind;
  readonly dimension: Dimension;
  readonly labels: readonly LabelName[];
  readonly words: string;
}

/** Labels that there are. */
export type LabelName =
  | 'page'
  | 'device'
  | 'country'
  | 'outcome'
  | 'service'
  | 'from'
  | 'reason'
  | 'direction';

const PAGE_LABELS = ['page', 'device', 'country', 'outcome'] as const;
const EDGE_LABELS = ['from', 'service'] as const;

/** By name, in the order of the documentation. */
export const METRIC_REGISTRY = {
  'page.load': {
    kind: 'values',
    dimension: 'duration',
    labels: PAGE_LABELS,
    words: 'from the wish for a page until it is shown or given up; time-outs included',
  },
  'page.requests': {
    kind: 'occurrences',
    dimension: 'count',
    labels: PAGE_LABELS,
    words: 'pages asked for that came to an end, those of offline devices included',
  },
  'page.errors': {
    kind: 'occurrences',
    dimension: 'count',
    labels: PAGE_LABELS,
    words: 'pages that failed, timed out, or never left an offline device',
  },
  'page.degraded': {
    kind: 'occurrences',
    dimension: 'count',
    labels: PAGE_LABELS,
    words: 'pages with stale or default values in them',
  },
  'page.partial': {
    kind: 'occurrences',
    dimension: 'count',
    labels: PAGE_LABELS,
    words: 'pages with some fields missing',
  },
  'calls.begun': {
    kind: 'amounts',
    dimension: 'count',
    labels: EDGE_LABELS,
    words: 'logical calls, whatever number of tries each took',
  },
  'calls.attempts': {
    kind: 'amounts',
    dimension: 'count',
    labels: EDGE_LABELS,
    words: 'tries of calls, retries and hedges among them',
  },
  'calls.retries': {
    kind: 'amounts',
    dimension: 'count',
    labels: EDGE_LABELS,
    words: 'tries after a failed one',
  },
  'calls.failed': {
    kind: 'amounts',
    dimension: 'count',
    labels: EDGE_LABELS,
    words: 'tries that failed or timed out',
  },
  'calls.amplification': {
    kind: 'levels',
    dimension: 'number',
    labels: EDGE_LABELS,
    words: 'tries per logical call, tick by tick',
  },
  'server.utilization': {
    kind: 'levels',
    dimension: 'share',
    labels: ['service'],
    words: 'busy worker time over that of ready replicas',
  },
  'server.queue': {
    kind: 'levels',
    dimension: 'count',
    labels: ['service'],
    words: 'jobs in the waiting lines of all replicas',
  },
  'server.replicas': {
    kind: 'levels',
    dimension: 'count',
    labels: ['service'],
    words: 'ready replicas',
  },
  'wan.bytes': {
    kind: 'amounts',
    dimension: 'bytes',
    labels: ['direction'],
    words: 'bytes between clients and the datacentre, headers included; `down` to clients',
  },
  'events.captured': {
    kind: 'amounts',
    dimension: 'count',
    labels: [],
    words: 'events that SDKs captured',
  },
  'events.accepted': {
    kind: 'amounts',
    dimension: 'count',
    labels: [],
    words: 'events that the collector acknowledged, each once',
  },
  'events.dropped': {
    kind: 'amounts',
    dimension: 'count',
    labels: ['reason'],
    words: 'events given up before the collector had them',
  },
  'events.lost': {
    kind: 'total',
    dimension: 'count',
    labels: [],
    words: 'events acknowledged and in no table at the end',
  },
  'events.late': {
    kind: 'occurrences',
    dimension: 'count',
    labels: [],
    words: 'events behind the watermark, each once, by when they were captured',
  },
  'events.bad': {
    kind: 'occurrences',
    dimension: 'count',
    labels: [],
    words: 'records that became bad rows, by when they were taken in',
  },
  'clickstream.freshness': {
    kind: 'values',
    dimension: 'duration',
    labels: ['device', 'country'],
    words: 'of each stored event, from capture to commit, by when it was captured',
  },
  'cost.per_hour': {
    kind: 'total',
    dimension: 'usd',
    labels: [],
    words: 'by the price book of the scenario',
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>;

/** A metric's name. */
export type MetricName = keyof typeof METRIC_REGISTRY;
/** Labels of one metric. */
export type LabelOf<M extends MetricName> = (typeof METRIC_REGISTRY)[M]['labels'][number];

/** All names. */
export const METRIC_NAMES = Object.keys(METRIC_REGISTRY) as readonly MetricName[];

/** The metric of a name; undefined where there is none. */
export function metricOf(name: string): MetricDefinition | undefined {
  return Object.hasOwn(METRIC_REGISTRY, name) ? METRIC_REGISTRY[name as MetricName] : undefined;
}

/** The metric of a term that was parsed. */
export function definitionOf(name: string): MetricDefinition {
  return METRIC_REGISTRY[name as MetricName];
}
