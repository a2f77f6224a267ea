/** The document of `sweep`: what was varied, what every point came to, what matters how much. */
import type { ObjectiveVerdict } from '../objectives/objective.ts';
import type { Estimate, LedgerLine, Provenance } from '../result.ts';

/** Designs of experiments. */
export const SWEEP_DESIGNS = ['grid', 'lhs', 'sobol', 'factorial', 'plackett-burman'] as const;
/** One of {@link SWEEP_DESIGNS}. */
export type SweepDesign = (typeof SWEEP_DESIGNS)[number];

/** What a level is: a number in the scenario's own unit, a word, a switch. */
export type LevelValue = number | string | boolean;

/** One thing that is varied. */
export interface SweepFactor {
  /** Dotted path into the scenario; unique in the sweep. */
  readonly path: string;
  /** `set`: levels take the field's place. `scale`: levels are factors of what stands there. */
  readonly how: 'set' | 'scale';
  /** Numbers ascending, words as they were given; null where a range is filled with points. */
  readonly levels: readonly LevelValue[] | null;
  /** Ends of a range, or the first and the last level where levels are numbers. */
  readonly low: LevelValue;
  readonly high: LevelValue;
  /** Whether the scenario takes whole numbers only there, so that points in between are rounded. */
  readonly isWhole: boolean;
}

/** A metric in the sweep. */
export interface SweepMetric {
  readonly name: string;
  readonly unit: string;
  /** Which way is better; null where neither is (counts of calls). */
  readonly better: 'lower' | 'higher' | null;
}

/** One metric at one point. */
export interface PointMetric extends Estimate {
  /** By replication, in order; null where a replication had nothing to measure. */
  readonly values: readonly (number | null)[];
}

/** One point of the design, run on one subject. */
export interface SweepPoint {
  /** Unique in the document: `federated/007`. */
  readonly name: string;
  /** Position in the design, from 0. */
  readonly index: number;
  /** Level by path. Of `scale` factors the factor. */
  readonly settings: Readonly<Record<string, LevelValue>>;
  /** Level by path as a share (0–1) of the way from low to high; of words their position. */
  readonly coordinates: Readonly<Record<string, number>>;
  /** Replications that there are; less than asked for where the sweep was ended or sharded. */
  readonly replications: number;
  /** By name of the metric. */
  readonly metrics: Readonly<Record<string, PointMetric>>;
  /** Of every objective of the scenario. */
  readonly verdicts: readonly ObjectiveVerdict[];
  /** Of its replications' digests. */
  readonly digest: string;
}

/** What moving one factor (or two at once) does to a metric, the others averaged over. */
export interface SweepEffect {
  /** A path, or two joined by ` × `. */
  readonly name: string;
  readonly paths: readonly string[];
  /** Metric at the high end minus that at the low end, in the metric's unit. Of an interaction:
   * half of how much the second factor's high end changes the first one's effect. */
  readonly effect: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** The effect in standard deviations of the metric over the points; null without an effect. */
  readonly standardised: number | null;
  /** Whether the interval leaves out 0; null without one. */
  readonly isClear: boolean | null;
  /** Effects that this design cannot tell it from. */
  readonly aliases: readonly string[];
  /** Why there is no effect or no interval; null where there are. */
  readonly reason: string | null;
}

/** A bar of a tornado chart: the metric at both ends of a factor, the others averaged over. */
export interface TornadoBar extends Omit<SweepEffect, 'aliases' | 'reason'> {
  /** As levels are written. */
  readonly lowLevel: LevelValue;
  readonly highLevel: LevelValue;
  readonly atLow: Estimate;
  readonly atHigh: Estimate;
}

/** A factor's levels one by one, the other factors averaged over: grids and two-level designs. */
export interface LevelMeans {
  readonly path: string;
  readonly levels: readonly (Estimate & { readonly level: LevelValue })[];
}

/** What one metric hangs on, on one subject. */
export interface MetricEffects {
  readonly metric: string;
  readonly unit: string;
  /** `contrast`: differences of means per replication. `regression`: a plane through the points;
   * its intervals hold the noise and what is not plane. */
  readonly method: 'contrast' | 'regression';
  /** R² of the plane; null for contrasts. Below about 0.7 the bars mislead. */
  readonly explained: number | null;
  readonly mainEffects: readonly SweepEffect[];
  /** Empty where the design does not bear any. */
  readonly interactions: readonly SweepEffect[];
  /** Main effects with both ends, the longest first. */
  readonly tornado: readonly TornadoBar[];
  /** Empty for designs that fill ranges. */
  readonly levelMeans: readonly LevelMeans[];
  /** One sentence a fact that a reader must know: refusals, aliases, a plane that does not fit. */
  readonly notes: readonly string[];
}

/** The best point by the first metric. */
export interface BestPoint {
  readonly metric: string;
  /** A point's name. */
  readonly point: string;
  readonly value: number;
  /** Points that 95 % intervals of paired differences, together, do not tell from it. */
  readonly indistinguishable: readonly string[];
  /** Whether it was looked for among points that miss no objective; false where all do. */
  readonly meetsObjectives: boolean;
}

/** One architecture or variant. */
export interface SweepSubject {
  readonly name: string;
  readonly architecture: string;
  readonly points: readonly SweepPoint[];
  /** One a metric asked for. */
  readonly effects: readonly MetricEffects[];
  /** Null where no point has a value, or neither way is better. */
  readonly best: BestPoint | null;
}

/** A sweep. */
export interface SweepDocument extends Provenance {
  readonly schema: 'backlot.sweep/1';
  readonly design: {
    readonly kind: SweepDesign;
    /** Points of the design on each subject. */
    readonly points: number;
    /** Replications of each point that were asked for. */
    readonly replications: number;
    /** Of all intervals. */
    readonly confidence: number;
  };
  readonly factors: readonly SweepFactor[];
  readonly metrics: readonly SweepMetric[];
  readonly subjects: readonly SweepSubject[];
  /** Whether every replication of every point is there. */
  readonly isComplete: boolean;
  /** Why it is not; null where it is. */
  readonly stopped: 'budget' | 'interrupted' | 'shard' | null;
  /** Of all points, in their order. */
  readonly digest: string;
  readonly ledger: { readonly requests: LedgerLine; readonly events: LedgerLine };
}
