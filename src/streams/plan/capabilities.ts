/** What each target makes of each feature of a plan: exactly, by other means that are named, or not
 * at all, with the reason. The printers of SQL and Flink SQL ask here and nowhere else. It fails
 * closed: a feature without a line is refused by all targets. Spec: W31. */
import { EngineError } from '../../kernel/errors.ts';
import { featuresOf } from './features.ts';
import type { PipelinePlan } from './plan.ts';

/** Where a plan can go: `rx` runs it in process, `duckdb` and `sqlite` check it as a batch, the
 * others are exported to. */
export const PLAN_TARGETS = ['rx', 'duckdb', 'sqlite', 'flink-sql', 'kafka-streams'] as const;

/** One of {@link PLAN_TARGETS}. */
export type PlanTarget = (typeof PLAN_TARGETS)[number];

/** How far a target supports a feature. */
export type Capability =
  | { readonly support: 'yes' }
  | { readonly support: 'emulated' | 'no'; readonly reason: string };

/** One line of the table that {@link capabilities} makes. */
export interface CapabilityRow {
  readonly feature: string;
  /** Where the plan uses it. */
  readonly paths: readonly string[];
  readonly targets: Readonly<Record<PlanTarget, Capability>>;
}

const FINAL = '~ a batch has no panes before the last: compare final panes only';
const ARRIVAL = '~ needs the order of arrival: give the batch the rows that were not late';
const SQL_CLOCK = '✗ Flink SQL has no such trigger; emit options know process time only';
const KAFKA_TRIGGER = '✗ Kafka Streams has no triggers: every change, or suppress() until closed';
const STREAM_TIME = '~ stream time, the greatest time seen: the bound becomes grace';
const KAFKA_APPROX = '~ aggregate() with a sketch of your own';
const OWN_SKETCH = '~ computed exactly; compare within the error of the sketch';

const NO_PANES = '✗ results do not tell their pane';
const NO_CASE = '✗ names are the same there whatever their case';

/** Columns: rx, duckdb, sqlite, flink-sql, kafka-streams. `✓` exact, `~` emulated, `✗` refused. */
const TABLE: Readonly<Record<string, readonly [string, string, string, string, string]>> = {
  'watermark-bounded': ['✓', ARRIVAL, ARRIVAL, '✓', STREAM_TIME],
  'watermark-ascending': ['✓', ARRIVAL, ARRIVAL, '✓', STREAM_TIME],
  'watermark-punctuated': [
    '✓',
    ARRIVAL,
    ARRIVAL,
    '✗ a watermark in Flink SQL is an expression over each row',
    '✗ stream time, no watermarks',
  ],
  'idle-timeout': ['✓', '✓', '✓', '✓', '~ max.task.idle.ms, in wall time'],
  'nested-path': ['✓', '✓', '✓', '~ nested rows of the JSON format, then a view', '✓'],
  filter: ['✓', '✓', '✓', '✓', '✓'],
  map: ['✓', '✓', '✓', '✓', '✓'],
  dedupe: [
    '✓',
    '~ keeps the first in arrival order: needs a column of it',
    '~ keeps the first in arrival order: needs a column of it',
    '~ ROW_NUMBER() by process time; the time to live is state TTL in process time',
    '~ a processor with a window store; its retention is in stream time',
  ],
  divert: ['✓', '✓', '✓', '~ one INSERT a side output', '✓'],
  'lookup-join': [
    '✓',
    '✓',
    '✓',
    '~ FOR SYSTEM_TIME AS OF: waits for the watermark of the table',
    '~ versioned state store; unlike here it can expire history',
  ],
  'lookup-missing-drop': ['✓', '✓', '✓', '✓', '✓'],
  'interval-join': ['✓', ARRIVAL, ARRIVAL, '✓', '~ JoinWindows, by stream time and grace'],
  'window-tumbling': ['✓', '✓', '✓', '✓', '✓'],
  'window-hopping': ['✓', '✓', '✓', '✓', '✓'],
  'hopping-uneven': [
    '✓',
    '✓',
    '✓',
    '✗ HOP wants a size that is a multiple of the slide',
    '✗ Kafka Streams wants an advance ≤ size',
  ],
  'window-session': ['✓', '✓', '✓', '✓', '~ ends with its last row, inclusive'],
  'session-dynamic-gap': [
    '✓',
    '✓',
    '✓',
    '✗ SESSION has a constant gap',
    '✗ SessionWindows has a constant gap',
  ],
  'session-touch-merge': ['✓', '✓', '✓', '✓', '✓'],
  'session-touch-split': ['✓', '✓', '✓', '✗ touching sessions merge', '✗ touching sessions merge'],
  'session-touch-kafka': ['✓', '✓', '✓', '~ window_end is last row + gap there', '✓'],
  'window-global': [
    '✓',
    '✓',
    '✓',
    '~ GROUP BY without a window: an update for each row',
    '~ groupBy().aggregate(): an update for each row',
  ],
  'window-cumulate': ['✓', '✓', '✓', '✓', '✗ no cumulating windows'],
  'window-offset': ['✓', '✓', '✓', '✓', '✗ windows start at the epoch'],
  'chained-windows': ['✓', '✓', '✓', '✗ not printed: the first result is no time attribute', '✓'],
  'trigger-early-count': ['✓', FINAL, FINAL, SQL_CLOCK, KAFKA_TRIGGER],
  'trigger-early-event-time': ['✓', FINAL, FINAL, SQL_CLOCK, KAFKA_TRIGGER],
  'trigger-early-process-time': [
    '✓',
    FINAL,
    FINAL,
    '~ table.exec.emit.early-fire (experimental), on deprecated group windows',
    KAFKA_TRIGGER,
  ],
  'trigger-late-each': ['✓', FINAL, FINAL, '✓', '✓'],
  'trigger-late-count': ['✓', FINAL, FINAL, SQL_CLOCK, KAFKA_TRIGGER],
  'trigger-late-never': [
    '✓',
    '✓',
    '✓',
    '~ one final result: lateness is folded into the watermark',
    '~ suppress(untilWindowCloses)',
  ],
  'no-on-time-pane': ['✓', FINAL, FINAL, '✗ the on-time result cannot be left out', KAFKA_TRIGGER],
  'closing-fire-always': ['✓', FINAL, FINAL, '✗ no closing pane', KAFKA_TRIGGER],
  'closing-never': [
    '✓',
    '✗ what no trigger told is dropped, and that depends on panes',
    '✗ what no trigger told is dropped, and that depends on panes',
    '✓',
    '✓',
  ],
  accumulating: ['✓', '✓', '✓', '✓', '✓'],
  discarding: [
    '✓',
    '✗ a batch has one pane: sums of panes are compared only where nothing repeats',
    '✗ a batch has one pane: sums of panes are compared only where nothing repeats',
    '✗ results accumulate',
    '✗ results accumulate',
  ],
  retracting: [
    '✓',
    FINAL,
    FINAL,
    '~ −U and +U of a changelog sink',
    '~ old and new value of a table',
  ],
  'allowed-lateness': [
    '✓',
    ARRIVAL,
    ARRIVAL,
    '~ folded into the watermark, or late-fire on deprecated group windows',
    '~ grace, in stream time',
  ],
  'late-output': [
    '✓',
    ARRIVAL,
    ARRIVAL,
    '~ a filter by CURRENT_WATERMARK: by row, stricter than by window',
    '✗ late rows are dropped and counted',
  ],
  'close-by-stream-time': ['✓', ARRIVAL, ARRIVAL, '✗ windows close by watermark', '✓'],
  'watermark-beam': ['✓', '✓', '✓', '~ the bound is longer by one unit', '✗ no watermarks'],
  'top-n': ['✓', '✓', '✓', '✓', '~ a processor with a sorted store'],
  'aggregate-filter': ['✓', '✓', '✓', '✓', '✓'],
  'aggregate-count': ['✓', '✓', '✓', '✓', '✓'],
  'aggregate-sum': [
    '✓',
    '~ sums of doubles may differ in their last bits',
    '~ sums of doubles may differ in their last bits',
    '~ sums of doubles depend on the order of rows',
    '~ sums of doubles depend on the order of rows',
  ],
  'aggregate-min': ['✓', '✓', '✓', '✓', '✓'],
  'aggregate-max': ['✓', '✓', '✓', '✓', '✓'],
  'aggregate-avg': [
    '✓',
    '~ may differ in the last bits',
    '~ may differ in the last bits',
    '~ AVG of integers is cast to double',
    '~ sum and count',
  ],
  'aggregate-count_distinct': ['✓', '✓', '✓', '✓', '~ a set in the aggregate'],
  'aggregate-approx_count_distinct': [
    '✓',
    OWN_SKETCH,
    OWN_SKETCH,
    '~ COUNT(DISTINCT …), exact and with more state',
    KAFKA_APPROX,
  ],
  'aggregate-quantile': [
    '✓',
    OWN_SKETCH,
    OWN_SKETCH,
    '✗ no quantile of streams in Flink SQL 1.20',
    KAFKA_APPROX,
  ],
  function: [
    '✓',
    '~ its SQL body, where it has one',
    '~ its SQL body, where it has one',
    '~ its SQL body, or a function to be registered by its name',
    '✓',
  ],
  'operator-lower': ['✓', '✓', '✓', '~ LOWER changes all letters', '✓'],
  'pane-columns-read': ['✓', NO_PANES, NO_PANES, NO_PANES, NO_PANES],
  'dedupe-after-window': [
    '✓',
    '✗ the order in which panes arrive is not in a batch',
    '✗ the order in which panes arrive is not in a batch',
    '✗ the result of a window has no process time',
    '~ a processor with a window store; its retention is in stream time',
  ],
  'dedupe-after-join': [
    '✓',
    '✗ the order in which pairs arrive is not in a batch',
    '✗ the order in which pairs arrive is not in a batch',
    '~ ROW_NUMBER() by process time; the time to live is state TTL in process time',
    '~ a processor with a window store; its retention is in stream time',
  ],
  'join-after-window': ['✓', '✓', '✓', '✗ not printed: the result is no time attribute', '✓'],
  'time-of-two-sided-join': [
    '✓',
    '✓',
    '✓',
    '✗ the later of two times is no time attribute; let the interval lie on one side of 0',
    '✓',
  ],
  'window-bounds-computed': ['✓', '✓', '✓', '✗ bounds are TIMESTAMP(3) there, not µs', '✓'],
  'sub-millisecond': ['✓', '✓', '✓', '✗ times are whole ms there', '✗ times are whole ms there'],
  'names-differ-by-case': ['✓', NO_CASE, NO_CASE, '✓', '✓'],
  'sink-append': ['✓', '✓', '✓', '✓', '✓'],
  'sink-upsert': ['✓', '✓', '✓', '✓', '✓'],
};

/** Every feature that has a line, in the order of the table. */
export function knownFeatures(): readonly string[] {
  return Object.keys(TABLE);
}

/** The capability of one target. Unknown features are refused. */
export function capabilityOf(feature: string, target: PlanTarget): Capability {
  const row = Object.hasOwn(TABLE, feature) ? TABLE[feature] : undefined;
  const cell = row?.[PLAN_TARGETS.indexOf(target)];
  if (cell === '✓') return { support: 'yes' };
  if (cell?.startsWith('~ ')) return { support: 'emulated', reason: cell.slice(2) };
  const reason = cell?.slice(2) ?? `unknown feature "${feature}"`;
  return { support: 'no', reason };
}

/** The lines of the table that a plan needs, in the order of its steps. */
export function capabilities(plan: PipelinePlan): CapabilityRow[] {
  return featuresOf(plan).map(({ feature, paths }) => ({
    feature,
    paths,
    targets: Object.fromEntries(
      PLAN_TARGETS.map((target) => [target, capabilityOf(feature, target)]),
    ) as Record<PlanTarget, Capability>,
  }));
}

/** Checks that a target can take a plan. @returns what it emulates, as one line each.
 * @throws EngineError `PLAN_UNSUPPORTED` with every reason, if it cannot. */
export function requireTarget(plan: PipelinePlan, target: PlanTarget): string[] {
  const refused: string[] = [];
  const warnings: string[] = [];
  for (const { feature, paths, targets } of capabilities(plan)) {
    const capability = targets[target];
    if (capability.support === 'yes') continue;
    const line = `${paths.join(', ')}: ${feature}: ${capability.reason}`;
    (capability.support === 'no' ? refused : warnings).push(line);
  }
  if (refused.length === 0) return warnings;
  const message = `plan "${plan.name}" cannot go to ${target}: ${refused.join('; ')}`;
  throw new EngineError('PLAN_UNSUPPORTED', message, { target, problems: refused });
}
