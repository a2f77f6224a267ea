/** Compares the portable metrics of truth, batch and stream, and explains each difference by named
 * events. The explanation is proved by recomputing: the truth with exactly the missing events left
 * out and the changed ones changed gives the batch row for row; the batch without exactly the late
 * ones gives the stream's figures. What is left over is said loudly. Cost: a pass over all events
 * for each cause, and four more. Spec: S132–S134. */
import type { EnrichedEvent } from '../../domain/pipeline-ports.ts';
import { PORTABLE_METRICS } from '../../storage/metrics/catalogue.ts';
import type { PlayedTitle } from '../../storage/metrics/stream/play-reducer.ts';
import {
  createViewingStream,
  streamedMetrics,
  type ViewingFigures,
} from '../../storage/metrics/viewing-stream.ts';
import type { Agreement, AgreementCause, AgreementMetric } from './agreement.ts';
import { cellsOf, differing, isSame, type MetricRows, type ThreeCells } from './metric-cells.ts';

/** What is compared. */
export interface ThreeWays {
  /** By id: as captured, at true times, and looked up as the pipeline would. */
  readonly captured: ReadonlyMap<string, EnrichedEvent>;
  /** By id: what the batch is computed from. */
  readonly stored: ReadonlyMap<string, EnrichedEvent>;
  /** Why a captured event is not stored; undefined where nobody knows. */
  readonly fateOf: (id: string) => string | undefined;
  /** Rows of every portable metric by SQL. */
  readonly batch: MetricRows;
  readonly stream: {
    readonly figures: ViewingFigures;
    readonly late: { readonly plays: readonly string[]; readonly sessions: readonly string[] };
  };
  readonly titleOf: (titleId: string) => PlayedTitle | undefined;
}

const CLOCK = 'clock: the corrected time is not the true time';
const CONTENT = 'content: it was stored with other content than it was captured with';
const NOBODY = 'nobody captured it';
const UNKNOWN = 'nobody knows where it was lost';
const LATE = { plays: 'late: its play was closed', sessions: 'late: its session was closed' };
const SCOPES = ['plays', 'sessions'] as const;
const EXAMPLES_MAX = 5;
const CELLS_MAX = 3;

/** Compares. */
export function compareThreeWays(ways: ThreeWays): Agreement {
  const { captured, stored, stream } = ways;
  const groups = namedEvents(ways);
  const truth = rowsOf(ways, captured.values());
  const told = rowsOf(ways, appliedTo(ways, new Map(groups.flatMap(({ events }) => [...events]))));
  const streamed: MetricRows = allOf(stream.figures);
  const late = SCOPES.map((scope) => ({ scope, ids: new Set(stream.late[scope]) }));
  const unexplained = [
    ...groups
      .filter(({ cause }) => cause === UNKNOWN || cause === NOBODY)
      .map(
        ({ cause, events }) => `${cause}: ${[...events.keys()].slice(0, EXAMPLES_MAX).join(', ')}`,
      ),
    ...differing(told, ways.batch).map((name) => `${name}: truth with the named events ≠ batch`),
    ...late.flatMap(({ scope, ids }) => {
      const inTime = [...stored.values()].filter(({ event }) => !ids.has(event.id));
      const rows = figuresOf(ways, inTime)[scope];
      return differing(rows, stream.figures[scope]).map(
        (name) => `${name}: batch without the late events ≠ stream`,
      );
    }),
    ...differing(usersOf(ways.batch), stream.figures.users).map(
      (name) => `${name}: batch ≠ stream, though nothing is too late for it`,
    ),
  ];
  const effects = effectsOf(ways, groups, truth);
  const lateIds = new Set(late.flatMap(({ ids }) => [...ids]));
  return {
    isExplained: unexplained.length === 0,
    skipped: null,
    events: { captured: captured.size, stored: stored.size, inTime: stored.size - lateIds.size },
    causes: [...groups.map(causeOf), ...late.flatMap((one) => lateCause(ways, one))].sort(
      (a, b) => b.events - a.events || (a.cause < b.cause ? -1 : 1),
    ),
    metrics: Object.keys(streamed)
      .sort()
      .map((name) =>
        metricOf(name, {
          cells: cellsOf(name, {
            truth: truth[name] ?? [],
            batch: ways.batch[name] ?? [],
            stream: streamed[name] ?? [],
          }),
          effects,
        }),
      ),
    unexplained,
  };
}

/** Events that one thing happened to: what is to be taken for each instead; null for nothing. */
interface NamedEvents {
  readonly cause: string;
  readonly kind: AgreementCause['kind'];
  readonly events: Map<string, { readonly event: EnrichedEvent; readonly by: number }>;
}

function namedEvents({ captured, stored, fateOf }: ThreeWays): readonly NamedEvents[] {
  const groups = new Map<string, NamedEvents>();
  const groupOf = (kind: NamedEvents['kind'], cause: string) => {
    const group = groups.get(cause) ?? { cause, kind, events: new Map() };
    groups.set(cause, group);
    return group.events;
  };
  for (const [id, truth] of captured) {
    const found = stored.get(id);
    if (found === undefined) {
      groupOf('missing', fateOf(id) ?? UNKNOWN).set(id, { event: truth, by: 0 });
      continue;
    }
    const by = Math.abs(found.event.eventTimeUs - truth.event.eventTimeUs);
    const isOther = contentOf(found) !== contentOf(truth);
    if (isOther) groupOf('changed', CONTENT).set(id, { event: found, by });
    else if (by > 0) groupOf('changed', CLOCK).set(id, { event: found, by });
  }
  for (const [id, event] of stored) {
    if (!captured.has(id)) groupOf('added', NOBODY).set(id, { event, by: 0 });
  }
  return [...groups.values()];
}

/** All that metrics read of an event but its time. */
function contentOf({ event, deviceKind, country }: EnrichedEvent): string {
  const { type, subject, sessionId, sequence, data } = event;
  const { playbackId, titleId, positionSeconds, bitrateKbps, errorCode, completed } = data;
  const { page, target, row, slot, policyId, propensity } = data;
  const media = [playbackId, titleId, positionSeconds, bitrateKbps, errorCode, completed];
  const place = [page, target, row, slot, policyId, propensity, deviceKind, country];
  return JSON.stringify([type, subject, sessionId, sequence, ...media, ...place]);
}

/** The truth with what happened to these events, in the order of capture. */
function* appliedTo(
  { captured, stored }: ThreeWays,
  named: ReadonlyMap<string, unknown>,
): Iterable<EnrichedEvent> {
  for (const [id, truth] of captured) {
    const found = named.has(id) ? stored.get(id) : truth;
    if (found !== undefined) yield found;
  }
}

function figuresOf({ titleOf }: ThreeWays, events: Iterable<EnrichedEvent>): ViewingFigures {
  const stream = createViewingStream({ titleOf });
  for (const event of events) stream.add(event);
  return stream.figures();
}

function allOf({ plays, sessions, users }: ViewingFigures): MetricRows {
  return { ...plays, ...sessions, ...users };
}

function rowsOf(ways: ThreeWays, events: Iterable<EnrichedEvent>): MetricRows {
  return allOf(figuresOf(ways, events));
}

function usersOf(rows: MetricRows): MetricRows {
  return Object.fromEntries(streamedMetrics().users.map((name) => [name, rows[name] ?? []]));
}

/** Which metrics each cause changes by itself. */
function effectsOf(
  ways: ThreeWays,
  groups: readonly NamedEvents[],
  truth: MetricRows,
): ReadonlyMap<string, readonly string[]> {
  const effects = new Map<string, string[]>();
  for (const { cause, kind, events } of groups) {
    if (kind === 'added') continue;
    for (const name of differing(truth, rowsOf(ways, appliedTo(ways, events)))) {
      effects.set(name, [...(effects.get(name) ?? []), cause]);
    }
  }
  return effects;
}

function causeOf({ cause, kind, events }: NamedEvents): AgreementCause {
  const sorted = [...events].sort(([a, x], [b, y]) => y.by - x.by || (a < b ? -1 : 1));
  return {
    cause,
    kind,
    events: events.size,
    byType: byType([...events.values()].map(({ event }) => event)),
    examples: sorted.slice(0, EXAMPLES_MAX).map(([id]) => id),
  };
}

function lateCause(
  { stored }: ThreeWays,
  { scope, ids }: { readonly scope: 'plays' | 'sessions'; readonly ids: ReadonlySet<string> },
): readonly AgreementCause[] {
  if (ids.size === 0) return [];
  const events = [...ids].flatMap((id) => stored.get(id) ?? []);
  const examples = [...ids].sort().slice(0, EXAMPLES_MAX);
  return [{ cause: LATE[scope], kind: 'late', events: ids.size, byType: byType(events), examples }];
}

function byType(events: readonly EnrichedEvent[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { event } of events) counts.set(event.type, (counts.get(event.type) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function metricOf(
  name: string,
  parts: {
    readonly cells: readonly ThreeCells[];
    readonly effects: ReadonlyMap<string, readonly string[]>;
  },
): AgreementMetric {
  const { cells, effects } = parts;
  const inBatch = cells.filter(({ truth, batch }) => !isSame(truth, batch));
  const inStream = cells.filter(({ batch, stream }) => !isSame(batch, stream));
  const { plays } = streamedMetrics();
  const scope = plays.includes(name) ? 'plays' : 'sessions';
  const hasKey = cells.some(({ row }) => row !== '');
  const shown = hasKey ? mostDiffering(cells) : cells;
  return {
    metric: name,
    unit: PORTABLE_METRICS[name as keyof typeof PORTABLE_METRICS].unit,
    figures: cells.length,
    batchDiffers: inBatch.length,
    streamDiffers: inStream.length,
    causes: [
      ...(inBatch.length === 0 ? [] : (effects.get(name) ?? [])),
      ...(inStream.length === 0 ? [] : [LATE[scope]]),
    ],
    examples: shown.map(({ row, column, truth = null, batch = null, stream = null }) => ({
      row,
      column,
      truth,
      batch,
      stream,
    })),
  };
}

function mostDiffering(cells: readonly ThreeCells[]): readonly ThreeCells[] {
  return cells
    .map((cell) => ({ cell, by: distanceOf(cell) }))
    .filter(({ by }) => by > 0)
    .sort((a, b) => b.by - a.by)
    .slice(0, CELLS_MAX)
    .map(({ cell }) => cell);
}

/** How far a figure's three values lie apart, of the largest; 1 where one is no number. */
function distanceOf({ truth, batch, stream }: ThreeCells): number {
  if (isSame(truth, batch) && isSame(batch, stream)) return 0;
  const values = [truth, batch, stream];
  if (!values.every((value) => typeof value === 'number')) return 1;
  const size = Math.max(...values.map(Math.abs));
  return size === 0 ? 0 : (Math.max(...values) - Math.min(...values)) / size;
}
