/** A pipeline as plain data: what RxJS runs, batch SQL checks and Flink SQL exports. A plan is a
 * chain of steps from one source to one sink; joins bring in a second source or a table. */
import type { AggregateSpec } from '../aggregates/aggregate-spec.ts';
import type { WindowSpec } from '../windows/window-spec.ts';
import type { ColumnType, Expression } from './expression.ts';

/** Version of the document; a change of meaning raises it. */
export const PIPELINE_SCHEMA = 'backlot.pipeline/1';

/** A column of a source. Names are letters, digits and `_`, as every target can write them. */
export interface ColumnSpec {
  readonly type: ColumnType;
  /** Where the value is in a record, like `event.data.titleId`; default: the column's name. */
  readonly path?: string;
}

/** How a partition's watermark follows from its rows. */
export type WatermarkSpec =
  /** Greatest time − bound − 1. */
  | { readonly kind: 'bounded'; readonly boundUs: number }
  /** Times never go back: greatest time − 1. */
  | { readonly kind: 'ascending' }
  /** A row where the column is not NULL carries the watermark there. */
  | { readonly kind: 'punctuated'; readonly column: string };

/** Where rows come from. */
export interface SourceSpec {
  readonly name: string;
  readonly columns: Readonly<Record<string, ColumnSpec>>;
  /** Column with the event time. */
  readonly time: string;
  readonly watermark: WatermarkSpec;
  /** A partition silent for this long in process time no longer holds the watermark back. */
  readonly idleTimeoutUs?: number;
}

/** A versioned table that lookups read. Its rows are changes: the key, `valid_from` (µs), and the
 * columns from then on; a change without columns ends the key's row. */
export interface TableSpec {
  /** Type of the key. */
  readonly key: ColumnType;
  readonly columns: Readonly<Record<string, ColumnType>>;
}

/** Direction of one key of an order. */
export interface OrderKey {
  readonly column: string;
  readonly direction: 'asc' | 'desc';
}

/** One step of the chain. */
export type PlanStep =
  | { readonly kind: 'filter'; readonly where: Expression }
  /** The row that follows has these columns only. Event time stays. */
  | { readonly kind: 'map'; readonly columns: Readonly<Record<string, Expression>> }
  /** The first row of a key passes; others within `ttl` of event time after it are dropped. */
  | { readonly kind: 'dedupe'; readonly by: readonly Expression[]; readonly ttlUs: number }
  /** Rows where the condition is true leave for a side output. */
  | { readonly kind: 'divert'; readonly where: Expression; readonly output: string }
  /** Adds columns of the version of a table's row that was valid at the row's event time. */
  | {
      readonly kind: 'lookup-join';
      readonly table: string;
      readonly on: Expression;
      /** New column → column of the table. */
      readonly take: Readonly<Record<string, string>>;
      readonly missing: 'null' | 'drop';
    }
  /** Pairs with the other source's rows of the same key whose time is within
   * `[time + lower, time + upper]`; the pair's event time is the later one. */
  | {
      readonly kind: 'interval-join';
      readonly right: SourceSpec;
      readonly leftKey: Expression;
      readonly rightKey: Expression;
      readonly lowerUs: number;
      readonly upperUs: number;
      /** New column → column of the right row. */
      readonly take: Readonly<Record<string, string>>;
    }
  /** Rows that follow: keys, aggregates, `window_start`, `window_end` (µs), and where panes can
   * repeat `pane_timing`, `pane_index`, `is_retraction`. Event time: `window_end − 1`. */
  | {
      readonly kind: 'window';
      readonly window: WindowSpec;
      readonly keys: Readonly<Record<string, Expression>>;
      readonly aggregates: Readonly<Record<string, AggregateSpec>>;
      /** Where rows go that are too late for all their windows; they are counted in any case. */
      readonly lateOutput?: string;
      /** Keeps the first `limit` rows of each window by a total order: ties beyond `by` are broken
       * by the keys, ascending. Adds `rank` from 1. */
      readonly top?: { readonly limit: number; readonly by: readonly OrderKey[] };
    };

/** Where results go. `upsert`: a row replaces the earlier one of its key. */
export interface SinkSpec {
  readonly name: string;
  readonly mode: 'append' | 'upsert';
  /** Columns that make a row's identity. */
  readonly key: readonly string[];
}

/** The whole plan. */
export interface PipelinePlan {
  readonly schema: typeof PIPELINE_SCHEMA;
  readonly name: string;
  readonly source: SourceSpec;
  /** Tables that lookups name. */
  readonly tables?: Readonly<Record<string, TableSpec>>;
  readonly steps: readonly PlanStep[];
  readonly sink: SinkSpec;
}
