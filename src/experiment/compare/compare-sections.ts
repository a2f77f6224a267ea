/** What a comparison says besides its estimates: when it stopped and why, every pair, the best, the
 * baseline, what is broken. Parts of the document `backlot.compare/1`. */
import type { Estimate } from '../../stats/mean-interval.ts';

/** One metric of one subject against the stopping rule. */
export interface StoppingLine {
  readonly subject: string;
  readonly metric: string;
  /** Behind it: what is as precise as was asked for gets no more. */
  readonly replications: number;
  readonly state: 'reached' | 'not reached' | 'cannot';
  /** Of this interval alone, after Bonferroni's correction. */
  readonly confidence: number;
  /** Half-width ÷ |value|; null where there is none. */
  readonly relativeHalfWidth: number | null;
  /** Further replications that would do if the spread stays as it is; null where unknown. */
  readonly moreReplications: number | null;
  /** Why it cannot be told; null where it can. */
  readonly reason: string | null;
}

/** How many replications there are, and why no more. */
export interface StoppingReport {
  /** `fixed`: a number was asked for. `precision`: until intervals are narrow enough. */
  readonly rule: 'fixed' | 'precision';
  /** Relative error γ that was asked for; null for a fixed number. */
  readonly precision: number | null;
  readonly minReplications: number;
  readonly maxReplications: number;
  readonly decision: 'fixed' | 'reached' | 'cap' | 'cannot' | 'stopped';
  /** What ended it from outside; null where nothing did. */
  readonly stopped: 'budget' | 'interrupted' | null;
  /** The replications that are in the document; a subject that was precise earlier has the first
   * of them, as many as its metrics have values. */
  readonly replications: readonly number[];
  /** Values that statistics are made of: replications, or pairs of antithetic ones. */
  readonly observations: number;
  readonly moreReplications: number | null;
  readonly lines: readonly StoppingLine[];
}

/** A difference `b − a` over replications. */
export interface ComparedPair {
  readonly a: string;
  readonly b: string;
  readonly metric: string;
  readonly unit: string;
  readonly difference: Estimate;
  /** Var of the unpaired difference ÷ var of the paired one; null where not defined. */
  readonly varianceReduction: number | null;
  /** `welch` where pairing does not help. */
  readonly method: 'paired' | 'welch';
  readonly methodText: string;
  readonly correlation: number | null;
  /** Bounds that hold together for all pairs and metrics at 95 % (Bonferroni). */
  readonly adjusted: { readonly low: number | null; readonly high: number | null };
  readonly adjustedConfidence: number;
  /** By Holm's test over the pairs of the metric. */
  readonly adjustedPValue: number | null;
  readonly verdict: 'different' | 'not shown to differ' | 'unknown';
  /** Whether both met the same chance. `lost`: they correlate too little for pairing to halve the
   * variance, if at all; `unknown`: too few replications to tell. */
  readonly pairing: 'paired' | 'lost' | 'unknown';
}

/** The best of all subjects, with the probability of its being selected rightly. */
export interface SelectionReport {
  readonly metric: string;
  readonly better: 'smaller' | 'larger';
  /** As a share of the best mean of the first replications, and in the metric's unit. */
  readonly indifferenceShare: number;
  readonly indifference: number;
  readonly confidence: number;
  readonly selected: string | null;
  readonly survivors: readonly string[];
  readonly eliminated: readonly { readonly subject: string; readonly observations: number }[];
  /** The guarantee in words. */
  readonly text: string;
}

/** One metric of one subject beside an earlier comparison. */
export interface BaselineLine {
  readonly subject: string;
  readonly metric: string;
  readonly unit: string;
  /** Now − then. */
  readonly difference: Estimate;
  readonly relative: number | null;
  readonly method: 'paired' | 'welch';
  readonly verdict: 'regression' | 'improvement' | 'no regression shown' | 'unknown';
}

/** The check against an earlier comparison. */
export interface BaselineReport {
  /** Digest and version of what it is compared with. */
  readonly digest: string;
  readonly backlot: string;
  /** Share of the earlier value that it may be worse by. */
  readonly tolerance: number;
  /** Of each line, so that all hold together at 95 % (Bonferroni). */
  readonly confidence: number;
  readonly lines: readonly BaselineLine[];
  /** Subjects and metrics of the baseline that are not in this comparison. */
  readonly unmatched: readonly string[];
}

/** Options that change what is drawn or estimated: all off unless asked for. */
export interface VarianceReductionReport {
  /** Whether replications 2k and 2k + 1 draw u and 1 − u, and a pair is one observation. */
  readonly isAntithetic: boolean;
  /** Controls with their known means, by subject where they differ. */
  readonly controls: readonly { readonly name: string; readonly mean: number }[];
  /** Variance of the plain mean of as many replications ÷ the achieved one. */
  readonly achieved: readonly {
    readonly subject: string;
    readonly metric: string;
    readonly method: string;
    readonly varianceRatio: number | null;
  }[];
}
