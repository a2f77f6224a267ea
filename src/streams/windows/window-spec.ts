/** Windows, triggers and panes as plain data. Semantics are Flink's where engines differ; Beam's
 * and Kafka's are options. Times are integers, µs in plans. */
import type { Expression } from '../plan/expression.ts';

/** How rows are put into windows. `[start, end)`; starts lie on the grid `offset + k · size`. */
export type WindowAssignment =
  | { readonly kind: 'tumbling'; readonly sizeUs: number; readonly offsetUs?: number }
  /** A row is in ⌈size / slide⌉ windows; slide > size leaves gaps. */
  | {
      readonly kind: 'hopping';
      readonly sizeUs: number;
      readonly slideUs: number;
      readonly offsetUs?: number;
    }
  /** A row opens `[time, time + gap)`; overlapping windows of one key merge. */
  | {
      readonly kind: 'session';
      /** Fixed, or an expression over the row: the furthest end wins. */
      readonly gapUs: number | Expression;
      /** Whether windows that only touch merge: Flink `merge` (default), Beam `split`. Kafka
       * merges, and its sessions end with their last row, inclusive. */
      readonly touch?: 'merge' | 'split' | 'kafka';
    }
  /** One window of each key, for ever: it needs a trigger, and fires at the end of the stream. */
  | { readonly kind: 'global' }
  /** Windows of one start that grow by `step` up to `maxSize`. */
  | {
      readonly kind: 'cumulate';
      readonly stepUs: number;
      readonly maxSizeUs: number;
      readonly offsetUs?: number;
    };

/** When panes are emitted besides the on-time one, which comes when the watermark reaches
 * `end − 1` (global: at the end of the stream). */
export interface TriggerSpec {
  readonly early?:
    | { readonly kind: 'count'; readonly count: number }
    /** At each multiple of `every` that the watermark passes (Flink's continuous trigger). */
    | { readonly kind: 'event-time'; readonly everyUs: number }
    /** So long after the first row since the last pane, in process time. */
    | { readonly kind: 'process-time'; readonly delayUs: number };
  /** Default `{ kind: 'each' }`: every late row that is admitted fires. `never`: what came late is
   * told by the last pane, at cleanup. */
  readonly late?:
    | { readonly kind: 'each' }
    | { readonly kind: 'count'; readonly count: number }
    | { readonly kind: 'never' };
  /** Whether the on-time pane fires: default true. Flink's bare count trigger has none. */
  readonly onTime?: boolean;
  /** Whether a last pane comes at cleanup: where rows came since the one before (default), in any
   * case, or never (Flink: what no trigger told is dropped, and counted here). */
  readonly closing?: 'fire-if-non-empty' | 'fire-always' | 'never';
}

/** What a pane holds: all so far; what came since the last pane; or all so far, after a pane that
 * takes the last one back. */
export type Accumulation = 'accumulating' | 'discarding' | 'retracting';

/** Everything that decides panes, apart from keys and aggregates. */
export interface WindowSpec {
  readonly assign: WindowAssignment;
  readonly trigger?: TriggerSpec;
  readonly accumulation?: Accumulation;
  /** Rows are admitted until the watermark reaches `end − 1 + allowedLateness`. Default 0. */
  readonly allowedLatenessUs?: number;
  /** When a window closes: by watermark (Flink, default), or by Kafka's rule, stream time ≥
   * end + grace (sessions: > last + grace), where stream time is the greatest time seen. */
  readonly closeRule?: 'watermark' | 'stream-time';
  /** What a watermark W promises: no more rows with time ≤ W (Flink, default) or < W (Beam). */
  readonly watermarkConvention?: 'flink' | 'beam';
}

/** Why a pane came. */
export type PaneTiming = 'EARLY' | 'ON_TIME' | 'LATE';

/** What a pane tells besides its values. */
export interface PaneInfo {
  readonly startUs: number;
  /** Exclusive; inclusive for Kafka's sessions; `MAX` for the global window. */
  readonly endUs: number;
  readonly timing: PaneTiming;
  /** Panes of this key and window before this one. */
  readonly paneIndex: number;
  /** Panes before this one that were not early; −1 for early ones. */
  readonly nonSpeculativeIndex: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** True where this pane takes an earlier one back (retracting, or a session merged away). */
  readonly isRetraction: boolean;
}
