/** What a result document says of the closed loop. */
import type { AbReport } from '../../../analytics/online-experiments/ab/ab-report.ts';

/** One run's closed loop. */
export interface LoopResult {
  readonly experiment: string;
  /** Titles in a row. */
  readonly slots: number;
  readonly arms: readonly ArmResult[];
  /** What happened before the run; null where nothing did. */
  readonly history: { readonly plays: number; readonly impressions: number } | null;
  /** What policies learned on the way; null where none does. */
  readonly learning: LearningResult | null;
  readonly impressions: ImpressionAccount;
  readonly series: LoopSeries;
  /** The A/B test; null with a single arm. */
  readonly comparison: AbReport | null;
}

/** A figure of an arm with its 95 % interval over viewers; low and high are null below two. */
export interface ArmEstimate {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** One arm. */
export interface ArmResult {
  readonly name: string;
  /** Kind of the policy. */
  readonly policy: string;
  /** Share of viewers that it is meant to have, 0–1. */
  readonly share: number;
  readonly viewers: number;
  readonly visits: number;
  readonly rows: number;
  /** Rows of which something was taken. */
  readonly takes: number;
  /** Takes ÷ rows; null without a row. */
  readonly takeRate: ArmEstimate | null;
  /** Plays that were over, whatever they were taken from. */
  readonly plays: number;
  /** Share of them that ran to the end, 0–1; null without any. */
  readonly completionShare: number | null;
  readonly hoursWatched: number;
  readonly hoursPerViewer: ArmEstimate | null;
  /** At the end, 0–1. */
  readonly satisfaction: ArmEstimate | null;
  /** Viewers that came more than once, and viewers that left for good. */
  readonly returned: number;
  readonly churned: number;
  /** Means over rows, in closed form: expected share watched of what is taken, of the row that was
   * shown and of the best row for the same viewer at the same time; null without a row. */
  readonly value: number | null;
  readonly bestValue: number | null;
  /** Σ over rows of what the best would have been worth more. */
  readonly regret: number;
  /** Σ value ÷ Σ best value; null without a row. */
  readonly shareOfOracle: number | null;
  readonly bySlot: readonly SlotResult[];
}

/** One slot of an arm's rows. */
export interface SlotResult {
  readonly slot: number;
  /** Rows that had it. */
  readonly shown: number;
  /** Times that it was taken. */
  readonly taken: number;
  /** How often it was to be taken, in closed form. */
  readonly expected: number;
  /** The same out of the warehouse: impressions stored, and clicked. */
  readonly stored: number;
  readonly clicked: number;
}

/** Impressions from the screen to the warehouse: shown = stored + waiting + Σ lost + residual; a
 * residual other than 0 is a bug. */
export interface ImpressionAccount {
  readonly shown: number;
  readonly stored: number;
  /** On a device, or in the log, when the run ended. */
  readonly waiting: number;
  /** By reason. */
  readonly lost: Readonly<Record<string, number>>;
  readonly residual: number;
  /** Stored ones whose propensity is not the one with which they were chosen; other than 0 is a
   * bug. */
  readonly wrongPropensities: number;
}

/** What policies learned from the run's own warehouse. */
export interface LearningResult {
  readonly rounds: number;
  readonly rows: number;
  /** Rows that lacked a slot: nobody learned from them. */
  readonly incompleteRows: number;
}

/** Over time, arm by arm; null where there was nothing. */
export interface LoopSeries {
  /** End of each bucket, hours since the start. */
  readonly hours: readonly number[];
  readonly arms: readonly {
    readonly name: string;
    readonly takeRate: readonly (number | null)[];
    /** Mean over the arm's viewers that have come so far, 0–1. */
    readonly satisfaction: readonly (number | null)[];
    /** Regret since the start, per viewer of the arm. */
    readonly regretPerViewer: readonly (number | null)[];
  }[];
}
