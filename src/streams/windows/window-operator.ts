/** The event-time window operator: rows and watermarks in, panes out, late rows aside. It keeps no
 * time of its own; what it answers depends on the order of its calls and on nothing else. */
import type { Checkpointable } from '../../domain/plain-value.ts';
import type { Aggregator } from '../aggregates/aggregate-spec.ts';
import type { PaneInfo, WindowSpec } from './window-spec.ts';

/** What a window tells of one key. */
export interface Pane<Result> {
  readonly key: string;
  readonly value: Result;
  readonly info: PaneInfo;
}

/** A row that came too late for all its windows. */
export interface LateRow<Row> {
  readonly row: Row;
  readonly timeUs: number;
  /** The watermark that had passed its windows, by Flink's convention. */
  readonly watermarkUs: number;
}

/** What happened to rows: received = aggregated + late + unassigned. */
export interface WindowCounts {
  readonly received: number;
  /** Rows that went to `onLate`. */
  readonly late: number;
  /** Windows that a row missed while others of its windows took it: pairs of row and window. */
  readonly partialLateDrops: number;
  /** Rows in the gaps that hopping windows with slide > size leave. */
  readonly unassigned: number;
  /** Rows, once for each of their windows, that no pane told before the window closed: those of
   * triggers that are over (`late: never` or a count not reached, with `closing: 'never'`). */
  readonly droppedClosed: number;
}

/** What an operator is made of. */
export interface WindowOperatorOptions<Row, Acc, Result> {
  readonly spec: WindowSpec;
  /** One text for each key. Keys are ordered by UTF-16 code units. */
  readonly keyOf: (row: Row) => string;
  /** A row's own session gap; needed where the specification's gap is an expression. */
  readonly gapUsOf?: (row: Row) => number;
  readonly aggregator: Aggregator<Row, Acc, Result>;
  /** Pane objects are fresh: the caller may keep them. */
  readonly onPane: (pane: Pane<Result>) => void;
  readonly onLate: (late: LateRow<Row>) => void;
}

/** Event-time windows over rows of one stream. Not re-entrant: `onPane` and `onLate` must not call
 * back into it. */
export interface WindowOperator<Row> extends Checkpointable {
  /** Takes a row in. May emit panes: early ones by count, late ones. */
  add(row: Row, timeUs: number): void;
  /** Takes rows in as one bundle: triggers that count look once, after the last row (Beam's
   * bundles), not at each row. @param addRows - calls `add`, and nothing else of the operator. */
  bundle(addRows: () => void): void;
  /** Moves event time on. A watermark that does not grow is ignored; +∞ ends the stream. */
  advanceTo(watermarkUs: number): void;
  /** Moves process time on, for process-time triggers. To be told once before the first row. */
  passProcessTime(nowUs: number): void;
  /** Pairs of key and window with state: 0 after the last watermark. */
  readonly openWindows: number;
  readonly counts: WindowCounts;
}
