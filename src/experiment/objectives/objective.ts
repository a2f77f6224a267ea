/** An objective as data: what parser and builder make, what is measured and judged. Plain JSON, so
 * that a scenario can be sent to a worker and hashed. Grammar: docs/OBJECTIVES.md. */

/** What is taken of a metric's values. `rate` is per second of virtual time. */
export type Aggregate =
  | { readonly kind: 'count' | 'sum' | 'mean' | 'min' | 'max' | 'rate' }
  | { readonly kind: 'quantile'; readonly q: number };

/** A condition on a label of a metric: `page="home"`, `service!="talent"`, `page=~"ho.*"`. */
export interface LabelMatch {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~';
  readonly value: string;
}

/** `p99(page.load{page="home"})`, with `arch="federated"` where it is of one subject. */
export interface Term {
  readonly kind: 'term';
  readonly aggregate: Aggregate;
  readonly metric: string;
  readonly labels: readonly LabelMatch[];
  /** Name of an architecture or variant: only in ratios between architectures. */
  readonly subject: string | null;
}

/** A term, or one over another. */
export type Expression =
  | Term
  | { readonly kind: 'ratio'; readonly over: Term; readonly under: Term };

/** `expression < limit`, the limit in the metric's base unit: µs, share (0–1), count, USD. */
export interface Condition {
  readonly expression: Expression;
  readonly comparison: '<' | '<=' | '>' | '>=' | '==';
  readonly limit: number;
  /** The unit as written, for printing: `ms`, `%`, … */
  readonly unit: string;
}

/** Which part of the run counts. */
export type Scope =
  | { readonly kind: 'phase'; readonly phase: string }
  | { readonly kind: 'between'; readonly fromUs: number; readonly toUs: number }
  /** Times of day where the scenario's clock starts, `HH:MM` or `HH:MM:SS`. */
  | { readonly kind: 'clock'; readonly from: string; readonly to: string }
  | { readonly kind: 'outside-fault'; readonly fault: string | null }
  | { readonly kind: 'after-fault'; readonly fault: string };

/** One objective. */
export interface Objective {
  /** Canonical text: parses to this object again. Names the objective in documents. */
  readonly text: string;
  readonly condition: Condition;
  /** `over 1m windows for 99%`: the condition holds in this share (0–1) of windows. */
  readonly windows: { readonly lengthUs: number; readonly share: number } | null;
  readonly scopes: readonly Scope[];
  /** `recover(condition) within 90s after fault("zone.loss")`. */
  readonly recovery: { readonly withinUs: number; readonly fault: string } | null;
  /** Whether missing it fails the run, or is only told. */
  readonly severity: 'fail' | 'warn';
  /** Of the verdict, one-sided: between 0.5 and 1. */
  readonly confidence: number;
  readonly minReplications: number;
  readonly minSamples: number;
  readonly onNoData: 'fail' | 'pass' | 'skip';
}

/** What one replication says of an objective; small and plain, for workers and journals. */
export interface ObjectiveMeasure {
  readonly objective: string;
  /** In the limit's base unit; the share of windows that hold for windowed objectives, the time
   * until it held again, µs, for recoveries; null without data. */
  readonly value: number | null;
  /** Of recoveries: it had not recovered when the run, or the next fault, came; `value` is how long
   * was waited at least. */
  readonly isCensored?: boolean;
  /** Values that it is made of. */
  readonly samples: number;
  /** What pooling over replications needs: a histogram's buckets for quantiles, sum and count for
   * means and ratios. Percentiles are pooled from histograms and never averaged. */
  readonly pooled: PooledParts;
  /** The window (or the whole scope) that was worst. */
  readonly worst: { readonly fromUs: number; readonly toUs: number; readonly value: number } | null;
  /** How long the condition did not hold, µs: the sum of the windows (or points of a chart) in
   * which it did not, taken of each alone. Absent where it has none, and in documents of before. */
  readonly missedUs?: number;
}

/** Parts that add up over replications. */
export type PooledParts =
  | {
      readonly kind: 'histogram';
      readonly values: readonly number[];
      readonly counts: readonly number[];
    }
  | { readonly kind: 'ratio'; readonly over: number; readonly under: number }
  | { readonly kind: 'extreme'; readonly value: number | null }
  /** One over another, each pooled on its own: a ratio of quantiles. */
  | { readonly kind: 'quotient'; readonly over: PooledParts; readonly under: PooledParts }
  | { readonly kind: 'none' };

/** The part of a result. */
export interface SloMinutes {
  /** Minutes in which a window of some objective is missed, of those of all windows that have a
   * value; absent where no objective has windows. */
  readonly sloMinutes?: { readonly missed: number; readonly of: number };
}

/** What was found of an objective, over all replications of one subject. */
export interface ObjectiveVerdict {
  readonly objective: string;
  /** Architecture or variant; for ratios between architectures `a / b`. */
  readonly subject: string;
  readonly severity: 'fail' | 'warn';
  readonly verdict: 'pass' | 'fail' | 'inconclusive' | 'skipped';
  /** In the limit's base unit, with its interval at the objective's confidence. */
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly limit: number;
  readonly unit: string;
  /** Room left as a share of the limit: positive where it is met. */
  readonly margin: number | null;
  readonly confidence: number;
  readonly replications: number;
  readonly samples: number;
  /** About how many more replications would decide it; null where decided, or no number would. */
  readonly moreReplications: number | null;
  readonly worst:
    | (NonNullable<ObjectiveMeasure['worst']> & { readonly replication: number })
    | null;
  /** In words: why it failed or could not be told; one sentence. */
  readonly reason: string;
  /** Runs the worst replication again. */
  readonly replayCommand: string;
}
