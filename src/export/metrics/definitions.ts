/** The metrics of exports: dotted lower-case names with base units, as OpenTelemetry's conventions
 * ask for (units in UCUM: `s`, `By`, `1`, `{page}`). docs/EXPORTS.md shows this table. */

/** One metric. */
export interface MetricDefinition {
  /** UCUM, base units only. */
  readonly unit: string;
  /** `counter`: a sum that only grows. `gauge`: a level, a mean, a percentile. */
  readonly kind: 'counter' | 'gauge';
  readonly words: string;
}

function counter(unit: string, words: string): MetricDefinition {
  return { unit, kind: 'counter', words };
}

function gauge(unit: string, words: string): MetricDefinition {
  return { unit, kind: 'gauge', words };
}

/** Metrics whose names are known before a document is read. Those of comparisons and sweeps are
 * named after the document's own. */
export const METRIC_DEFINITIONS = {
  'backlot.backfill.records': counter('{record}', 'raw records of a lake by what became of them'),
  'backlot.call.attempts': counter('{try}', 'tries over an edge by outcome'),
  'backlot.call.failures': counter('{try}', 'failed tries, and calls that never left, by reason'),
  'backlot.call.hedges': counter('{try}', 'second tries while the first was under way'),
  'backlot.call.retries': counter('{try}', 'tries after a failed one'),
  'backlot.call.settled': counter('{call}', 'calls over an edge by how they were settled'),
  'backlot.check.findings': gauge('{finding}', 'mistakes and warnings of a scenario'),
  'backlot.check.station.utilization': gauge('1', 'utilization at the peak, by theory'),
  'backlot.check.station.wait': gauge('s', 'mean wait at the peak, by theory'),
  'backlot.cost.rate': gauge('USD/h', 'dollars an hour by the price book'),
  'backlot.cost.spent': counter('USD', 'dollars by what they are for'),
  'backlot.fault.strikes': counter('{strike}', 'times that a kind of fault struck in a campaign'),
  'backlot.fault.trials': counter('{trial}', 'trials of a campaign'),
  'backlot.ingest.records': counter('{record}', 'records of a file by what became of them'),
  'backlot.invariant.exercised': counter('{check}', 'times that an invariant had work to do'),
  'backlot.ledger.items': gauge('{item}', 'in = out + in_flight + dropped + residual'),
  'backlot.load.factor': gauge('1', 'most traffic at which objectives hold, of the scenario’s'),
  'backlot.load.pages': gauge('{page}/s', 'pages shown per second at that traffic'),
  'backlot.network.io': counter('By', 'bytes by road and direction'),
  'backlot.objective.margin': gauge('1', 'room left as a share of the limit; negative: missed'),
  'backlot.objective.verdict': gauge('1', '1 for the verdict that an objective has'),
  'backlot.page.bytes': gauge('By', 'bytes a page by network'),
  'backlot.page.calls': gauge('{call}', 'calls a page by network'),
  'backlot.page.load.mean': gauge('s', 'mean page-load time'),
  'backlot.page.load.time': gauge('s', 'page-load time from the intent, by quantile'),
  'backlot.page.outcomes': counter('{page}', 'pages by outcome; degraded and partial ones count'),
  'backlot.page.rate': gauge('{page}/s', 'pages a second by outcome'),
  'backlot.page.requests': counter('{page}', 'pages asked for'),
  'backlot.pipeline.events': counter('{event}', 'events by stage, outcome and reason'),
  'backlot.pipeline.freshness': gauge('s', 'from capture on the device to the committed row'),
  'backlot.pipeline.lag': gauge('{event}', 'events in the log that no worker is done with'),
  'backlot.pipeline.panes': counter('{pane}', 'panes of windows that were emitted'),
  'backlot.pipeline.utilization': gauge('1', 'mean share of busy workers of the pipeline'),
  'backlot.plan.cost': gauge('USD/h', 'dollars an hour of the cheapest fleet that does'),
  'backlot.plan.number': gauge('1', 'what the plan chose for a path'),
  'backlot.server.cache.hits': gauge('1', 'share of entities found in the cache'),
  'backlot.server.concurrency.limit': gauge('{request}', 'limit of concurrency'),
  'backlot.server.failures': counter('{request}', 'requests that a server refused or lost'),
  'backlot.server.queue': gauge('{request}', 'jobs that wait for a worker'),
  'backlot.server.replicas': gauge('{replica}', 'ready replicas'),
  'backlot.server.requests': counter('{request}', 'requests offered to a server, and answered'),
  'backlot.server.service': gauge('s', 'mean service time'),
  'backlot.server.utilization': gauge('1', 'mean share of busy workers'),
  'backlot.server.wait': gauge('s', 'mean wait for a worker'),
  'backlot.try.rate': gauge('{try}/s', 'tries of calls begun at all servers together'),
  'backlot.viewers.concurrent': gauge('{viewer}', 'viewers at once'),
  'backlot.viewing.completion': gauge('1', 'share of ended plays that reached the end'),
  'backlot.viewing.plays': counter('{play}', 'plays; by title or genre where these are named'),
} as const satisfies Readonly<Record<string, MetricDefinition>>;

/** Name of a metric in {@link METRIC_DEFINITIONS}. */
export type MetricName = keyof typeof METRIC_DEFINITIONS;
