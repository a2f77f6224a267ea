/** The document of `advise`: what binds, what was tried, what it did, and the plan. Plain data:
 * terminal, report and other programs read the same. */
import type { ObjectiveVerdict } from '../objectives/objective.ts';
import type { Estimate, Provenance, RunSubject } from '../result.ts';

/** What a finding is about. */
export type FindingKind =
  | 'station-saturated'
  | 'station-slack'
  | 'database-saturated'
  | 'calls-turned-away'
  | 'retries-amplify'
  | 'calls-time-out'
  | 'calls-have-a-tail'
  | 'pages-fail'
  | 'cache-misses'
  | 'cache-absent'
  | 'autoscaler-lags'
  | 'autoscaler-at-its-end'
  | 'workers-saturated'
  | 'workers-slack'
  | 'partitions-skewed'
  | 'pipeline-delays'
  | 'events-late';

/** Something that the baseline's runs show. */
export interface AdviceFinding {
  /** Unique in the document, like `station-saturated:talent`. */
  readonly id: string;
  readonly kind: FindingKind;
  /** A station, an edge, or `pipeline`. */
  readonly subject: string;
  /** `binding` where it is the busiest when an objective is worst, `slack` where there is more than
   * enough; all else may contribute. */
  readonly role: 'binding' | 'contributing' | 'slack';
  /** Objectives that are not met and that it may be the reason of. */
  readonly objectives: readonly string[];
  /** One sentence. */
  readonly text: string;
  /** By name with the unit last; means over the replications. */
  readonly numbers: Readonly<Record<string, number>>;
}

/** One objective, and what binds it. */
export interface AdviceObjective {
  readonly objective: string;
  /** Of the baseline over all its replications. */
  readonly verdict: ObjectiveVerdict;
  /** The station that was the busiest while it was worst, and when; null where it has no such
   * stretch, or is of no station. */
  readonly binding: null | {
    readonly station: string;
    /** 0–1 in that stretch, the mean over replications. */
    readonly utilization: number;
    readonly meanWaitMs: number | null;
    readonly fromUs: number;
    readonly toUs: number;
  };
  /** Whether any action was shown to improve it; null where it needs nothing. */
  readonly isMovable: boolean | null;
}

/** A metric that effects are told by. */
export interface AdviceMetric {
  readonly name: string;
  readonly unit: string;
  readonly better: 'smaller' | 'larger';
  /** Smaller differences do not count, whatever their interval. In the unit. */
  readonly negligible: number;
  /** Whether it decides if an action is better; others are told beside it. */
  readonly decides: boolean;
}

/** What can be said of an effect. `no difference`: any that there may be is negligible. */
export type EffectVerdict = 'better' | 'worse' | 'no difference' | 'inconclusive';

/** The effect of a change on one metric: changed − baseline, on the same draws. */
export interface AdviceEffect {
  readonly metric: string;
  readonly before: number;
  readonly after: number;
  /** With its 95 % interval, alone. */
  readonly difference: Estimate;
  /** The interval that holds together with all others of its family. */
  readonly adjusted: { readonly low: number | null; readonly high: number | null };
  /** Holm's, over the family; null without an interval. */
  readonly adjustedPValue: number | null;
  readonly verdict: EffectVerdict;
}

/** A field of the scenario and what becomes of it. */
export interface FieldChange {
  readonly path: string;
  /** Null where the scenario leaves it out. */
  readonly from: unknown;
  readonly to: unknown;
}

/** What an action is for. */
export type ActionPurpose = 'help' | 'saving' | 'asked';

/** A change that could be made. */
export interface AdviceAction {
  /** Unique in the document, like `services.talent.replicas=3`. */
  readonly id: string;
  readonly purpose: ActionPurpose;
  /** Like `talent: 2 → 3 replicas`. */
  readonly title: string;
  readonly changes: readonly FieldChange[];
  /** The finding that it follows from; null where somebody asked for it. */
  readonly finding: string | null;
  /** One sentence that names the finding. */
  readonly reason: string;
}

/** How an action did in the first, short look. */
export interface ScreenedAction {
  readonly replications: number;
  /** Means of changed − baseline; null where there was nothing to measure. */
  readonly deficit: number | null;
  readonly missedMinutes: number | null;
  readonly usdPerHour: number | null;
  /** Whether it went on to be confirmed. */
  readonly isPursued: boolean;
  /** Why, or why not. */
  readonly reason: string;
}

/** Where an action belongs in the ranking. */
export type ActionRank = 'meets' | 'improves' | 'saves' | 'no help';

/** An action that was tried. */
export interface TriedAction extends AdviceAction {
  /** From 1; null where it does not help. */
  readonly rank: number | null;
  readonly group: ActionRank;
  readonly screen: ScreenedAction | null;
  /** On replications that the screening has not seen; empty where it was not pursued. */
  readonly effects: readonly AdviceEffect[];
  /** By the deciding metrics together; `mixed` where some get better and some worse. */
  readonly verdict: EffectVerdict | 'mixed';
  /** Objectives that the baseline misses or leaves open and this meets, with confidence; and those
   * that it loses. */
  readonly turned: readonly string[];
  readonly lost: readonly string[];
  /** Deficit taken away per USD an hour; null where it costs nothing more, or takes none away. */
  readonly deficitPerUsd: number | null;
  /** One sentence. */
  readonly conclusion: string;
}

/** A step of the plan. */
export interface PlanStep {
  readonly action: string;
  readonly title: string;
  /** Whether it was taken on top of the steps before. */
  readonly isTaken: boolean;
  /** Against the plan so far, on the replications of the search. */
  readonly deficit: Estimate | null;
  readonly missedMinutes: Estimate | null;
  readonly usdPerHour: Estimate | null;
  readonly reason: string;
}

/** Actions together, against the baseline on replications that no search has seen. */
export interface CombinedPlan {
  readonly actions: readonly string[];
  readonly changes: readonly FieldChange[];
  readonly steps: readonly PlanStep[];
  readonly effects: readonly AdviceEffect[];
  readonly before: readonly ObjectiveVerdict[];
  readonly after: readonly ObjectiveVerdict[];
  /** What the effects of its actions would add up to, and what they came to together: on the
   * replications of the search. Null for a single action. */
  readonly interaction: null | {
    readonly metric: string;
    readonly sumOfSingles: number;
    readonly together: number;
  };
  readonly replications: number;
  /** `met` where every objective passes. */
  readonly verdict: 'met' | 'improved' | 'saving' | 'not confirmed';
  readonly reason: string;
}

/** The answer in a word. */
export type AdviceVerdict =
  | 'needs nothing'
  | 'met'
  | 'improved'
  | 'nothing helps'
  | 'inconclusive'
  | 'budget'
  | 'interrupted';

/** `backlot advise`. */
export interface AdviceDocument extends Provenance {
  readonly schema: 'backlot.advice/1';
  readonly digest: string;
  readonly subject: RunSubject;
  readonly verdict: AdviceVerdict;
  /** One sentence. */
  readonly reason: string;
  /** Replications of each phase: which numbers they have. */
  readonly replications: {
    readonly screen: { readonly from: number; readonly count: number };
    readonly confirm: { readonly from: number; readonly count: number };
    readonly plan: { readonly from: number; readonly count: number };
  };
  /** Of each family of intervals together, 0–1. */
  readonly confidence: number;
  /** Whether the scenario has no price book and the default one was used. */
  readonly hasDefaultPrices: boolean;
  /** Empty where runs ended before the baseline was known. */
  readonly objectives: readonly AdviceObjective[];
  readonly objectivesLeftOut: readonly { readonly objective: string; readonly reason: string }[];
  readonly findings: readonly AdviceFinding[];
  readonly metrics: readonly AdviceMetric[];
  /** Ranked ones first. */
  readonly actions: readonly TriedAction[];
  /** Null where no action helps, or runs ended before. */
  readonly plan: CombinedPlan | null;
  readonly runs: { readonly made: number; readonly found: number; readonly max: number | null };
  /** How it was found, in words. */
  readonly method: string;
}
